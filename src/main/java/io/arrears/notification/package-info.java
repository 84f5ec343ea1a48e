/** What customers must be told: an outbox, written in the transaction that causes it. */
package io.arrears.notification;
