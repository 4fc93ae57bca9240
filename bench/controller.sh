#!/usr/bin/env bash
# How long a new controller takes when a broker has died (see ControllerFailover.java), beside a ZooKeeper of its own:
#
#   bench/controller.sh [PARTITIONS] [ROUNDS] [WINDOW...]     default 10000, 4 and 10; a window is how many requests are in flight
#
# PORT (27809) has to be free. Prints a JSON line a round.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../bin/lib.sh"

partitions=${1:-10000}
rounds=${2:-4}
shift 2 2>/dev/null || set --
windows=("$@")
[ ${#windows[@]} -gt 0 ] || windows=(10)
port=${PORT:-27809}
java="$(find_java jdk)/bin/java"
[ -f "$ROOT/bench/target/classes/io/ottla/bench/ControllerFailover.class" ] ||
    die "Build the measurement first: mvn -q -DskipTests -pl bench -am package"
"$ROOT/bin/ottla" --version >&2 # builds what is missing: ZooKeeper's server is in its layout
classes="$ROOT/bench/target/classes:$ROOT/bench/target/lib/*"
work=$(mktemp -d)
zookeeper=''
trap '[ -z "$zookeeper" ] || kill -9 "$zookeeper" 2>/dev/null || true; rm -rf "$work"' EXIT

for window in "${windows[@]}"; do
    "$java" -Xmx1G -Dzookeeper.admin.enableServer=false -Dslf4j.internal.verbosity=ERROR -cp "$ROOT/broker-app/target/layout/lib/*" \
        org.apache.zookeeper.server.ZooKeeperServerMain "$port" "$work/zookeeper-$window" >"$work/log" 2>&1 &
    zookeeper=$!
    "$java" -Dslf4j.internal.verbosity=ERROR -Xmx1G -Djava.io.tmpdir="$work" -cp "$classes" \
        io.ottla.bench.ControllerFailover "127.0.0.1:$port" "$partitions" "$rounds" "$window"
    kill -9 "$zookeeper"
    wait "$zookeeper" 2>/dev/null || true
done
