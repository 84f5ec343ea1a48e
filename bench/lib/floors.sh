# What PostgreSQL itself can do with the same rows: COPY and pgbench, over TCP as the service.

ITEM_COLUMNS=account_id,product,usage_day,item_id,cycle,late,epoch,cost,usage_start,usage_end,sku,quantity,unit

# Every measurement starts from the same state of the write-ahead log.
settle() {
  sql checkpoint
}

drop_day() {
  sql "drop table if exists billing_item_${1//-/}"
}

# Items a second that one COPY takes in, in one transaction, into the partitioned table.
floor_copy() {
  local day=$1 file=$SCRATCH/rows.txt took
  load rows day="$day" file="$file" items="$ITEMS"
  sql "select ensure_billing_day('$day')" >/dev/null
  settle
  took=$("$PG_BIN/psql" -X -v ON_ERROR_STOP=1 -c '\timing on' \
    -c "\\copy billing_item ($ITEM_COLUMNS) from '$file'" | awk '$1 == "Time:" { print $2 }')
  rm "$file"
  drop_day "$day"
  awk -v n="$ITEMS" -v ms="$took" 'BEGIN { printf "%.4f\n", n / ms * 1000 }'
}

floor_pgbench() {
  local script=$1
  settle
  "$PG_BIN/pgbench" -n -M prepared -c "$CLIENTS" -j 2 -T "$SECONDS_EACH" -f "$script" \
    2>"$SCRATCH/pgbench.log" | awk '$1 == "tps" { print $3 }' |
    grep . || die "pgbench failed: $(cat "$SCRATCH/pgbench.log")"
}

# A SELECT by key.
floor_status() {
  cat >"$SCRATCH/status.sql" <<SQL
\\set account random(1000000000, 1000000000 + $ACCOUNTS - 1)
select * from account where account_id = :account;
SQL
  floor_pgbench "$SCRATCH/status.sql"
}

# A thousand by key, 4 clients.
floor_batch_status() {
  cat >"$SCRATCH/batch-status.sql" <<SQL
select a.* from account a
where account_id = any(array(select (1000000000 + floor(random() * $ACCOUNTS)::bigint)::text
  from generate_series(1, 1000)));
SQL
  local batches
  batches=$(CLIENTS=4 floor_pgbench "$SCRATCH/batch-status.sql")
  awk -v n="$batches" 'BEGIN { printf "%.4f\n", n * 1000 }'
}

# One insert per commit, of a row like the service's.
floor_single_item() {
  local day=$1
  sql "select ensure_billing_day('$day')" >/dev/null
  cat >"$SCRATCH/single.sql" <<SQL
\\set account random(1000000000, 1000000000 + $ACCOUNTS - 1)
\\set item random(1, 1000000000000000)
\\set cost random(1, 10000000000000)
insert into billing_item ($ITEM_COLUMNS)
values (:account, 'css', '$day', :item, 'DAILY', false, 1, :cost * 0.00000000001, '$day 02:00+00',
  '$day 02:05+00', 'css.live-traffic', '12.345', 'GB');
SQL
  floor_pgbench "$SCRATCH/single.sql"
  drop_day "$day"
}
