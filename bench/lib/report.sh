# What was measured, for people and for programs.

HEADER=$'name\tvalue\tunit\tfloor\tratio\twant'

# Columns as wide as their widest value.
aligned() {
  awk -F'\t' '{
      for (i = 1; i <= NF; i++) {
        cell[NR, i] = $i
        if (length($i) > width[i]) width[i] = length($i)
      }
      if (NF > columns) columns = NF
    }
    END {
      for (row = 1; row <= NR; row++) {
        line = ""
        for (i = 1; i <= columns; i++) {
          line = line sprintf(i == 1 ? "%-*s" : "  %*s", width[i], cell[row, i])
        }
        print line
      }
    }'
}

report() {
  stop_service
  mkdir -p target/bench
  {
    echo "$HEADER"
    cat "$TABLE"
  } >target/bench/table.tsv
  echo
  aligned <target/bench/table.tsv
  echo
  echo "Times of calls in an open loop at 60 % of that; CPU seconds a thousand in the closed loop:"
  {
    printf 'name\tat rate\tp50 ms\tp99 ms\tservice\tdatabase\tgenerator\n'
    cat "$DETAILS"
  } | aligned
  echo
  sed 's/^/- /' "$NOTES"
  echo "- heap of the service: $SERVICE_HEAP, collector: $COLLECTOR"
  echo "- $ACCOUNTS accounts; $ITEMS items in batches of $BATCH, $BATCHES_IN_FLIGHT in flight" \
    "($INGEST_MODE); $CLIENTS calls or clients at a time; $CONNECTIONS connections"
  machine
  if [[ -n ${BENCH_STATEMENTS:-} ]]; then
    PGDATABASE=postgres sql "select round(total_exec_time), round(total_plan_time), calls, rows,
        regexp_replace(query, '\s+', ' ', 'g')
      from pg_stat_statements order by total_exec_time + total_plan_time desc limit 40" \
      >target/bench/statements.txt
    echo "- what the database was asked (ms, ms of planning, calls, rows): target/bench/statements.txt"
  fi
}

machine() {
  local model memory
  model=$(awk -F': ' '/^model name/ { print $2; exit }' /proc/cpuinfo)
  memory=$(awk '$1 == "MemTotal:" { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo)
  echo "- $(nproc) cores of ${model:-an unknown processor}, $memory," \
    "$(stat -f -c %T "$SCRATCH") under the database, Linux $(uname -r)," \
    "load $(cut -d' ' -f1 /proc/loadavg)"
  echo "- service on Java $("$SERVICE_JAVA" -XshowSettings:properties -version 2>&1 |
    awk '$1 == "java.vm.version" { print $3 }'), $("$PG_BIN/postgres" --version)," \
    "${POSTGRES_SETTINGS[*]}"
  echo "- commit $(git rev-parse --short HEAD 2>/dev/null || echo unknown)," \
    "$(date -u +%Y-%m-%dT%H:%MZ)"
}
