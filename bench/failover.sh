#!/usr/bin/env bash
# How long a cluster of three takes no acknowledged writes when a broker dies (see Failover.java):
#
#   bench/failover.sh [TRIES] [KIND...]     three of bin/ottla beside a ZooKeeper of their own; default 20 tries of each kind
#   BROKERS=FILE bench/failover.sh …        other brokers: a line "ID PORT COMMAND" for each
#
# Kinds: leader follower controller both stopped. PORT (27600) and the ten after it have to be free. KAFKA_HEAP_OPTS and
# OTTLA_OPTS reach the brokers. Prints a JSON line a kind.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../bin/lib.sh"
source "$ROOT/bench/three.sh"

tries=${1:-20}
shift || true
kinds=("$@")
[ ${#kinds[@]} -gt 0 ] || kinds=(leader follower controller both stopped)
port=${PORT:-27600}
java="$(find_java jdk)/bin/java"
need_classes Failover
work=$(mktemp -d)
zookeeper='' # set by what starts one
trap '[ -z "$zookeeper" ] || kill -9 "$zookeeper" 2>/dev/null || true; rm -rf "$work"' EXIT

given_or_three_brokers "$work" "$port"
"$java" -Dslf4j.internal.verbosity=ERROR -Xmx512M -cp "$ROOT/bench/target/classes:$ROOT/bench/target/lib/*" \
    io.ottla.bench.Failover "$BROKERS" "$tries" "${kinds[@]}"
