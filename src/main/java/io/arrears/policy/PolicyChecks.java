package io.arrears.policy;

import static io.arrears.policy.Spans.alwaysLonger;

import io.arrears.core.Feature;
import io.arrears.core.Grace;
import io.arrears.core.Grace.Anchor;
import io.arrears.core.Notice;
import io.arrears.core.Overdue;
import io.arrears.core.Policy;
import io.arrears.core.Span;
import java.util.List;

/**
 * Refuses rules that are well written but cannot be meant: a state that nobody can leave, a timer
 * that can never fire, a suspension without notice. What hangs on the order of deadlines is judged
 * by {@link DeadlineChecks}.
 */
final class PolicyChecks {

  private final Sheet sheet;
  private final Section top;
  private final Policy policy;

  PolicyChecks(Sheet sheet) {
    this.sheet = sheet;
    this.top = sheet.top;
    this.policy = sheet.policy;
  }

  void check() {
    overdue();
    if (policy.suspension() == null) {
      neverSuspended();
    } else {
      grace();
    }
    if (!policy.notices().contains(Notice.Rung.OVERDUE) && sheet.sound("notices")) {
      top.faultAt("must hold overdue: nobody is suspended without notice", "notices");
    }
    clearing();
    violations();
    features();
    new DeadlineChecks(sheet).check();
  }

  private void overdue() {
    Overdue overdue = policy.overdue();
    if (!sheet.sound("overdue")) {
      return;
    }
    if (overdue.balance() == null && overdue.bills() == null) {
      top.faultAt(
          "must not be ignored where there are no unpaid-bills: nothing would make a service overdue",
          "overdue",
          "balance");
    } else if (overdue.together() && (overdue.balance() == null || overdue.bills() == null)) {
      top.faultAt(
          "must be any: there is only one condition, and together takes balance and unpaid-bills",
          "overdue",
          "when");
    }
  }

  private void neverSuspended() {
    if (top.has("grace")) {
      top.fault("grace", "must be left out where suspension is never: nothing follows its end");
    }
    if (!policy.stages().isEmpty()) {
      top.fault("stages", "must be left out where suspension is never: none would be reached");
    }
    if (policy.repossession().afterOverdue() != null
        || policy.repossession().afterSuspension() != null) {
      top.fault(
          "repossession",
          "must be never, or left out, where suspension is never: only what is suspended is"
              + " repossessed");
    }
  }

  private void grace() {
    Grace grace = policy.grace();
    if (!sheet.sound("grace")) {
      return;
    }
    if (grace.from() != Anchor.NOTIFICATION_RECEIVED && grace.assumeReceivedAfter() != null) {
      top.faultAt(
          "must be left out, or from must be notification-received: no other grace waits for a"
              + " receipt",
          "grace",
          "assume-received-after");
    }
    if (grace.from() != Anchor.NOTIFICATION_RECEIVED && grace.deliveryIsReceipt()) {
      top.faultAt(
          "must be left out, or from must be notification-received: no other grace waits for a"
              + " receipt",
          "grace",
          "delivery-is-receipt");
    }
    if (sheet.sound("overdue", "billing")) {
      if (grace.from() == Anchor.BALANCE_BELOW_LIMIT) {
        graceFromBalance();
      } else if (grace.from() == Anchor.BILL_ISSUED) {
        graceFromBill();
      }
    }
  }

  private void graceFromBalance() {
    Overdue overdue = policy.overdue();
    if (overdue.balance() == null) {
      top.faultAt(
          "must be another anchor, e.g. overdue: by overdue.balance the balance is ignored",
          "grace",
          "from");
    } else if (overdue.together() || overdue.packagesCover()) {
      top.faultAt(
          "must be overdue: the balance can be below the limit long before "
              + (overdue.together() ? "bills are past due too" : "prepaid packages end")
              + ", and the grace would be over before any notice",
          "grace",
          "from");
    }
  }

  /** A bill is issued long before it is past due. */
  private void graceFromBill() {
    Overdue overdue = policy.overdue();
    Span payWithin = policy.bills().payWithin();
    if (overdue.together() || overdue.packagesCover()) {
      top.faultAt(
          "must be overdue: a bill can be issued long before "
              + (overdue.together() ? "the balance is below the limit too" : "prepaid packages end")
              + ", and the grace would be over before any notice",
          "grace",
          "from");
    } else if (overdue.bills() != null
        && (overdue.bills().count() > 1 || overdue.bills().amount().signum() > 0)) {
      top.faultAt(
          "must be overdue where unpaid-bills takes a count or an amount: the first bill is issued"
              + " long before it is enough, and the grace would be over before any notice",
          "grace",
          "from");
    } else if (overdue.bills() != null
        && payWithin != null
        && !alwaysLonger(
            List.of(policy.grace().length()), List.of(payWithin, overdue.bills().pastDue()))) {
      top.faultAt(
          "must be longer than billing.pay-within and overdue.unpaid-bills.past-due together, which"
              + " it includes: suspended without notice otherwise",
          "grace",
          "length");
    }
  }

  private void clearing() {
    if (!sheet.sound("clearing")) {
      return;
    }
    if (policy.clearing().categories().isEmpty()) {
      top.faultAt(
          "must name what is erased: nobody would ever leave the clearing",
          "clearing",
          "categories");
    }
  }

  private void violations() {
    if (!sheet.sound("violations")) {
      return;
    }
    if (policy.violation().clearAfter() != null && policy.violation().repossessAfter() == null) {
      top.faultAt(
          "must come with repossess-after, from which it counts", "violations", "clear-after");
    }
    if (!sheet.sound("clearing")) {
      return;
    }
    List<String> categories = policy.clearing().categories();
    List<String> retained = policy.violation().retained();
    for (int i = 0; i < retained.size(); i++) {
      if (!categories.contains(retained.get(i))) {
        top.faultAt(
            "must be one of clearing.categories: " + String.join(", ", categories),
            "violations",
            "retained",
            i);
      }
    }
    if (policy.violation().clearAfter() != null && retained.containsAll(categories)) {
      top.faultAt(
          "must leave a category to erase, or clear-after be left out: the clearing would never end",
          "violations",
          "retained");
    }
  }

  private void features() {
    if (!sheet.sound("features")) {
      return;
    }
    for (Feature feature : policy.features()) {
      if (policy.product().equals(feature.follows())) {
        top.faultAt(
            "must be another product: a feature that follows its own is not told from it",
            "features",
            feature.name(),
            "follows");
      }
      for (int i = 0; i < feature.conditions().size(); i++) {
        if (policy.product().equals(feature.conditions().get(i).product())) {
          ownProduct(feature, i);
        }
      }
    }
  }

  private void ownProduct(Feature feature, int condition) {
    String fault = "must be another product; left out, it is the feature's own";
    if (feature.follows() == null) {
      top.faultAt(fault, "features", feature.name(), condition, "while", "product");
    } else {
      top.faultAt(fault, "features", feature.name(), "conditions", condition, "while", "product");
    }
  }
}
