package io.ottla.protocol;

import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * An API that requests are made to: one of Kafka's, or one that brokers of Ottla have among themselves (DESIGN §5).
 * There is one object an API, so that they may be compared by identity.
 */
public sealed interface Api permits KafkaApi, OwnApi {
    /** The number in a request's header. */
    short id();

    /** As people know it. */
    String label();

    /** The oldest version that the message classes know. */
    short oldestVersion();

    /** The newest stable version that they know. */
    short latestVersion();

    short requestHeaderVersion(short version);

    short responseHeaderVersion(short version);

    /** Whether it is meant for brokers among themselves, which no quota holds back. */
    boolean isAmongBrokers();

    /** One to read into. */
    ApiMessage newRequest();

    /** One to read into. */
    ApiMessage newResponse();

    /** Its place in tables of all APIs: from 0 without large gaps, below {@link #SLOTS}. */
    int slot();

    /** How many places such a table has. */
    int SLOTS = KafkaApi.SLOTS + OwnApi.SLOTS;

    /** One of Kafka's. */
    static Api of(ApiKeys key) {
        return KafkaApi.of(key);
    }

    /** Null where the number names none. */
    static Api forId(short id) {
        return id < OwnApi.FIRST_ID ? KafkaApi.forId(id) : OwnApi.forId(id);
    }

    /** The place of that number in tables of all APIs; -1 where it can't have one. */
    static int slot(short id) {
        if (id >= 0 && id < KafkaApi.SLOTS) {
            return id;
        }
        int own = id - OwnApi.FIRST_ID;
        return own >= 0 && own < OwnApi.SLOTS ? KafkaApi.SLOTS + own : -1;
    }
}
