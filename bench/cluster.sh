#!/usr/bin/env bash
# Starts three of bin/ottla beside a ZooKeeper of their own and leaves them running, for measurements from outside:
#
#   bench/cluster.sh start FOLDER PORT     prints launched_ms=, bootstrap= and pids= (of the brokers)
#   bench/cluster.sh stop FOLDER
#
# PORT and the nine after it have to be free. KAFKA_HEAP_OPTS and OTTLA_OPTS reach the brokers.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../bin/lib.sh"
source "$ROOT/bench/three.sh"

case "${1:-} $#" in
    'start 3')
        mkdir -p "$2"
        folder=$(cd "$2" && pwd) pids=()
        "$ROOT/bin/ottla" --version >&2 # builds what is missing
        set -f # the class path's star is java's
        setsid $(zookeeper_command $(($3 + 9)) "$folder/zookeeper") >"$folder/zookeeper.log" 2>&1 </dev/null &
        echo $! >"$folder/pids"
        set +f
        three_brokers "$folder" "$3" >"$folder/brokers"
        echo "launched_ms=$((${EPOCHREALTIME/[.,]/} / 1000))"
        while read -r id _ command; do
            setsid $command >"$folder/$id/log" 2>&1 </dev/null &
            pids+=($!)
        done <"$folder/brokers"
        printf '%s\n' "${pids[@]}" >>"$folder/pids"
        echo "bootstrap=127.0.0.1:$(($3 + 1)),127.0.0.1:$(($3 + 2)),127.0.0.1:$(($3 + 3))"
        echo "pids=$(IFS=,; echo "${pids[*]}")"
        ;;
    'stop 2')
        tac "$2/pids" | while read -r pid; do
            kill "$pid" 2>/dev/null || continue
            while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
        done
        rm "$2/pids"
        ;;
    *) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 1 ;;
esac
