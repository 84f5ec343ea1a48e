package io.arrears.notification;

import io.arrears.core.Notice.Rung;
import io.arrears.core.ServiceState;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Currency;

/**
 * A notification that is to be sent by one channel now. What it tells was settled when it was
 * written; where it goes, and in which language, is as of now.
 *
 * @param notificationId the same in every channel and at every repetition
 * @param zone that the customer reads instants in; null for the server's own
 * @param nextState what comes next; null if nothing does
 * @param nextAt when, at the earliest
 * @param receiver what is slow or broken together: the origin of a webhook, or the mail server
 * @param address of the mail, or the URL of the webhook; empty if the account has none any more
 * @param locale BCP 47; empty for the server's own
 * @param attempt counts from 1
 * @param firstAttemptAt of all that were made
 */
record Delivery(
    Key key,
    String notificationId,
    Instant at,
    BigDecimal amountDue,
    Currency currency,
    ZoneId zone,
    ServiceState nextState,
    Instant nextAt,
    String receiver,
    String address,
    String locale,
    int attempt,
    Instant firstAttemptAt) {

  /** One row of the outbox. */
  record Key(
      String accountId, long episode, Rung rung, String product, String detail, Channel channel) {}
}
