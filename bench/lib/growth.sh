# What changes when the accounts are many: in a database of its own, with a hundred thousand and then
# with $GROWTH of them.

# 10,000 grace periods that end $1 minutes after those of the model.
make_due() {
  copy_rows 10000 late "due$1" account "overdue_since=overdue_since + interval '$1 minutes'" \
    "due_at=due_at + interval '$1 minutes'"
  copy_rows 10000 late "due$1" service
}

# The minutes after the grace of the model that $1 names: the middle rate of sweeps that end there.
sweep_rate() {
  local minutes
  for minutes in "$@"; do
    measure advance to="$(sql "select to_char(overdue_since + interval '24 hours $minutes minutes',
      'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') from account where account_id = 'late'")" calls=10000
    echo "${GOT[rate]}"
  done | sort -n | sed -n "$((($# + 1) / 2))p"
}

figure_growth() {
  local small large minutes ACCOUNTS=100000
  # Every account that is measured has been seen before.
  local WARM_ITEMS=$((ITEMS * 5 / 4 > WARM_ITEMS ? ITEMS * 5 / 4 : WARM_ITEMS))
  fresh_database growth
  sql "alter database growth set timezone to 'UTC'"
  load model product=bench-sweep account=late used="${WARM_DAY}T12:00:00Z" debt=1 hours=24
  make_crowd 0 $((ACCOUNTS - 1))
  for minutes in 1 2 3 4 5 6 7 8; do
    make_due "$minutes"
  done
  sql 'vacuum analyze'
  sweep_rate 1 2 >/dev/null
  small=$(sweep_rate 3 4 5)

  say "growing to $GROWTH accounts"
  make_crowd "$ACCOUNTS" $((GROWTH - 1))
  ACCOUNTS=$GROWTH
  sql 'vacuum analyze'
  large=$(sweep_rate 6 7 8)
  awk -v OFS='\t' -v small="$small" -v large="$large" 'BEGIN {
    print "sweep-grown", sprintf("%.3f", 10000 / large), "s", sprintf("%.3f", 10000 / small),
      sprintf("%.2f", small / large), 1.2
  }' >>"$TABLE"
  sql "select 'growth: $GROWTH accounts and services of ' || (pg_total_relation_size('account')
    + pg_total_relation_size('service')) / $GROWTH || ' bytes each, indexes included'" >>"$NOTES"

  load pages size=1000 >"$SCRATCH/pages"
  awk -F= -v OFS='\t' '{ got[$1] = $2 }
    END { print "list-accounts", sprintf("%.1f", got["p99"]), "ms p99", "", "", "" }' \
    "$SCRATCH/pages" >>"$TABLE"
  grep -qx "pages=$((GROWTH / 1000 + 1)).0000" "$SCRATCH/pages" ||
    die "list-accounts: not all accounts are listed: $(head -1 "$SCRATCH/pages")"
  awk -F= '{ got[$1] = $2 } END { printf "list-accounts: %d pages of 1000 by state; the first tenth " \
    "takes %.1f ms a page, the last %.1f\n", got["pages"], got["first"], got["last"] }' \
    "$SCRATCH/pages" >>"$NOTES"

  SEEDED=1
  figure_status status-grown
  figure_ingest ingest-grown
  printf 'growth: a day of %s items is dropped in %.3f s\n' "$((ITEMS + ITEMS / 4))" \
    "$(seconds_of 'drop table billing_item_20260503')" >>"$NOTES"
}
