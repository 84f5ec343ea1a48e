package io.arrears.account;

import io.arrears.platform.ArrearsClock;
import io.arrears.platform.Digest;
import io.arrears.platform.Rejection;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.PersistenceException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Creates and finds accounts. */
@ApplicationScoped
public class AccountService {

  private final AccountRepository accounts;
  private final ArrearsClock clock;

  AccountService(AccountRepository accounts, ArrearsClock clock) {
    this.accounts = accounts;
    this.clock = clock;
  }

  /**
   * What is agreed with an account.
   *
   * @param creditLimit how far below zero the balance may go, zero or above
   * @param frozen held back, zero or above
   */
  public record Terms(
      String accountId,
      String currencyCode,
      BigDecimal creditLimit,
      BigDecimal frozen,
      String tier,
      String locale,
      String region,
      String timeZone,
      String email,
      String webhookUrl) {

    private byte[] digest() {
      // Without a zone it is what it was before there were any.
      return Digest.of(parts());
    }

    private Object[] parts() {
      List<Object> parts = new ArrayList<>();
      Collections.addAll(
          parts,
          currencyCode,
          creditLimit.stripTrailingZeros(),
          frozen.stripTrailingZeros(),
          tier,
          locale,
          region,
          email,
          webhookUrl);
      if (!timeZone.isEmpty()) {
        parts.add(timeZone);
      }
      return parts.toArray();
    }
  }

  /**
   * Creates an account; the same again returns it.
   *
   * @throws Rejection ALREADY_EXISTS if it was created with other terms
   */
  public Uni<AccountEntity> create(Terms terms) {
    return Panache.withTransaction(
            () ->
                accounts
                    .findById(terms.accountId())
                    .onItem()
                    .ifNull()
                    .switchTo(() -> accounts.persistAndFlush(entity(terms, clock.instant()))))
        .onFailure(PersistenceException.class)
        .recoverWithUni(failure -> createdMeanwhile(terms, failure))
        .invoke(entity -> refuseOther(terms, entity));
  }

  private Uni<AccountEntity> createdMeanwhile(Terms terms, Throwable failure) {
    return Panache.withSession(() -> accounts.findById(terms.accountId()))
        .onItem()
        .ifNull()
        .failWith(failure);
  }

  private static void refuseOther(Terms terms, AccountEntity entity) {
    if (!Arrays.equals(entity.createDigest, terms.digest())) {
      throw Rejection.of(
          Rejection.Kind.ALREADY_EXISTS,
          "ID_REUSED",
          "account " + terms.accountId() + " was created before with other content");
    }
  }

  /**
   * @throws Rejection NOT_FOUND
   */
  public Uni<AccountEntity> get(String accountId) {
    return Panache.withSession(() -> accounts.findById(accountId))
        .onItem()
        .ifNull()
        .failWith(() -> Rejection.accountNotFound(accountId));
  }

  private static AccountEntity entity(Terms terms, Instant now) {
    AccountEntity entity = new AccountEntity();
    entity.accountId = terms.accountId();
    entity.createDigest = terms.digest();
    entity.currency = terms.currencyCode();
    entity.creditLimit = terms.creditLimit();
    entity.frozen = terms.frozen();
    entity.tier = terms.tier();
    entity.locale = terms.locale();
    entity.region = terms.region();
    entity.timeZone = terms.timeZone();
    entity.email = terms.email();
    entity.webhookUrl = terms.webhookUrl();
    entity.createTime = now;
    entity.updateTime = now;
    return entity;
  }
}
