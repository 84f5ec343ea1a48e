/** The tasks that drive bills and transitions: by the scheduler, on demand, or by the clock. */
package io.arrears.job;
