package io.arrears.intervention;

import io.arrears.core.Account;
import io.arrears.core.Service;
import io.arrears.core.ServiceState;
import io.arrears.intervention.DeactivationCertificate.ErasedCategory;
import io.arrears.intervention.DeactivationCertificate.ErasedService;
import io.arrears.lifecycle.LifecycleService;
import io.arrears.lifecycle.LifecycleService.Locked;
import io.arrears.platform.ArrearsClock;
import io.arrears.platform.Rejection;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/**
 * Lets a customer leave, by ticket: requested by one person, approved by another; then what is
 * unbilled is billed and settled, then the data is erased, then there is a certificate (S11).
 */
@ApplicationScoped
public class DeactivationService {

  private final LifecycleService lifecycle;
  private final DeactivationRepository tickets;
  private final CertificateSigner signer;
  private final ArrearsClock clock;

  DeactivationService(
      LifecycleService lifecycle,
      DeactivationRepository tickets,
      CertificateSigner signer,
      ArrearsClock clock) {
    this.lifecycle = lifecycle;
    this.tickets = tickets;
    this.signer = signer;
    this.clock = clock;
  }

  /**
   * What is asked for.
   *
   * @param product empty for every product
   * @param ticketId the help desk's; also the idempotency key
   */
  public record Request(
      String accountId, String product, String ticketId, String reason, String actor) {}

  /**
   * Asks once; the same ticket and content again returns it as it stands.
   *
   * @throws Rejection ALREADY_EXISTS for the same ticket with other content; FAILED_PRECONDITION if
   *     there is nothing that may leave
   */
  public Uni<DeactivationEntity> request(Request request) {
    return lifecycle.change(
        request.accountId(),
        locked ->
            tickets
                .findById(request.ticketId())
                .chain(
                    before ->
                        before == null
                            ? open(locked, request)
                            : Uni.createFrom().item(again(before, request))));
  }

  private static DeactivationEntity again(DeactivationEntity before, Request request) {
    if (!before.accountId.equals(request.accountId())
        || !before.product.equals(request.product())
        || !before.reason.equals(request.reason())) {
      throw Rejection.of(
          Rejection.Kind.ALREADY_EXISTS,
          "ID_REUSED",
          "ticket_id " + request.ticketId() + " was used before with other content");
    }
    return before;
  }

  private Uni<DeactivationEntity> open(Locked locked, Request request) {
    if (!request.product().isEmpty()) {
      locked.service(request.product());
    }
    List<Service> leaving = concerned(locked.account(), request.product(), Instant.MAX);
    if (!leaving.isEmpty() && leaving.stream().allMatch(s -> s.state() == ServiceState.BANNED)) {
      throw Rejection.of(
          Rejection.Kind.FAILED_PRECONDITION,
          "BANNED",
          "a banned service does not leave: what becomes of its data is up to its policy");
    }
    DeactivationEntity ticket = new DeactivationEntity();
    ticket.ticketId = request.ticketId();
    ticket.accountId = request.accountId();
    ticket.product = request.product();
    ticket.state = DeactivationEntity.State.REQUESTED;
    ticket.reason = request.reason();
    ticket.requestedBy = request.actor();
    ticket.requestTime = clock.instant();
    return tickets
        .persistAndFlush(ticket)
        .onFailure(DeactivationRepository::taken)
        .transform(
            taken ->
                Rejection.of(
                    Rejection.Kind.ALREADY_EXISTS,
                    "ID_REUSED",
                    "ticket_id " + request.ticketId() + " was used before with other content"));
  }

  private static List<Service> concerned(Account account, String product, Instant openedUntil) {
    return account.services().values().stream()
        .filter(s -> product.isEmpty() || s.product().equals(product))
        .filter(s -> !s.openedAt().isAfter(openedUntil))
        .toList();
  }

  /**
   * @throws Rejection NOT_FOUND
   */
  public Uni<DeactivationEntity> get(String ticketId) {
    return tickets.get(ticketId).onItem().ifNull().failWith(() -> notFound(ticketId));
  }

