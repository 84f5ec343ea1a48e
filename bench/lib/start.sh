# How long the service takes from its start to its first answer, and how much memory it then holds.

# Milliseconds to the first answer of /q/health/ready, and MiB resident then, of: java options…
start_once() {
  local java=$1 begin end port=$HTTP_PORT
  shift
  begin=$(date +%s%N)
  ARREARS_DB_URL="postgresql://bench:bench@127.0.0.1:$PG_PORT/postgres" \
    ARREARS_GRPC_PORT=$GRPC_PORT ARREARS_HTTP_PORT=$port ARREARS_CLOCK=virtual \
    "$java" -Xmx"$SERVICE_HEAP" "-XX:+Use${COLLECTOR}GC" "$@" -jar "$START_JAR" >"$SCRATCH/service.log" 2>&1 &
  SERVICE=$!
  until answers "$port"; do
    kill -0 "$SERVICE" 2>/dev/null || die "it did not start: $(tail -20 "$SCRATCH/service.log")"
    sleep 0.01
  done
  end=$(date +%s%N)
  awk -v ms="$(((end - begin) / 1000000))" '$1 == "VmRSS:" { print ms, int($2 / 1024) }' \
    "/proc/$SERVICE/status"
  kill "$SERVICE"
  wait "$SERVICE" 2>/dev/null || true
  SERVICE=
}

answers() {
  local line
  {
    exec 3<>"/dev/tcp/127.0.0.1/$1" && printf 'GET /q/health/ready HTTP/1.0\r\n\r\n' >&3 &&
      read -r line <&3 && [[ $line == *200* ]]
  } 2>/dev/null
}

# name options…: the middle one of so many.
add_start() {
  local name=$1 got i
  shift
  got=$(for ((i = 0; i < STARTS; i++)); do start_once "$@"; done | sort -n | sed -n "$(((STARTS + 1) / 2))p")
  printf '%s\t%s\tms\t\t\t\n' "start-$name" "${got% *}" >>"$TABLE"
  echo "start-$name: ${got#* } MiB resident at the first answer" >>"$NOTES"
}

figure_start() {
  local cache=$SCRATCH/app.aot
  stop_service
  START_JAR=target/quarkus-app/quarkus-run.jar
  add_start "java-$(java_major "$JAVA")" "$JAVA"
  if [[ ! -x $JDK25/bin/java ]]; then
    echo 'start: no JDK 25 was found (BENCH_JDK25 names its folder)' >>"$NOTES"
    return
  fi
  add_start java-25 "$JDK25/bin/java"
  start_once "$JDK25/bin/java" -XX:AOTCacheOutput="$cache" >/dev/null
  [[ -f $cache ]] || die "no AOT cache was written: $(tail -5 "$SCRATCH/service.log")"
  add_start java-25-aot "$JDK25/bin/java" -XX:AOTCache="$cache"
}

java_major() {
  "$1" -XshowSettings:properties -version 2>&1 | awk '$1 == "java.specification.version" { print $3 }'
}
