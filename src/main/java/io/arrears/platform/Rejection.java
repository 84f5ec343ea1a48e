package io.arrears.platform;

import java.util.List;
import java.util.Map;

/**
 * A request that is refused, and why: what the caller did or what the state forbids, never a fault
 * of ours. Nothing was changed.
 */
public final class Rejection extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Whose fault it is; the names are those of gRPC's status codes. */
  public enum Kind {
    INVALID_ARGUMENT,
    NOT_FOUND,
    ALREADY_EXISTS,
    FAILED_PRECONDITION,
    RESOURCE_EXHAUSTED
  }

  /**
   * A field of the request that breaks a rule.
   *
   * @param field its path, for example {@code items[3].cost}
   * @param rule what it must be
   */
  public record Violation(String field, String rule) implements java.io.Serializable {}

  private final Kind kind;
  private final String reason;
  private final List<Violation> violations;
  private final Map<String, String> metadata;

  private Rejection(
      Kind kind,
      String reason,
      String message,
      List<Violation> violations,
      Map<String, String> metadata) {
    super(message, null, false, false);
    this.kind = kind;
    this.reason = reason;
    this.violations = List.copyOf(violations);
    this.metadata = Map.copyOf(metadata);
  }

  /** Every violation at once. */
  public static Rejection invalid(List<Violation> violations) {
    String message =
        String.join(
            "; ", violations.stream().map(v -> v.field() + " " + v.rule()).limit(10).toList());
    return new Rejection(Kind.INVALID_ARGUMENT, "INVALID_REQUEST", message, violations, Map.of());
  }

  /** One field breaks a rule. */
  public static Rejection invalid(String field, String rule) {
    return invalid(List.of(new Violation(field, rule)));
  }

  /**
   * @param reason stable, UPPER_SNAKE_CASE
   */
  public static Rejection of(Kind kind, String reason, String message) {
    return new Rejection(kind, reason, message, List.of(), Map.of());
  }

  public static Rejection accountNotFound(String accountId) {
    return new Rejection(
        Kind.NOT_FOUND,
        "ACCOUNT_NOT_FOUND",
        "there is no account " + accountId,
        List.of(),
        Map.of("account_id", accountId));
  }

  /** More is asked at the same time than can be answered. */
  public static Rejection overloaded() {
    return of(
        Kind.RESOURCE_EXHAUSTED,
        "OVERLOADED",
        "more is asked than can be answered; ask again later");
  }

  public Kind kind() {
    return kind;
  }

  public String reason() {
    return reason;
  }

  public List<Violation> violations() {
    return violations;
  }

  public Map<String, String> metadata() {
    return metadata;
  }
}
