# Three brokers of Ottla beside a ZooKeeper of their own, for the measurements of bench/; sourced behind bin/lib.sh, not run.

# The command line of ZooKeeper's server at a port, with its data in a folder.
zookeeper_command() {
    echo "$(find_java jdk)/bin/java -Xmx256M -Dzookeeper.admin.enableServer=false -Dslf4j.internal.verbosity=ERROR" \
        "-cp $ROOT/broker-app/target/layout/lib/* org.apache.zookeeper.server.ZooKeeperServerMain $1 $2"
}

# Prints a line "ID PORT COMMAND" for each of three brokers: at PORT+1 to PORT+3, their consoles at PORT+6 to PORT+8, and
# ZooKeeper expected at PORT+9; all files below a folder.
three_brokers() {
    local folder=$1 port=$2 id
    for id in 1 2 3; do
        mkdir -p "$folder/$id"
        cat >"$folder/$id/server.properties" <<PROPERTIES
broker.id=$id
listeners=PLAINTEXT://127.0.0.1:$((port + id))
zookeeper.connect=127.0.0.1:$((port + 9))
log.dirs=$folder/$id/logs
server.port=$((port + 5 + id))
PROPERTIES
        echo "$id $((port + id)) $ROOT/bin/ottla server $folder/$id/server.properties"
    done
}

# Sets BROKERS, where the caller has named no file of other brokers, to one with three of ours below a folder, whose ZooKeeper it
# starts; "zookeeper" is the pid of that.
given_or_three_brokers() {
    local folder=$1 port=$2
    [ -z "${BROKERS:-}" ] || return 0
    "$ROOT/bin/ottla" --version >&2 # builds what is missing
    BROKERS="$folder/brokers"
    set -f # the class path's star is java's
    $(zookeeper_command $((port + 9)) "$folder/zookeeper") >"$folder/zookeeper.log" 2>&1 &
    zookeeper=$!
    set +f
    three_brokers "$folder" "$port" >"$BROKERS"
}

need_classes() {
    [ -f "$ROOT/bench/target/classes/io/ottla/bench/$1.class" ] ||
        die "Build the measurement first: mvn -q -DskipTests -pl bench -am package"
}
