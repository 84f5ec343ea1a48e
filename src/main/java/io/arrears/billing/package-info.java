/** Priced usage in, bills out: ingestion only appends, and a bill run closes a period and sums. */
package io.arrears.billing;
