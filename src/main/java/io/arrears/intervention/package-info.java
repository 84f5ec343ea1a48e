/** What people decide about accounts: terms, receipts, and later restrictions, holds, farewells. */
package io.arrears.intervention;
