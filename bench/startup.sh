#!/usr/bin/env bash
# How long from launching bin/ottla until the broker answers, makes a topic, acknowledges a record, and its console answers.
# A JVM that is up before the launch asks, so that no client's own start counts. "cpu" is what the broker used until its
# console answered, "others" what else ran meanwhile (the probe is some 100 ms of it): they should be near nothing.
#
#   bench/startup.sh [ROUNDS]          default 5; each round starts thrice: in a fresh folder, after SIGTERM, after kill -9
#
# PORT (27492) and the two after it have to be free. OTTLA_OPTS and KAFKA_HEAP_OPTS reach the broker.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../bin/lib.sh"

rounds=${1:-5}
port=${PORT:-27492} zookeeper=$((${PORT:-27492} + 1)) console=$((${PORT:-27492} + 2))
java="$(find_java jdk)/bin/java"
work=$(mktemp -d)
broker='' probe=''
trap '[ -z "$broker" ] || kill -9 "$broker" 2>/dev/null || true; [ -z "$probe" ] || kill "$probe" 2>/dev/null || true; rm -rf "$work"' EXIT

"$ROOT/bin/ottla" --version >&2 # builds what is missing
"$java"c -d "$work/classes" "$ROOT/bench/src/main/java/io/ottla/bench/FirstProduce.java"

# CPU of one process, and of the whole machine with what a hypervisor kept from it, in milliseconds.
cpu_of() { local s; s=$(cat "/proc/$1/stat"); set -- ${s##*) }; echo $(((${12} + ${13}) * 10)); }
cpu_of_all() { local s; read -r s </proc/stat; set -- $s; echo $((($2 + $3 + $4 + $7 + $8 + $9) * 10)); }
now_ms() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }

# start KIND FOLDER: one line of figures, in milliseconds after the launch.
start() {
    local kind=$1 folder=$2 launched line name at figures='' all cpu
    "$java" -Xmx64m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$work/classes" io.ottla.bench.FirstProduce "$port" "$console" >"$work/probe" &
    probe=$!
    until grep -q armed "$work/probe"; do sleep 0.02; done
    sleep 0.3
    launched=$(now_ms) all=$(cpu_of_all)
    "$ROOT/bin/ottla" server --override "listeners=PLAINTEXT://127.0.0.1:$port" --override "zookeeper.embedded.port=$zookeeper" \
        --override "server.port=$console" --override "log.dirs=$folder/logs" >"$work/broker.log" 2>&1 &
    broker=$!
    wait -n "$probe" "$broker" && ! kill -0 "$probe" 2>/dev/null ||
        { tail -20 "$work/broker.log" >&2; die "The broker did not come up."; }
    probe=''
    cpu=$(cpu_of "$broker")
    figures=" cpu=$cpu others=$(($(cpu_of_all) - all - cpu))"
    while read -r name at; do
        [ -z "$at" ] || figures+=" $name=$((at - launched))"
    done <"$work/probe"
    echo "$kind$figures" | tee -a "$work/figures"
}

stop() { kill "-$1" "$broker"; wait "$broker" 2>/dev/null || true; broker=''; }

for ((round = 1; round <= rounds; round++)); do
    start fresh "$work/$round"; stop TERM
    start stopped "$work/$round"; stop KILL
    start killed "$work/$round"; stop TERM
    rm -rf "${work:?}/$round"
done

echo 'medians:'
for kind in fresh stopped killed; do
    for name in answers creates produces console cpu others; do
        grep "^$kind " "$work/figures" | sed "s/.* $name=\([0-9]*\).*/\1/" | sort -n |
            awk -v name="$name" '{ all[NR] = $1 } END { printf " %s=%d", name, all[int((NR + 1) / 2)] }'
    done | sed "s/^/$kind/"
    echo
done
