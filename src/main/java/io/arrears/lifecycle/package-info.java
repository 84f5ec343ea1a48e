/**
 * The one way a state changes: the account is locked and read, the heart decides, and all that
 * follows is written in one transaction; for one account at a time or for thousands.
 */
package io.arrears.lifecycle;
