# What a container's start adds to bin/ottla server; sourced where OTTLA_CONTAINER is set. It follows the conventions of
# Apache Kafka's image: KAFKA_ variables name settings, /mnt/shared/config/server.properties is read where it is mounted,
# /etc/kafka/secrets holds keystores and the files that hold their passwords.
#
# CONTAINER_ROOT stands before all these paths; tests set it.

container_root="${CONTAINER_ROOT:-}"
container_secrets="$container_root/etc/kafka/secrets"

# export_default NAME VALUE: unless somebody has set it.
export_default() { [ -n "${!1:-}" ] || export "$1=$2"; }

# The content of a file of secrets, without its line end; NAME is the variable that names it.
secret_of() {
    local name=$1 file="$container_secrets/${!1}"
    [ -r "$file" ] || die "Expected the file that $name names in $container_secrets, but there is no ${!1} that can be read."
    printf '%s' "$(cat "$file")"
}

# NAME_FILENAME names a store, NAME_CREDENTIALS a file with its password (and SSL_KEY_CREDENTIALS that of the key).
map_secrets() {
    local store
    for store in KEYSTORE TRUSTSTORE; do
        local filename="KAFKA_SSL_${store}_FILENAME" credentials="KAFKA_SSL_${store}_CREDENTIALS"
        if [ -n "${!filename:-}" ]; then
            [ -r "$container_secrets/${!filename}" ] ||
                die "Expected the file that $filename names in $container_secrets, but there is no ${!filename} that can be read."
            export "KAFKA_SSL_${store}_LOCATION=$container_secrets/${!filename}"
            unset "$filename"
        fi
        if [ -n "${!credentials:-}" ]; then
            export "KAFKA_SSL_${store}_PASSWORD=$(secret_of "$credentials")"
            unset "$credentials"
        fi
    done
    if [ -n "${KAFKA_SSL_KEY_CREDENTIALS:-}" ]; then
        export "KAFKA_SSL_KEY_PASSWORD=$(secret_of KAFKA_SSL_KEY_CREDENTIALS)"
        unset KAFKA_SSL_KEY_CREDENTIALS
    fi
}

# Whether a listener is one of KAFKA_CONTROLLER_LISTENER_NAMES.
is_controller_listener() {
    local names
    names=$(tr 'a-z \t\n' 'A-Z,,,' <<<",$KAFKA_CONTROLLER_LISTENER_NAMES,")
    [[ $names == *",$(tr a-z A-Z <<<"$1"),"* ]]
}

# The usual compose files give each node a listener for KRaft's controllers, of which there are none here. Where a node has
# no other it stays, and the broker says what is wrong.
drop_controller_listeners() {
    local name entry kept dropped entries
    [ -n "${KAFKA_CONTROLLER_LISTENER_NAMES:-}" ] || return 0
    for name in KAFKA_LISTENERS KAFKA_ADVERTISED_LISTENERS; do
        kept="" dropped=""
        IFS=', ' read -ra entries <<<"$(tr '\n\t' '  ' <<<"${!name:-}")"
        for entry in ${entries[@]+"${entries[@]}"}; do
            if is_controller_listener "${entry%%://*}"; then
                dropped+="${dropped:+,}$entry"
            elif [ -n "$entry" ]; then
                kept+="${kept:+,}$entry"
            fi
        done
        if [ -n "$dropped" ] && [ -n "$kept" ]; then
            say "$name: $dropped is left out: it is for KRaft's controllers (KAFKA_CONTROLLER_LISTENER_NAMES), of which"                 "there are none here."
            export "$name=$kept"
        fi
    done
}

# In a container 127.0.0.1 is nobody's address: what is advertised is listened for on all addresses.
map_listeners() {
    if [ -n "${KAFKA_ADVERTISED_LISTENERS:-}" ] && [ -z "${KAFKA_LISTENERS:-}" ]; then
        KAFKA_LISTENERS=$(sed -E 's#://[^,]*:([0-9]+)#://0.0.0.0:\1#g' <<<"$KAFKA_ADVERTISED_LISTENERS")
        export KAFKA_LISTENERS
    fi
}

# Whether the mounted file says something of one of these names.
file_names() { [ -f "$mounted" ] && grep -Eq "^[[:space:]]*($1)[[:space:]]*[=:]" "$mounted"; }

# Kubernetes gives an empty value where a node's label, from which the rack is taken, is not there.
if [ -n "${KAFKA_BROKER_RACK+x}" ] && [ -z "$KAFKA_BROKER_RACK" ]; then
    say "KAFKA_BROKER_RACK is empty: this broker has no rack."
    unset KAFKA_BROKER_RACK
fi

mounted="$container_root/mnt/shared/config/server.properties"
if [ -f "$mounted" ] && [ $# -eq 1 ]; then
    set -- "$1" "$mounted"
fi
map_secrets
file_names 'listeners|advertised\.listeners|port|host\.name' || [ -n "${KAFKA_LISTENERS:-}" ] ||
    export_default KAFKA_ADVERTISED_LISTENERS "PLAINTEXT://localhost:9092"
drop_controller_listeners
map_listeners
file_names 'log\.dirs?' || [ -n "${KAFKA_LOG_DIR:-}" ] || export_default KAFKA_LOG_DIRS "$container_root/var/lib/kafka/data/logs"
export_default SERVER_ADDRESS 0.0.0.0
