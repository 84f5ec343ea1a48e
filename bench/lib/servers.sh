# The servers that are measured: a PostgreSQL of the benchmark's own, and the service.

# Ordinary durable settings: everything that is not named here is PostgreSQL's default.
POSTGRES_SETTINGS=(
  fsync=on synchronous_commit=on full_page_writes=on
  shared_buffers=512MB max_wal_size=4GB
)

die() {
  echo "bench: $*" >&2
  exit 1
}

say() {
  echo "bench: $*" >&2
}

free_port() {
  local port
  while true; do
    port=$((20000 + RANDOM % 12000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return
    fi
  done
}

find_postgres() {
  local newest
  newest=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
  PG_BIN=${BENCH_PG_BIN:-$newest}
  if [[ -z $PG_BIN || ! -x $PG_BIN/postgres || ! -x $PG_BIN/pgbench || ! -x $PG_BIN/psql ]]; then
    die "needs PostgreSQL's server, psql and pgbench: apt-get install postgresql" \
      "(or name the folder of the programs in BENCH_PG_BIN)"
  fi
  if [[ $(id -u) == 0 ]] && ! id postgres >/dev/null 2>&1; then
    die "PostgreSQL does not run as root, and there is no user postgres:" \
      "apt-get install postgresql makes one, or run this as an ordinary user"
  fi
}

# PostgreSQL refuses to be root.
as_postgres() {
  if [[ $(id -u) == 0 ]]; then
    (cd / && exec runuser -u postgres -- "$@")
  else
    "$@"
  fi
}

start_postgres() {
  PG_DATA=$SCRATCH/postgres
  PG_PORT=$(free_port)
  mkdir "$PG_DATA"
  if [[ $(id -u) == 0 ]]; then
    chmod 711 "$SCRATCH"
    chown postgres "$PG_DATA"
  fi
  as_postgres "$PG_BIN/initdb" -D "$PG_DATA" -U bench -A trust -E UTF8 --locale=C.UTF-8 \
    >"$SCRATCH/initdb.log" 2>&1 || die "initdb failed: $(cat "$SCRATCH/initdb.log")"
  PG_OPTIONS="-p $PG_PORT -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
  local setting
  for setting in "${POSTGRES_SETTINGS[@]}"; do
    PG_OPTIONS+=" -c $setting"
  done
  if [[ -n ${BENCH_STATEMENTS:-} ]]; then
    PG_OPTIONS+=" -c shared_preload_libraries=pg_stat_statements -c pg_stat_statements.track_planning=on"
  fi
  launch_postgres
  export PGHOST=127.0.0.1 PGPORT=$PG_PORT PGUSER=bench PGDATABASE=postgres PGOPTIONS=
  if [[ -n ${BENCH_STATEMENTS:-} ]]; then
    sql 'create extension pg_stat_statements'
  fi
}

launch_postgres() {
  as_postgres "$PG_BIN/pg_ctl" -D "$PG_DATA" -s -w -l "$PG_DATA/server.log" -o "$PG_OPTIONS" start \
    >/dev/null || die "PostgreSQL did not start: $(tail -5 "$PG_DATA/server.log")"
  POSTMASTER=$(head -1 "$PG_DATA/postmaster.pid")
}

# All of its processes at once, and with them all that is in their memory only.
kill_postgres() {
  kill -STOP "$POSTMASTER"
  pkill -KILL -P "$POSTMASTER"
  kill -KILL "$POSTMASTER"
  while kill -0 "$POSTMASTER" 2>/dev/null; do
    sleep 0.1
  done
  rm "$PG_DATA/postmaster.pid"
}

sql() {
  "$PG_BIN/psql" -X -q -A -t -v ON_ERROR_STOP=1 -c "$1"
}

CLOCK_START=2026-06-13T23:00:00Z

# The clock is virtual, so that no job runs while something else is measured.
start_service() {
  GRPC_PORT=$(free_port)
  HTTP_PORT=$(free_port)
  # shellcheck disable=SC2086 # BENCH_JAVA_OPTIONS are several words.
  ARREARS_DB_URL="postgresql://bench:bench@127.0.0.1:$PG_PORT/$PGDATABASE" \
    ARREARS_GRPC_PORT=$GRPC_PORT ARREARS_HTTP_PORT=$HTTP_PORT \
    ARREARS_CLOCK=virtual ARREARS_CLOCK_START="$CLOCK_START" \
    "$SERVICE_JAVA" -Xmx"$SERVICE_HEAP" "-XX:+Use${COLLECTOR}GC" ${BENCH_JAVA_OPTIONS:-} \
    -jar target/quarkus-app/quarkus-run.jar >"$SCRATCH/service.log" 2>&1 &
  SERVICE=$!
  local tries
  for ((tries = 0; tries < 600; tries++)); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$GRPC_PORT") 2>/dev/null; then
      return
    fi
    kill -0 "$SERVICE" 2>/dev/null || break
    sleep 0.1
  done
  die "the service did not start: $(tail -20 "$SCRATCH/service.log")"
}

# What it needed at most is noted.
stop_service() {
  [[ -n ${SERVICE:-} ]] || return 0
  awk -v what="$PGDATABASE" '$1 == "VmHWM:" && $2 / 1024 > most { most = $2 / 1024 }
    END { printf "service on database %s: at most %.0f MiB resident\n", what, most }' \
    "/proc/$SERVICE/status" >>"$NOTES"
  kill "$SERVICE"
  wait "$SERVICE" 2>/dev/null || true
  SERVICE=
}

# The service on an empty database.
fresh_database() {
  stop_service
  sql "create database $1"
  PGDATABASE=$1
  start_service
}

tear_down() {
  local status=$?
  trap - EXIT
  set +e
  [[ -z ${LOADER:-} ]] || kill "$LOADER" 2>/dev/null
  if [[ -n ${SERVICE:-} ]]; then
    kill "$SERVICE" 2>/dev/null
    wait "$SERVICE" 2>/dev/null
  fi
  if [[ -n ${POSTMASTER:-} ]]; then
    as_postgres "$PG_BIN/pg_ctl" -D "$PG_DATA" -s -m immediate stop >/dev/null 2>&1
  fi
  if [[ $status != 0 && -f $SCRATCH/service.log ]]; then
    mkdir -p target/bench
    cp "$SCRATCH/service.log" target/bench/service.log
    say "failed; the service's log is target/bench/service.log"
  fi
  rm -rf "$SCRATCH"
  exit "$status"
}
