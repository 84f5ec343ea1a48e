/** Where accounts stand, why, and what is next. */
package io.arrears.status;
