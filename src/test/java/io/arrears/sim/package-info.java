/**
 * Long times: the heart told all that can happen and many a long story ({@link io.arrears.sim.Laws}
 * says what must hold), and the packaged service in processes of its own, through restarts, crashes
 * and replicas.
 */
package io.arrears.sim;