  /**
   * A second person agrees; from here on the service is being cleared.
   *
   * @throws Rejection FAILED_PRECONDITION for the person who asked, and for a ticket that is not
   *     open any more
   */
  public Uni<DeactivationEntity> approve(String ticketId, String actor) {
    return change(
        ticketId,
        locked ->
            ticket -> {
              refuseUnlessRequested(ticket);
              if (ticket.requestedBy.equals(actor)) {
                throw Rejection.of(
                    Rejection.Kind.FAILED_PRECONDITION,
                    "SAME_PERSON",
                    actor + " asked for it; somebody else has to approve");
              }
              ticket.state = DeactivationEntity.State.APPROVED;
              ticket.approvedBy = actor;
              ticket.approveTime = clock.instant();
              locked.account().deactivate(ticket.deactivation(), ticket.approveTime, actor);
            });
  }

  /**
   * The customer stays after all.
   *
   * @throws Rejection FAILED_PRECONDITION once it is approved
   */
  public Uni<DeactivationEntity> cancel(String ticketId, String reason, String actor) {
    return change(
        ticketId,
        locked ->
            ticket -> {
              refuseUnlessRequested(ticket);
              ticket.state = DeactivationEntity.State.CANCELLED;
              ticket.cancelledBy = actor;
              ticket.cancelReason = reason;
              ticket.cancelTime = clock.instant();
            });
  }

  private static void refuseUnlessRequested(DeactivationEntity ticket) {
    if (ticket.state != DeactivationEntity.State.REQUESTED) {
      String by = ticket.cancelledBy == null ? ticket.approvedBy : ticket.cancelledBy;
      throw Rejection.of(
          Rejection.Kind.FAILED_PRECONDITION,
          "TICKET_" + ticket.state,
          "ticket %s is %s already, by %s".formatted(ticket.ticketId, ticket.state, by));
    }
  }

  private Uni<DeactivationEntity> change(
      String ticketId, Function<Locked, java.util.function.Consumer<DeactivationEntity>> work) {
    return get(ticketId)
        .chain(
            seen ->
                lifecycle.change(
                    seen.accountId,
                    locked -> tickets.findById(ticketId).invoke(work.apply(locked))));
  }

  private static Rejection notFound(String ticketId) {
    return Rejection.of(
        Rejection.Kind.NOT_FOUND, "TICKET_NOT_FOUND", "there is no ticket " + ticketId);
  }

  /** Completes what is erased to the end, in the transaction of whoever holds the account. */
  public Uni<Void> complete(Locked locked) {
    Account account = locked.account();
    return tickets
        .approved(account.accountId())
        .invoke(
            approved ->
                approved.stream()
                    .filter(ticket -> erased(account, ticket))
                    .forEach(ticket -> certify(account, ticket)))
        .replaceWithVoid();
  }

  /** Completes the tickets of an account that nobody else touches now. */
  public Uni<Void> complete(String accountId) {
    return lifecycle.change(accountId, this::complete);
  }

  private static boolean erased(Account account, DeactivationEntity ticket) {
    return concerned(account, ticket.product, ticket.approveTime).stream()
        .allMatch(s -> s.state() == ServiceState.CLEARED || s.state() == ServiceState.BANNED);
  }

  private void certify(Account account, DeactivationEntity ticket) {
    ticket.state = DeactivationEntity.State.COMPLETED;
    ticket.completeTime = clock.instant();
    List<ErasedService> erased =
        concerned(account, ticket.product, ticket.approveTime).stream()
            .filter(service -> service.state() == ServiceState.CLEARED)
            .map(DeactivationService::erased)
            .toList();
    ticket.certificate =
        signer.sign(
            new DeactivationCertificate(
                ticket.ticketId,
                ticket.accountId,
                ticket.product,
                ticket.requestedBy,
                ticket.approvedBy,
                ticket.requestTime,
                ticket.approveTime,
                ticket.completeTime,
                erased));
  }

  private static ErasedService erased(Service service) {
    return new ErasedService(
        service.product(),
        service.generation(),
        service.erased().entrySet().stream()
            .map(
                each ->
                    new ErasedCategory(
                        each.getKey(), each.getValue().at(), each.getValue().generation()))
            .toList());
  }
}
