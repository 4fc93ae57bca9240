package io.ottla.oracle;

import static org.apache.kafka.common.protocol.ApiKeys.*;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;

/** What becomes of an API that is not announced: a later part of Ottla owns it, it is refused for good, or brokers alone ask. */
sealed interface ApiFate {
    record Later(String owner) implements ApiFate {}

    record Refused(String reason) implements ApiFate {}

    /** It has a handler, on the inter-broker listener, which no client is told of. */
    record AmongBrokers() implements ApiFate {}

    /** Of every key without a handler. */
    static Map<ApiKeys, ApiFate> all() {
        Map<ApiKeys, ApiFate> all = new EnumMap<>(ApiKeys.class);
        later(all, "quotas", EnumSet.of(DESCRIBE_CLIENT_QUOTAS, ALTER_CLIENT_QUOTAS));
        for (ApiKeys key : List.of(ALTER_PARTITION, ENVELOPE)) {
            all.put(key, new AmongBrokers());
        }
        later(
                all,
                "security",
                EnumSet.of(
                        SASL_HANDSHAKE,
                        SASL_AUTHENTICATE,
                        DESCRIBE_ACLS,
                        CREATE_ACLS,
                        DELETE_ACLS,
                        CREATE_DELEGATION_TOKEN,
                        RENEW_DELEGATION_TOKEN,
                        EXPIRE_DELEGATION_TOKEN,
                        DESCRIBE_DELEGATION_TOKEN,
                        DESCRIBE_USER_SCRAM_CREDENTIALS,
                        ALTER_USER_SCRAM_CREDENTIALS));
        later(
                all,
                "share groups",
                EnumSet.of(
                        SHARE_GROUP_HEARTBEAT,
                        SHARE_GROUP_DESCRIBE,
                        SHARE_FETCH,
                        SHARE_ACKNOWLEDGE,
                        INITIALIZE_SHARE_GROUP_STATE,
                        READ_SHARE_GROUP_STATE,
                        WRITE_SHARE_GROUP_STATE,
                        DELETE_SHARE_GROUP_STATE,
                        READ_SHARE_GROUP_STATE_SUMMARY,
                        DESCRIBE_SHARE_GROUP_OFFSETS,
                        ALTER_SHARE_GROUP_OFFSETS,
                        DELETE_SHARE_GROUP_OFFSETS));
        later(
                all,
                "streams groups",
                EnumSet.of(STREAMS_GROUP_HEARTBEAT, STREAMS_GROUP_DESCRIBE, STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE));
        later(all, "telemetry", EnumSet.of(GET_TELEMETRY_SUBSCRIPTIONS, PUSH_TELEMETRY));
        refused(
                all,
                "among Kafka's ZooKeeper-era brokers only, and gone since Kafka 4.0; a mixed cluster's adapter speaks it",
                EnumSet.of(LEADER_AND_ISR, STOP_REPLICA, UPDATE_METADATA, CONTROLLED_SHUTDOWN));
        refused(
                all,
                "of the Raft quorum, which ZooKeeper stands in for here",
                EnumSet.of(
                        VOTE,
                        BEGIN_QUORUM_EPOCH,
                        END_QUORUM_EPOCH,
                        DESCRIBE_QUORUM,
                        FETCH_SNAPSHOT,
                        ADD_RAFT_VOTER,
                        REMOVE_RAFT_VOTER,
                        UPDATE_RAFT_VOTER,
                        UNREGISTER_CONTROLLER));
        refused(
                all,
                "between KRaft's brokers and controllers; here a broker registers in ZooKeeper",
                EnumSet.of(BROKER_REGISTRATION, BROKER_HEARTBEAT, CONTROLLER_REGISTRATION));
        refused(
                all,
                "between KRaft's brokers and controllers; here blocks of producer ids come from ZooKeeper",
                EnumSet.of(ALLOCATE_PRODUCER_IDS));
        refused(
                all,
                "between KRaft's brokers and controllers; here only the broker knows which folder holds a replica",
                EnumSet.of(ASSIGN_REPLICAS_TO_DIRS));
        return all;
    }

    private static void later(Map<ApiKeys, ApiFate> all, String owner, EnumSet<ApiKeys> keys) {
        keys.forEach(key -> all.put(key, new Later(owner)));
    }

    private static void refused(Map<ApiKeys, ApiFate> all, String reason, EnumSet<ApiKeys> keys) {
        keys.forEach(key -> all.put(key, new Refused(reason)));
    }
}
