#!/usr/bin/env bash
# How long from launching bin/ottla until all of many partitions serve again, after SIGTERM and after kill -9.
# A JVM that is up before the launch asks, so that no client's own start counts.
#
#   bench/recovery.sh [PARTITIONS] [KB_EACH] [ROUNDS]        default 2000 100 3
#
# PORT (27592) and the two after it have to be free. OTTLA_OPTS and KAFKA_HEAP_OPTS reach the broker. With START and STOP set
# (commands; STOP gets TERM or KILL as its argument) another broker is started instead: START has to return once it is launched.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../bin/lib.sh"

partitions=${1:-2000} kilobytes=${2:-100} rounds=${3:-3}
export PORT=${PORT:-27592}
java="$(find_java jdk)/bin/java"
work=$(mktemp -d)
broker=''
trap '[ -z "$broker" ] || kill -9 "$broker" 2>/dev/null || true; rm -rf "$work"' EXIT
class_path="$ROOT/bench/target/classes:$ROOT/bench/target/lib/*"
[ -d "$ROOT/bench/target/lib" ] || die "Build the benchmarks first: mvn -DskipTests -pl bench -am package"

load() { "$java" -Xmx512m -XX:+UseSerialGC -cp "$class_path" io.ottla.bench.ManyPartitions "$PORT" "$@" 2>/dev/null; }
now_ms() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }

start() {
    if [ -n "${START:-}" ]; then
        $START >"$work/broker.log" 2>&1
        return
    fi
    "$ROOT/bin/ottla" server --override "listeners=PLAINTEXT://127.0.0.1:$PORT" --override "zookeeper.embedded.port=$((PORT + 1))" \
        --override "server.port=$((PORT + 2))" --override "log.dirs=$work/logs" >"$work/broker.log" 2>&1 &
    broker=$!
}

stop() {
    if [ -n "${STOP:-}" ]; then
        $STOP "$1"
        return
    fi
    kill "-$1" "$broker"
    wait "$broker" 2>/dev/null || true
    broker=''
}

# measure KIND: one line of figures, in milliseconds after the launch.
measure() {
    local probe launched
    load await "$partitions" "$kilobytes" >"$work/probe" &
    probe=$!
    until grep -q armed "$work/probe"; do sleep 0.02; done
    launched=$(now_ms)
    start
    wait "$probe" || { tail -20 "$work/broker.log" >&2; die "The broker did not come up."; }
    echo "$1 all_serve_ms=$(($(sed -n 's/^all //p' "$work/probe") - launched))" \
        "partitions_with_other_ends=$(sed -n 's/^partitions_with_other_ends //p' "$work/probe")"
}

[ -n "${START:-}" ] || "$ROOT/bin/ottla" --version >&2 # builds what is missing
start
load fill "$partitions" "$kilobytes"
for ((round = 1; round <= rounds; round++)); do
    stop TERM
    measure stopped
    stop KILL
    measure killed
done
stop TERM
