/** The rules of each product, as documents. */
package io.arrears.policy;
