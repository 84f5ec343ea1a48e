# Many accounts, copied from one that the service made, and the figures of jobs over them: bill runs, sweeps.

# Rows of table $4 for accounts $1 (n, or "from, to"), named $3-n, like that of account $2, but for the
# columns that are given as name=expression of n.
copy_rows() {
  local many=$1 model=$2 name=$3 table=$4 columns values differing
  shift 4
  [[ $many == *,* ]] || many="1, $many"
  columns=$(sql "select string_agg(column_name, ',' order by ordinal_position)
    from information_schema.columns
    where table_schema = 'public' and table_name = '$table' and is_generated = 'NEVER'")
  values=$columns
  for differing in "$@" "account_id='$name-' || n"; do
    values=$(sed -E "s/(^|,)${differing%%=*}(,|$)/\\1${differing#*=}\\2/" <<<"$values")
  done
  sql "insert into $table ($columns)
    select $values from $table m, generate_series($many) n where m.account_id = '$model'"
}

# Accounts $1 to $2 without a debt, each with a service, named by digits only, so that pgbench can.
make_crowd() {
  if [[ $(sql "select count(*) from account where account_id = 'crowd'") == 0 ]]; then
    load model product=bench-crowd account=crowd used="${WARM_DAY}T12:00:00Z" debt=0 hours=24
    sql "update account set credit_limit = 1e12 where account_id = 'crowd'"
  fi
  copy_rows "$1, $2" crowd '' account 'account_id=(1000000000 + n)::text'
  copy_rows "$1, $2" crowd '' service 'account_id=(1000000000 + n)::text' "product='css'"
}

# Copies of tables with their indexes, for the floors.
copy_tables() {
  local table
  sql 'create schema floors'
  for table in "$@"; do
    sql "create table floors.$table (like $table including all)"
  done
}

# Or they are vacuumed while the service is measured.
drop_copies() {
  sql 'drop schema floors cascade' 2>"$SCRATCH/notices"
}

# Seconds that a statement takes, and its commit.
seconds_of() {
  "$PG_BIN/psql" -X -v ON_ERROR_STOP=1 -c '\timing on' -c "$1" |
    awk '$1 == "Time:" { printf "%.4f\n", $2 / 1000 }'
}

per_second() {
  awk -v n="$1" -v s="$2" 'BEGIN { printf "%.4f\n", n / s }'
}

# The same bills by one SQL statement: sums, bills, ledger entries, balances.
floor_bill_run() {
  copy_tables account bill ledger_entry
  sql "insert into floors.account select * from account where account_id like 'billed-%'"
  sql 'vacuum analyze floors.account'
  settle
  per_second "$BULK" "$(seconds_of "
    with billed as (
      insert into floors.bill (account_id, product, cycle, period_start, supplement, period_end,
        epoch, amount, exact_amount, item_count, late_item_count, generated_at, unpaid)
      select account_id, product, cycle, usage_day, 0, usage_day, 1, round(sum(cost), 2), sum(cost),
        count(*), 0, now(), round(sum(cost), 2)
      from billing_item
      where product = 'bench-bills' and cycle = 'DAILY' and usage_day = '$BULK_DAY' and not late
      group by account_id, product, cycle, usage_day
      returning account_id, amount
    ), charged as (
      update floors.account a
      set balance = a.balance - b.amount, ledger_sequence = a.ledger_sequence + 1,
        version = a.version + 1
      from billed b where a.account_id = b.account_id
      returning a.account_id, a.ledger_sequence, b.amount, a.balance
    )
    insert into floors.ledger_entry (account_id, sequence, kind, amount, balance_after, at,
      recorded_at, reference_id, reason, actor, contra_account)
    select account_id, ledger_sequence, 'CHARGE', -amount, balance, now(), now(),
      account_id || '~bench-bills~d~$BULK_DAY~0', '10 items of bench-bills', 'system:daily-bills',
      'revenue:bench-bills'
    from charged")"
  drop_copies
}

# $1 accounts named $2-1, $2-2 and so on, with ten items each on day $3; by their bills three of ten
# become overdue.
make_billed() {
  local many=$1 name=$2 day=$3
  copy_rows "$many" billed "$name" account 'credit_limit=case when n % 10 < 3 then 0 else 1e12 end'
  copy_rows "$many" billed "$name" service
  sql "select ensure_billing_day('$day')" >/dev/null
  sql "insert into billing_item ($ITEM_COLUMNS)
    select '$name-' || n, 'bench-bills', '$day', 'item-' || k, cycle, late, epoch,
      (n * 7 + k * 13) % 100000 * 0.00001 + 0.01, '$day 12:00+00', '$day 12:05+00', sku, quantity,
      unit
    from billing_item m, generate_series(1, $many) n, generate_series(1, 10) k
    where m.account_id = 'billed' order by k, n"
  sql "insert into billing_day select product, cycle, '$day' from billing_day
    where product = 'bench-bills' on conflict do nothing"
}

# The bills of a day before warm up.
figure_bill_run() {
  local before after
  load model product=bench-bills account=billed used="${WARM_DAY}T12:00:00Z" debt=0 hours=72
  make_billed "$WARM_BULK" warm "$WARM_DAY"
  make_billed "$BULK" billed "$BULK_DAY"
  load advance to="$WARM_AT" calls=1 >/dev/null
  sql 'vacuum analyze'
  before=$(floor_bill_run)
  measure advance to="$BILLS_AT" calls="$BULK"
  [[ $(sql "select count(*) from bill where account_id like 'billed-%' and amount > 0") == "$BULK" ]] ||
    die 'bill-run: not every account was billed'
  [[ $(sql "select count(*) from service where state = 'GRACE' and account_id like 'billed-%'") == \
    $((BULK * 3 / 10)) ]] || die 'bill-run: not three of ten accounts are overdue'
  after=$(floor_bill_run)
  add_row bill-run accounts/s 0.5 "$before" "$after"
}

# The same transitions by plain SQL: services, accounts, the log and the outbox.
floor_sweep() {
  copy_tables account service transition notification
  sql "insert into floors.account select * from account where account_id like 'late-%'"
  sql "insert into floors.service select * from service where account_id like 'late-%'"
  sql 'vacuum analyze floors.account, floors.service'
  settle
  per_second "$BULK" "$(seconds_of "
    with moved as (
      update floors.service s
      set state = 'SUSPENDED', state_since = now(), access = 'BLOCKED', generation = 2,
        moved_at = now(), reasons = 'ARREARS', suspended_at = now(), decided_at = now(),
        decided_by = 'grace-ended', behind_since = now(), attempts = 1, stamp = stamp(),
        retell_at = now() + interval '30 seconds'
      where account_id like 'late-%' returning account_id
    ), noted as (
      update floors.account a
      set due_at = now() + interval '60 days', version = a.version + 1,
        transition_sequence = a.transition_sequence + 1,
        chain_hash = sha256(a.chain_hash || a.account_id::bytea)
      from moved m where a.account_id = m.account_id
      returning a.account_id, a.transition_sequence, a.chain_hash
    ), logged as (
      insert into floors.transition (account_id, sequence, product, from_state, to_state, at,
        recorded_at, rule, policy_version, actor, explanation, previous_hash, hash)
      select account_id, transition_sequence, 'bench-sweep', 'GRACE', 'SUSPENDED', now(), now(),
        'grace-ended', 1, 'system:due-transitions', repeat('x', 120), chain_hash, chain_hash
      from noted
    )
    insert into floors.notification (account_id, episode, rung, product, detail, channel,
      notification_id, at, amount_due, next_state, next_at)
    select account_id, 1, 'SUSPENDED', 'bench-sweep', '', 'STREAM', 'ntf_' || md5(account_id), now(),
      1, 'REPOSSESSED', now() + interval '60 days'
    from moved")"
  drop_copies
}

# Grace periods that end in the same instant; those that end an hour before warm up.
figure_sweep() {
  local before after
  load advance to="$BILLS_AT" calls=1 >/dev/null
  load model product=bench-sweep account=late used="${WARM_DAY}T12:00:00Z" debt=1 hours=24
  copy_rows "$WARM_BULK" late warm-late account "overdue_since=overdue_since - interval '1 hour'" \
    "notified_at=notified_at - interval '1 hour'" "due_at=due_at - interval '1 hour'"
  copy_rows "$WARM_BULK" late warm-late service
  copy_rows "$BULK" late late account
  copy_rows "$BULK" late late service
  sql 'vacuum analyze'
  load advance to="$SWEEP_BEFORE" calls=1 >/dev/null
  [[ $(sql "select count(*) from service where account_id like '%late-%' and state = 'SUSPENDED'") \
    == "$WARM_BULK" ]] || die 'sweep: the warm-up suspended others than its own'
  sql 'vacuum analyze' # or it is done by itself, while the sweep is measured.
  before=$(floor_sweep)
  measure advance to="$SWEEP_AT" calls="$BULK"
  [[ $(sql "select count(*) from service where account_id like 'late-%' and state = 'SUSPENDED'") \
    == "$BULK" ]] || die 'sweep: not every service is suspended'
  after=$(floor_sweep)
  add_row sweep transitions/s 0.5 "$before" "$after"
}
