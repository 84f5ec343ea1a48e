/**
 * What customers must be told: an outbox, written in the transaction that causes it, and the
 * channels by which it goes out.
 */
package io.arrears.notification;
