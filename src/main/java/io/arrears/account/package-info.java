/** Accounts, their ledger, and what is unpaid of their bills. */
package io.arrears.account;
