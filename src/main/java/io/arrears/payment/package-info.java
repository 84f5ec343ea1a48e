/** Money in, and corrections. */
package io.arrears.payment;
