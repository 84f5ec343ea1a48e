/** The packaged service, in processes of its own: restarts, crashes, replicas, long times. */
package io.arrears.sim;
