package io.arrears.sim;

import io.arrears.core.Circumstances;
import io.arrears.core.Deactivation;
import io.arrears.core.Hold;
import io.arrears.core.PrepaidPackage;
import io.arrears.core.Receivable;
import io.arrears.core.Restriction;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** What the rooms around the heart write down beside an account. */
final class Rows {

  private Rows() {}

  static UnaryOperator<Circumstances> restriction(Restriction restriction) {
    return rows ->
        new Circumstances(
            and(rows.restrictions(), restriction),
            rows.holds(),
            rows.deactivations(),
            rows.packages(),
            rows.unpaid());
  }

  static UnaryOperator<Circumstances> lifted(String restrictionId) {
    return rows ->
        new Circumstances(
            rows.restrictions().stream()
                .filter(each -> !each.restrictionId().equals(restrictionId))
                .toList(),
            rows.holds(),
            rows.deactivations(),
            rows.packages(),
            rows.unpaid());
  }

  static UnaryOperator<Circumstances> hold(Hold hold) {
    return rows ->
        new Circumstances(
            rows.restrictions(),
            and(rows.holds(), hold),
            rows.deactivations(),
            rows.packages(),
            rows.unpaid());
  }

  static UnaryOperator<Circumstances> released(Hold ended) {
    return rows ->
        new Circumstances(
            rows.restrictions(),
            rows.holds().stream()
                .map(each -> each.holdId().equals(ended.holdId()) ? ended : each)
                .toList(),
            rows.deactivations(),
            rows.packages(),
            rows.unpaid());
  }

  static UnaryOperator<Circumstances> deactivation(Deactivation deactivation) {
    return rows ->
        new Circumstances(
            rows.restrictions(),
            rows.holds(),
            and(rows.deactivations(), deactivation),
            rows.packages(),
            rows.unpaid());
  }

  static UnaryOperator<Circumstances> prepaid(PrepaidPackage prepaid) {
    return rows -> {
      List<PrepaidPackage> packages = new ArrayList<>(rows.packages());
      packages.removeIf(each -> each.packageId().equals(prepaid.packageId()));
      packages.add(prepaid);
      return new Circumstances(
          rows.restrictions(), rows.holds(), rows.deactivations(), packages, rows.unpaid());
    };
  }

  static UnaryOperator<Circumstances> bill(Receivable bill) {
    return rows ->
        new Circumstances(
            rows.restrictions(),
            rows.holds(),
            rows.deactivations(),
            rows.packages(),
            and(rows.unpaid(), bill));
  }

  private static <T> List<T> and(List<T> list, T another) {
    List<T> more = new ArrayList<>(list);
    more.add(another);
    return List.copyOf(more);
  }
}
