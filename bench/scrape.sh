#!/usr/bin/env bash
# How long a scrape of /metrics takes from a broker with many partitions, each with an offset of one group, and what it costs the
# broker: milliseconds, CPU milliseconds ("cpu", of all threads, the compiler's included), bytes, series.
#
#   bench/scrape.sh [PARTITIONS] [SCRAPES]     default 10000 and 60, after 30 of warming
#
# PORT (27492) and the two after it have to be free. OTTLA_OPTS and KAFKA_HEAP_OPTS reach the broker.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../bin/lib.sh"

partitions=${1:-10000} scrapes=${2:-60}
port=${PORT:-27492} zookeeper=$((${PORT:-27492} + 1)) console=$((${PORT:-27492} + 2))
page=http://127.0.0.1:$console/metrics
work=$(mktemp -d)
broker=''
trap '[ -z "$broker" ] || kill -9 "$broker" 2>/dev/null || true; rm -rf "$work"' EXIT

"$ROOT/bin/ottla" --version >&2 # builds what is missing
"$ROOT/bin/ottla" server --override "listeners=PLAINTEXT://127.0.0.1:$port" --override "zookeeper.embedded.port=$zookeeper" \
    --override "server.port=$console" --override "log.dirs=$work/logs" >"$work/broker.log" 2>&1 &
broker=$!
until curl -sf -o "$work/page" "$page"; do
    kill -0 "$broker" 2>/dev/null || { tail -20 "$work/broker.log" >&2; die "The broker did not come up."; }
    sleep 0.2
done

topics=()
for ((left = partitions, i = 0; left > 0; left -= 1000, i++)); do
    "$ROOT/bin/kafka-topics.sh" --bootstrap-server "127.0.0.1:$port" --create --topic "scraped-$i" \
        --partitions $((left < 1000 ? left : 1000)) >&2
    topics+=(--topic "scraped-$i")
done
"$ROOT/bin/kafka-consumer-groups.sh" --bootstrap-server "127.0.0.1:$port" --group g "${topics[@]}" \
    --reset-offsets --to-earliest --execute >"$work/reset"

cpu_of() { local s; s=$(cat "/proc/$1/stat"); set -- ${s##*) }; echo $(((${12} + ${13}) * 10)); }
scrape() { curl -sf -o "$work/page" -w '%{time_total}\n' "$page"; }

for ((i = 0; i < 30; i++)); do scrape >/dev/null; done
sleep 12 # the coordinator looks at its groups each 10 s
cpu=$(cpu_of "$broker")
for ((i = 0; i < scrapes; i++)); do scrape; done | sort -n >"$work/times"
cpu=$((($(cpu_of "$broker") - cpu) / scrapes))
ms() { awk -v at="$1" -v of="$scrapes" 'NR == int(1 + (of - 1) * at) { printf "%.0f", $1 * 1000 }' "$work/times"; }
grep -q '^kafka_consumergroup_lag{' "$work/page" || die "Expected the group on the page, but it is not there."
echo "partitions=$partitions series=$(grep -vc '^#' "$work/page") bytes=$(stat -c %s "$work/page")" \
    "least_ms=$(ms 0) median_ms=$(ms 0.5) p90_ms=$(ms 0.9) most_ms=$(ms 1) cpu_ms=$cpu load=$(cut -d' ' -f1 /proc/loadavg)"
