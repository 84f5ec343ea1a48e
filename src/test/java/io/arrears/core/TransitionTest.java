package io.arrears.core;

import static io.arrears.core.Accounts.MORNING;
import static io.arrears.core.Accounts.account;
import static io.arrears.core.Accounts.charge;
import static io.arrears.core.Policies.SIXTY_DAYS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The hash chain: what somebody changes in the database by hand is found. */
class TransitionTest {

  /** Overdue, grace, suspended, repossessed, being cleared: five links. */
  private static List<Transition> chain() {
    Account account = account("0", "0");
    account.post(charge("-1.00", MORNING), List.of(), MORNING);
    account.settle(MORNING.plus(SIXTY_DAYS), "job:due-transitions");
    return account.transitions();
  }

  /** How many of them are as they were written. */
  private static int intact(List<Transition> chain) {
    long sequence = 0;
    byte[] hash = new byte[0];
    int intact = 0;
    for (Transition transition : chain) {
      if (!transition.follows(sequence, hash)) {
        return intact;
      }
      sequence = transition.sequence();
      hash = transition.hash();
      intact++;
    }
    return intact;
  }

  @Test
  void everyTransitionFollowsTheOneBeforeIt() {
    assertEquals(5, intact(chain()));
  }

  @Test
  void theAccountKnowsTheLastLinkAndGoesOnFromIt() {
    Account account = account("0", "0");
    account.post(charge("-1.00", MORNING), List.of(), MORNING);
    Account next = Accounts.reread(account);
    next.settle(MORNING.plus(SIXTY_DAYS), "job:due-transitions");
    List<Transition> chain = new ArrayList<>(account.transitions());
    chain.addAll(next.transitions());

    assertEquals(5, intact(chain));
    assertTrue(Arrays.equals(chain.get(4).hash(), next.state().chainHash()));
    assertEquals(5, next.state().transitionSequence());
  }

  @Test
  void aLinkThatIsMissingIsFound() {
    List<Transition> chain = new ArrayList<>(chain());
    chain.remove(1);

    assertEquals(1, intact(chain));
  }

  @Test
  void aLinkThatWasSlippedInIsFound() {
    List<Transition> chain = new ArrayList<>(chain());
    chain.add(2, chain.get(1));

    assertEquals(2, intact(chain));
  }

  @Test
  void aLinkRewrittenWithAHashThatFitsItIsFoundInTheNext() throws ReflectiveOperationException {
    List<Transition> chain = new ArrayList<>(chain());
    chain.set(1, changed(chain.get(1), "actor").sealed());

    assertEquals(2, intact(chain));
  }

  static List<String> fields() {
    return Arrays.stream(Transition.class.getRecordComponents())
        .map(RecordComponent::getName)
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("fields")
  void aChangeOfAnyFieldIsFound(String field) throws ReflectiveOperationException {
    Transition second = chain().get(1);
    byte[] first = chain().get(0).hash();
    assertTrue(second.follows(1, first));

    Transition changed = changed(second, field);

    assertFalse(changed.follows(1, first));
  }

  /** A copy with another value in one field. */
  private static Transition changed(Transition transition, String field)
      throws ReflectiveOperationException {
    RecordComponent[] components = Transition.class.getRecordComponents();
    Object[] values = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] = components[i].getAccessor().invoke(transition);
      if (components[i].getName().equals(field)) {
        values[i] = other(values[i]);
      }
    }
    return Transition.class.getDeclaredConstructor(types).newInstance(values);
  }

  private static Object other(Object value) {
    if (value instanceof String text) {
      return text + "x";
    } else if (value instanceof Long number) {
      return number + 1;
    } else if (value instanceof Instant instant) {
      return instant.plusNanos(1000);
    } else if (value instanceof ServiceState state) {
      return state == ServiceState.BANNED ? ServiceState.ACTIVE : ServiceState.BANNED;
    } else if (value instanceof byte[] bytes) {
      byte[] copy = bytes.clone();
      copy[0] ^= 1;
      return copy;
    }
    throw new IllegalArgumentException("no other value for " + value);
  }

  /** Chains that are written today are verified for years: what the hash covers never changes. */
  @Test
  void theHashOfATransitionIsTheSameForEver() {
    Transition transition =
        new Transition(
                "acme",
                7,
                "css",
                ServiceState.GRACE,
                ServiceState.SUSPENDED,
                MORNING,
                MORNING.plusNanos(1000),
                "grace-expired",
                3,
                "job:due-transitions",
                "The grace period is over.",
                new byte[] {1, 2, 3},
                new byte[0])
            .sealed();

    assertEquals(
        "3ae2480b45505e4b458e4cba34b71554b0c00127de62bea5a664d736b9d6ed00",
        HexFormat.of().formatHex(transition.hash()));
  }

  @Test
  void textThatMovesFromOneFieldToTheNextIsFound() {
    Transition one = between("css", "grace-expired");
    Transition other = between("cssg", "race-expired");

    assertFalse(Arrays.equals(one.sealed().hash(), other.sealed().hash()));
  }

  private static Transition between(String actor, String explanation) {
    return new Transition(
        "acme",
        1,
        "css",
        ServiceState.GRACE,
        ServiceState.SUSPENDED,
        MORNING,
        MORNING,
        "grace-expired",
        1,
        actor,
        explanation,
        new byte[0],
        new byte[0]);
  }
}
