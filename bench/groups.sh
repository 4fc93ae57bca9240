#!/usr/bin/env bash
# Load by groups on two brokers in turn, A and B, both running already on 127.0.0.1 with group.initial.rebalance.delay.ms=200:
#
#   bench/groups.sh A_PORT A_PID B_PORT B_PID [ROUNDS]
#
# Prints a JSON line a run, then the medians and their ratio. WORKLOADS chooses (default: all of it):
#   steady    1,000 groups of 5 members, each of which reports every 3 s and commits every 5 s: CPU of the broker
#   commits   5 members of one group commit as fast as they are answered, 5 commits in flight each
#   storm     one group's heartbeats, calm and while 1,000 members a second ask to join ten others and vanish
#   join      200 members of one group, until all have their assignment
#
# How long a broker reads 100,000 committed offsets when it starts, with START a command that starts it and returns or
# stays, as you like, and STOP one that stops it and waits for its end:
#
#   bench/groups.sh fill PORT                      writes them, once
#   bench/groups.sh restart PORT STOP START [ROUNDS]
#
# in milliseconds after START was launched: "first", when the first group was answered, and "all", when all were.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../bin/lib.sh"

java="$(find_java jdk)/bin/java"
[ -f "$ROOT/bench/target/classes/io/ottla/bench/GroupLoad.class" ] ||
    die "Build the load first: mvn -q -DskipTests -pl bench -am package"
load=("$java" -Dslf4j.internal.verbosity=ERROR -Xms256M -Xmx1G -XX:+UseParallelGC -cp "$ROOT/bench/target/classes:$ROOT/bench/target/lib/*" io.ottla.bench.GroupLoad)
stored=(1000 100)
now_ms() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }
median() { sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }

case ${1:-} in
    fill)
        "${load[@]}" "${2:?PORT}" self fill "${stored[@]}"
        exit
        ;;
    restart)
        port=${2:?PORT} stop=${3:?STOP} begin=${4:?START}
        work=$(mktemp -d) probe=''
        trap '[ -z "$probe" ] || kill "$probe" 2>/dev/null || true; rm -rf "$work"' EXIT
        for ((round = 1; round <= ${5:-3}; round++)); do
            bash -c "$stop" >&2
            "${load[@]}" "$port" self await "${stored[@]}" >"$work/probe" &
            probe=$!
            until grep -q armed "$work/probe"; do sleep 0.02; done
            launched=$(now_ms)
            bash -c "$begin" >"$work/broker" 2>&1 &
            wait "$probe" || { tail -20 "$work/broker" >&2; die "The broker did not come up."; }
            probe=''
            while read -r name at; do
                [ -z "${at:-}" ] || echo "$name $((at - launched))" | tee -a "$work/figures"
            done <"$work/probe"
        done
        for name in first all; do echo "median $name=$(sed -n "s/^$name //p" "$work/figures" | median)"; done
        exit
        ;;
esac

[ $# -ge 4 ] || die "Expected A_PORT A_PID B_PORT B_PID [ROUNDS], or fill or restart: see the head of $0."
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
run() {
    local side=$1
    shift
    "${load[@]}" "$@" | sed "s/^{/{\"side\":\"$side\",/" | tee -a "$lines"
}
for workload in ${WORKLOADS:-steady commits join storm}; do
    case $workload in
        steady) arguments=(steady 1000 5 "${SECS:-20}") figures=(cpu_percent) ;;
        commits) arguments=(commits 5 5 "${SECS:-8}") figures=(per_s cpu_us_each) ;;
        join) arguments=(join 200) figures=(stable_after_ms cpu_ms) ;;
        storm) arguments=(storm 1000 "${SECS:-5}") figures=(calm_p99_us storm_p50_us storm_p99_us) ;;
        *) die "Expected steady, commits, join or storm, but got '$workload'." ;;
    esac
    # Once unreported, to warm both up.
    [ "$workload" = steady ] || for side in "$1 $2" "$3 $4"; do "${load[@]}" $side "${arguments[@]}" >/dev/null; done
    for ((round = 1; round <= ${5:-3}; round++)); do
        run A "$1" "$2" "${arguments[@]}"
        run B "$3" "$4" "${arguments[@]}"
    done
    for figure in "${figures[@]}"; do
        for side in A B; do
            printf -v "$side" %s "$(grep "\"side\":\"$side\",\"workload\":\"$workload\"" "$lines" |
                sed "s/.*\"$figure\":\([0-9.]*\).*/\1/" | median)"
        done
        awk -v w="$workload" -v f="$figure" -v a="$A" -v b="$B" \
            'BEGIN { printf "%s %s: A %s, B %s, A/B %.2f\n", w, f, a, b, b == 0 ? 0 : a / b }'
    done
done
