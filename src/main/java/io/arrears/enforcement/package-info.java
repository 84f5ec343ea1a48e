/** What products must do and what they have done: told as it changes, and again until it is so. */
package io.arrears.enforcement;
