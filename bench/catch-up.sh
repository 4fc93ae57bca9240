#!/usr/bin/env bash
# How fast a broker that was away fetches what it missed (see CatchUp.java):
#
#   bench/catch-up.sh [MB] [PARTITIONS] [ROUNDS]     three of bin/ottla beside a ZooKeeper of their own; default 2000 6 3
#   BROKERS=FILE bench/catch-up.sh …                 other brokers: a line "ID PORT COMMAND" for each
#
# PORT (27900) and the nine after it have to be free. KAFKA_HEAP_OPTS and OTTLA_OPTS reach the brokers. Prints a JSON line a round.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../bin/lib.sh"
source "$ROOT/bench/three.sh"

port=${PORT:-27900}
need_classes CatchUp
work=$(mktemp -d)
zookeeper='' # set by what starts one
trap '[ -z "$zookeeper" ] || kill -9 "$zookeeper" 2>/dev/null || true; rm -rf "$work"' EXIT

given_or_three_brokers "$work" "$port"
"$(find_java jdk)/bin/java" -Dslf4j.internal.verbosity=ERROR -Xmx512M -cp "$ROOT/bench/target/classes:$ROOT/bench/target/lib/*" \
    io.ottla.bench.CatchUp "$BROKERS" "${1:-2000}" "${2:-6}" "${3:-3}"
