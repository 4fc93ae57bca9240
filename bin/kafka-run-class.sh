#!/usr/bin/env bash
# Starts a class of Apache Kafka's own tools: kafka-run-class.sh CLASS [ARGUMENT]...
#
# Their jars are resolved by Maven on first use, into tools/target of a checkout or OTTLA_TOOLS_HOME; offline afterwards.
# KAFKA_HEAP_OPTS and KAFKA_OPTS are as in Kafka's scripts. The tools run with any Java from 17 on.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
[ $# -ge 1 ] || die "Usage: kafka-run-class.sh CLASS [ARGUMENT]..."

TOOLS="$ROOT/tools"
HOME_OF_JARS="${OTTLA_TOOLS_HOME:-$TOOLS/target}"

# Resolves the jars unless they are there for this very pom; of several at once, one does it and the others wait.
resolve() (
    ! cmp -s "$TOOLS/pom.xml" "$HOME_OF_JARS/lib/pom.xml" || return 0
    need_maven
    mkdir -p "$HOME_OF_JARS"
    exec 9>"$HOME_OF_JARS/.lock"
    ! command -v flock >/dev/null 2>&1 || flock 9
    ! cmp -s "$TOOLS/pom.xml" "$HOME_OF_JARS/lib/pom.xml" || return 0
    say "fetching Kafka's tools (once) ..."
    rm -rf "$HOME_OF_JARS/lib.new" "$HOME_OF_JARS/lib"
    mvn -q -B -ntp -f "$TOOLS/pom.xml" dependency:copy-dependencies -DoutputDirectory="$HOME_OF_JARS/lib.new" >&2 9>&- ||
        die "Kafka's tools could not be fetched; the reason is above."
    cp "$TOOLS/pom.xml" "$HOME_OF_JARS/lib.new/pom.xml"
    mv "$HOME_OF_JARS/lib.new" "$HOME_OF_JARS/lib"
)

resolve
home=$(JAVA_NEEDED=17 find_java)
java="$home/bin/java"
# What the libraries of Kafka's tools do, newer Java warns of; Java before 23 doesn't know the option.
quiet=(--enable-native-access=ALL-UNNAMED)
[ "$(java_version_of "$home")" -lt 23 ] || quiet+=(--sun-misc-unsafe-memory-access=allow)
# shellcheck disable=SC2086  # both are lists of options
exec "$java" "${quiet[@]}" ${KAFKA_HEAP_OPTS:--Xmx512M} -XX:+UseSerialGC -XX:TieredStopAtLevel="${TOOLS_JIT_LEVEL:-1}" -Djava.awt.headless=true \
    -Dlog4j2.configurationFile="$TOOLS/log4j2.properties" ${KAFKA_OPTS:-} -cp "$HOME_OF_JARS/lib/*" "$@"
