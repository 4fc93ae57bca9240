#!/usr/bin/env bash
# Fills the memory that is free with pages of a file, as the memory of a machine is on which a broker has run for days.
#
#   bench/fill-page-cache.sh FILE        takes the free memory's size on the disk; remove FILE afterwards. Again
#                                      with the same FILE where files were deleted meanwhile: it grows to the memory's size at most
#
# Run it before measurements that write. In a virtual machine whose free pages go back to its host (free page reporting of the
# balloon) a write into a fresh page waits for the host: seen, 240 MB/s instead of 1 to 2 GB/s, the same for every broker, so that
# all brokers look alike. Pages that are taken from other files cost no such thing.
set -euo pipefail
[ $# -eq 1 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 1; }

free_mb() { awk '/^MemFree/ { print int($2 / 1024) }' /proc/meminfo; }

file_mb() { [ ! -f "$1" ] && echo 0 || echo $(($(stat -c %s "$1") / 1048576)); }
most_mb=$(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo)

[ ! -f "$1" ] || cat "$1" >/dev/null
for _ in 1 2 3; do
    wanted=$(($(free_mb) - 300)) room=$((most_mb - $(file_mb "$1"))) # what no longer fits into memory fills nothing
    count=$((wanted < room ? wanted : room))
    [ "$count" -gt 200 ] || break
    dd if=/dev/zero of="$1" bs=1M count="$count" oflag=append conv=notrunc status=none
done
sync
echo "free: $(free_mb) MB"
