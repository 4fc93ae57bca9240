#!/usr/bin/env bash
# Transactions and idempotent producers on two brokers in turn, A and B, both running already on 127.0.0.1:
#
#   bench/transactions.sh A_PORT A_PID B_PORT B_PID [ROUNDS]
#
# Prints a JSON line a run, then the medians and their ratio. WORKLOADS chooses (default: all of it), as
# RECORDS:PARTITIONS:PRODUCERS, each of whom commits transactions of so many records of 100 bytes over so many partitions, one after
# the other; or idempotent and plain: one producer as fast as it can, acks=all, with and without sequence numbers.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../bin/lib.sh"

[ $# -ge 4 ] || die "Expected A_PORT A_PID B_PORT B_PID [ROUNDS]: see the head of $0."
java="$(find_java jdk)/bin/java"
[ -f "$ROOT/bench/target/classes/io/ottla/bench/TransactionLoad.class" ] ||
    die "Build the load first: mvn -q -DskipTests -pl bench -am package"
load=("$java" -Dslf4j.internal.verbosity=ERROR -Xms256M -Xmx1G -XX:+UseParallelGC -cp "$ROOT/bench/target/classes:$ROOT/bench/target/lib/*" io.ottla.bench.TransactionLoad)
median() { sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT

for workload in ${WORKLOADS:-1:1:1 10:1:1 100:1:1 10:10:1 100:10:1 1:1:10 10:10:10 idempotent plain}; do
    case $workload in
        idempotent) arguments=(produce 1 "${SECS:-8}") figures=(per_s cpu_s_per_million) ;;
        plain) arguments=(produce 0 "${SECS:-8}") figures=(per_s cpu_s_per_million) ;;
        *:*:*) arguments=(transactions ${workload//:/ } "${SECS:-8}") figures=(per_s commit_p50_ms commit_p99_ms cpu_us_each) ;;
        *) die "Expected RECORDS:PARTITIONS:PRODUCERS, idempotent or plain, but got '$workload'." ;;
    esac
    # Once unreported, to warm both up.
    for side in "$1 $2" "$3 $4"; do "${load[@]}" $side "${arguments[@]}" >/dev/null; done
    for ((round = 1; round <= ${5:-3}; round++)); do
        for side in "A $1 $2" "B $3 $4"; do
            "${load[@]}" ${side#? } "${arguments[@]}" | sed "s/^{/{\"side\":\"${side:0:1}\",\"run\":\"$workload\",/" | tee -a "$lines"
        done
    done
    for figure in "${figures[@]}"; do
        for side in A B; do
            printf -v "$side" %s "$(grep "\"side\":\"$side\",\"run\":\"$workload\"" "$lines" |
                sed "s/.*\"$figure\":\([0-9.]*\).*/\1/" | median)"
        done
        awk -v w="$workload" -v f="$figure" -v a="$A" -v b="$B" \
            'BEGIN { printf "%s %s: A %s, B %s, A/B %.2f\n", w, f, a, b, b == 0 ? 0 : a / b }'
    done
done
