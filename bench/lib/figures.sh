# The figures: each takes its floor, measures the service, takes the floor again, and adds its row.

declare -A GOT

# The load generator's results, as GOT[key].
measure() {
  local key value
  GOT=()
  settle
  load "$@" >"$SCRATCH/results"
  while IFS='=' read -r key value; do
    GOT[$key]=$value
  done <"$SCRATCH/results"
}

# 64 calls at a time; they warm up until the compilers are done or it takes too long.
measure_calls() {
  measure "$@" first=0 in_flight="$CLIENTS" seconds="$SECONDS_EACH" warm_calls="$WARM_CALLS" \
    warm_seconds="$WARM_SECONDS"
}

# name unit want floor-before floor-after; without floors, two empty ones.
add_row() {
  local name=$1 unit=$2 want=$3 before=$4 after=$5
  awk -v OFS='\t' -v name="$name" -v value="${GOT[rate]}" -v unit="$unit" -v want="$want" \
    -v before="$before" -v after="$after" 'BEGIN {
      if (before == "") {
        print name, sprintf(value < 100 ? "%.1f" : "%.0f", value), unit, "", "", want
      } else {
        floor = (before + after) / 2
        print name, sprintf("%.0f", value), unit, sprintf("%.0f", floor), \
          sprintf("%.2f", value / floor), want
      }
    }' >>"$TABLE"
  awk -v OFS='\t' -v name="$name" -v rate="${GOT[open_rate]:-}" -v p50="${GOT[p50]:-}" \
    -v p99="${GOT[p99]:-}" -v s="${GOT[service_cpu]}" -v d="${GOT[database_cpu]}" \
    -v g="${GOT[generator_cpu]}" 'BEGIN {
      if (p99 == "") {
        print name, "", "", "", sprintf("%.3f", s), sprintf("%.3f", d), sprintf("%.3f", g)
        exit
      }
      print name, sprintf("%.0f", rate), sprintf("%.2f", p50), sprintf("%.2f", p99), \
        sprintf("%.3f", s), sprintf("%.3f", d), sprintf("%.3f", g)
    }' >>"$DETAILS"
  if [[ -n $before ]]; then
    awk -v name="$name" -v a="$before" -v b="$after" 'BEGIN {
      high = a > b ? a : b
      low = a > b ? b : a
      printf "%s: floor %.0f before, %.0f after%s\n", name, a, b, \
        (high > low * 1.2 ? ": they differ by more than a fifth, the machine was not quiet" : "")
    }' >>"$NOTES"
  fi
}

SEEDED=

# The accounts of calls and items.
seed_accounts() {
  if [[ -z $SEEDED ]]; then
    say "making $ACCOUNTS accounts"
    make_crowd 0 $((ACCOUNTS - 1))
    sql 'vacuum analyze account, service'
    SEEDED=1
  fi
}

figure_ingest() {
  local before after
  seed_accounts
  before=$(floor_copy 2026-05-01)
  measure ingest day=2026-05-03 warm_day=2026-05-02 items="$ITEMS" \
    warm_items="$WARM_ITEMS" batch="$BATCH" \
    in_flight="$BATCHES_IN_FLIGHT" mode="$INGEST_MODE"
  local stored
  stored=$(sql 'select count(*) from billing_item_20260503')
  [[ $stored == $((ITEMS + ITEMS / 4)) ]] || die "ingest: $stored items are stored"
  sql "select 'ingest: ' || (pg_total_relation_size('billing_item_20260503') / count(*)) ||
    ' bytes on disk per item, index included' from billing_item_20260503" >>"$NOTES"
  drop_day 2026-05-02
  after=$(floor_copy 2026-05-01)
  add_row "${1:-ingest}" items/s 0.5 "$before" "$after"
  INGEST_RATE=${GOT[rate]}
}

INGEST_RATE=

# All items to one account; the floor is the rate of items to many.
figure_ingest_one_account() {
  [[ -n $INGEST_RATE ]] || figure_ingest
  measure ingest day=2026-05-07 warm_day=2026-05-06 items="$ITEMS" warm_items="$BATCH" \
    batch="$BATCH" in_flight="$BATCHES_IN_FLIGHT" mode="$INGEST_MODE" accounts=1
  add_row ingest-one-account items/s 0.5 "$INGEST_RATE" "$INGEST_RATE"
}

# Offers more than can be held: whatever is not refused is taken in, and the service stays.
figure_overload() {
  seed_accounts
  load overload day=2026-05-09 batch=10000 in_flight=100 connections=16 seconds="$SECONDS_EACH" \
    >"$SCRATCH/overload"
  awk -F= '{ got[$1] = $2 } END { printf "overload: 100 batches of 10,000 at a time: %d taken in, " \
    "%d refused\n", got["accepted"], got["refused"] }' "$SCRATCH/overload" >>"$NOTES"
}

# PostgreSQL is killed three times in the midst of ingestion; whoever sends items sends those again that
# were not acknowledged, and only those. In the end every item must be there.
figure_durability() {
  local day=2026-05-11 items=$DURABLE_ITEMS kills stored
  seed_accounts
  sql "select ensure_billing_day('$day')" >/dev/null
  load durability day="$day" items="$items" batch=500 in_flight="$BATCHES_IN_FLIGHT" \
    >"$SCRATCH/durability" &
  LOADER=$!
  for ((kills = 1; kills <= 3; kills++)); do
    until stored=$(sql "select count(*) from billing_item_${day//-/}") && ((stored > items * kills / 4)); do
      kill -0 "$LOADER" || die 'durability: the items were not sent'
      sleep 0.1
    done
    kill_postgres
    launch_postgres
  done
  kill -0 "$LOADER" || die 'durability: the last kill came too late'
  wait "$LOADER" || die 'durability: not every batch was acknowledged'
  stored=$(sql "select count(*) from billing_item_${day//-/}")
  [[ $stored == "$items" ]] || die "durability: $stored items of $items acknowledged ones are stored"
  awk -F= -v items="$items" '{ got[$1] = $2 } END { printf "durability: %d items acknowledged, " \
    "PostgreSQL killed 3 times, %d batches failed and were sent again: all are there\n", items, \
    got["failed"] }' "$SCRATCH/durability" >>"$NOTES"
}

figure_status() {
  local before after
  seed_accounts
  before=$(floor_status)
  measure_calls status
  after=$(floor_status)
  add_row "${1:-status}" calls/s 0.4 "$before" "$after"
}

# A thousand accounts in a call, and by key in a statement.
figure_batch_status() {
  local before after
  seed_accounts
  before=$(floor_batch_status)
  measure batch-status size=1000 seconds="$SECONDS_EACH"
  after=$(floor_batch_status)
  add_row batch-status accounts/s '' "$before" "$after"
}

figure_single_item() {
  local before after
  seed_accounts
  before=$(floor_single_item 2026-05-04)
  measure_calls single-item day=2026-05-05
  after=$(floor_single_item 2026-05-04)
  add_row single-item items/s 1.5 "$before" "$after"
}

figure_payment() {
  seed_accounts
  measure_calls payment
  add_row payment calls/s '' '' ''
}

# The p99 at 500 payments a second: no ratio, but what a customer waits for.
figure_payment_to_stream() {
  local warm=$((WARM_SECONDS * 500))
  load suspend calls=$((warm + SECONDS_EACH * 500))
  sql 'vacuum analyze'
  measure payment-to-stream rate=500 seconds="$SECONDS_EACH" warm_calls="$warm"
  GOT[rate]=${GOT[p99]}
  add_row payment-to-stream 'ms p99' 50 '' ''
}
