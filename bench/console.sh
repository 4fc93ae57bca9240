#!/usr/bin/env bash
# How long the console's pages take over a real broker with many topics, and what the process holds of memory beside them.
#
#   bench/console.sh [TOPICS] [ROUNDS] [GROUPS]     default 1000 (of 10 partitions), 50, and 50 (with offsets in 20 topics)
#
# Makes them, then starts the broker anew: "first" is the first time that somebody looks at each page after a start, "median" and
# "most" are of ROUNDS times, after as many of warming. Milliseconds by curl, with the session of somebody who has logged in.
#
# PORT (27592) and the two after it have to be free. OTTLA_OPTS and KAFKA_HEAP_OPTS reach the broker.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../bin/lib.sh"

topics=${1:-1000} rounds=${2:-50} groups=${3:-50} partitions=10 topics_of_group=20
port=${PORT:-27592}
zookeeper=$((port + 1)) console=http://127.0.0.1:$((port + 2))
jcmd="$(find_java jdk)/bin/jcmd"
work=$(mktemp -d)
broker=''
trap '[ -z "$broker" ] || { kill -9 "$broker" && wait "$broker"; } 2>/dev/null || true; rm -rf "$work"' EXIT

start() {
    CONSOLE_ADMIN_PASSWORD=password-of-the-bench "$ROOT/bin/ottla" server --override "listeners=PLAINTEXT://127.0.0.1:$port" \
        --override "zookeeper.embedded.port=$zookeeper" --override "server.port=${console##*:}" \
        --override broker.id=0 --override "num.partitions=$partitions" --override "log.dirs=$work/logs" >"$work/broker.log" 2>&1 &
    broker=$!
    until curl -sf -o "$work/page" "$console/readyz"; do
        kill -0 "$broker" 2>/dev/null || { tail -20 "$work/broker.log" >&2; die "The broker did not come up."; }
        sleep 0.2
    done
}

log_in() {
    rm -f "$work/cookies"
    curl -sf -c "$work/cookies" -o "$work/page" "$console/login"
    curl -sf -b "$work/cookies" -c "$work/cookies" -o /dev/null "$console/login" -d username=admin -d password=password-of-the-bench \
        --data-urlencode "_csrf=$(grep -o 'name="_csrf" value="[^"]*"' "$work/page" | head -1 | cut -d'"' -f4)"
}

look() {
    curl -sf -b "$work/cookies" -o "$work/page" -w '%{time_total} %{size_download}\n' "$console$1" ||
        die "Expected a page at $1, but there is none."
}

# Kilobytes that the process has, and that its heap has in use after a collection.
memory() {
    local used
    "$jcmd" "$broker" GC.run >/dev/null
    used=$("$jcmd" "$broker" GC.heap_info | grep -o 'used [0-9]*K' | head -1 | tr -dc 0-9)
    echo "$1 heap_after_gc_mb=$((used / 1024)) rss_mb=$(($(awk '/^VmRSS/ { print $2 }' "/proc/$broker/status") / 1024))"
}

"$ROOT/bin/ottla" --version >&2 # builds what is missing
start
token=$(curl -sf -u admin:password-of-the-bench -H 'Content-Type: application/json' -d '{"label": "bench", "days": 1}' \
    "$console/api/v1/account/tokens" | grep -o '"token" *: *"[^"]*"' | cut -d'"' -f4)
cluster=$(curl -sf -H "Authorization: Bearer $token" "$console/v3/clusters" | grep -o '"cluster_id" *: *"[^"]*"' | head -1 | cut -d'"' -f4)
for ((i = 0; i < topics; i++)); do
    [ "$i" = 0 ] || echo next
    printf 'url = "%s"\nheader = "Authorization: Bearer %s"\nheader = "Content-Type: application/json"\n' \
        "$console/v3/clusters/$cluster/topics" "$token"
    printf 'data = "{\\"topic_name\\": \\"topic-%d\\"}"\noutput = "/dev/null"\nfail\nsilent\nshow-error\n' "$i"
done >"$work/topics"
curl -K "$work/topics"
seq 5000 | "$ROOT/bin/kafka-console-producer.sh" --bootstrap-server "127.0.0.1:$port" --topic topic-0
for ((i = 0; i < groups; i++)); do
    of=()
    for ((j = 0; j < topics_of_group; j++)); do of+=(--topic "topic-$(((i * topics_of_group + j) % topics))"); done
    "$ROOT/bin/kafka-consumer-groups.sh" --bootstrap-server "127.0.0.1:$port" --group "group-$i" "${of[@]}" \
        --reset-offsets --to-earliest --execute >"$work/reset"
done
kill "$broker" && wait "$broker" || true

start
memory started
log_in
at=/clusters/ottla
pages=("all clusters|/clusters" "brokers|$at/brokers" "one broker|$at/brokers/0" "its replicas|$at/brokers/0/replicas"
    "topics|$at/topics" "topics, by size|$at/topics?sort=size&dir=desc" "topics that have 99 in their name|$at/topics?q=99"
    "one topic|$at/topics/topic-0" "its records|$at/topics/topic-0/records" "its groups|$at/topics/topic-0/groups"
    "groups|$at/groups" "one group|$at/groups/group-0" "offsets to be set|$at/groups/group-0/reset?to=latest" "moves|$at/moves"
    "moves, to be planned|$at/moves/new" "distribution|$at/distribution" "ZooKeeper|$at/zookeeper")
for page in "${pages[@]}"; do look "${page#*|}"; done >"$work/first"
for page in "${pages[@]}"; do
    for ((i = 0; i < rounds; i++)); do look "${page#*|}" >/dev/null; done
done
printf '| page | ms first | ms median | ms most | KiB |\n| --- | --- | --- | --- | --- |\n'
for ((n = 0; n < ${#pages[@]}; n++)); do
    for ((i = 0; i < rounds; i++)); do look "${pages[n]#*|}"; done | sort -n >"$work/times"
    awk -v name="${pages[n]%%|*}" -v first="$(sed -n "$((n + 1))s/ .*//p" "$work/first")" -v of="$rounds" '
        NR == int((of + 1) / 2) { median = $1 }
        END { printf "| %s | %.0f | %.0f | %.0f | %.0f |\n", name, first * 1000, median * 1000, $1 * 1000, $2 / 1024 }' "$work/times"
done
memory looked
echo "topics=$topics partitions=$((topics * partitions)) groups=$groups load=$(cut -d' ' -f1 /proc/loadavg)"
