#!/usr/bin/env bash
# What clients notice of it when ZooKeeper is stopped for a while (see ZooKeeperOutage.java):
#
#   bench/zookeeper-outage.sh [SECONDS]     three of bin/ottla beside a ZooKeeper of their own; default 60
#
# PORT (27700) and the ten after it have to be free. KAFKA_HEAP_OPTS and OTTLA_OPTS reach the brokers. Prints a JSON line.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../bin/lib.sh"
source "$ROOT/bench/three.sh"

port=${PORT:-27700}
java="$(find_java jdk)/bin/java"
need_classes ZooKeeperOutage
work=$(mktemp -d)
brokers=()
end() {
    for pid in "${brokers[@]}" $(cat "$work/zookeeper.pid" 2>/dev/null || true); do kill -9 "$pid" 2>/dev/null || true; done
    [ -n "${KEEP:-}" ] || rm -rf "$work"
}
trap end EXIT

"$ROOT/bin/ottla" --version >&2 # builds what is missing
cat >"$work/start" <<START
set -f # the class path's star is java's
$(zookeeper_command $((port + 9)) "$work/zookeeper") >>"$work/zookeeper.log" 2>&1 &
echo \$! >"$work/zookeeper.pid"
START
bash "$work/start"
three_brokers "$work" "$port" >"$work/brokers"
while read -r id _ command; do
    $command >"$work/$id/log" 2>&1 &
    brokers+=($!)
done <"$work/brokers"
[ -z "${KEEP:-}" ] || echo "logs: $work" >&2
"$java" -Dslf4j.internal.verbosity=ERROR -Xmx512M -cp "$ROOT/bench/target/classes:$ROOT/bench/target/lib/*" \
    io.ottla.bench.ZooKeeperOutage "127.0.0.1:$((port + 1)),127.0.0.1:$((port + 2)),127.0.0.1:$((port + 3))" "${1:-60}" \
    "kill -9 \$(cat '$work/zookeeper.pid')" "bash '$work/start'"
