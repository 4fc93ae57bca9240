package io.ottla.protocol;

import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** One of Kafka's APIs. Immutable. */
public final class KafkaApi implements Api {
    static final int SLOTS = slots();

    private static final KafkaApi[] BY_ID = byId();

    private final ApiKeys key;

    private KafkaApi(ApiKeys key) {
        this.key = key;
    }

    private static int slots() {
        int largest = 0;
        for (ApiKeys key : ApiKeys.values()) {
            largest = Math.max(largest, key.id);
        }
        return largest + 1;
    }

    private static KafkaApi[] byId() {
        KafkaApi[] apis = new KafkaApi[SLOTS];
        for (ApiKeys key : ApiKeys.values()) {
            apis[key.id] = new KafkaApi(key);
        }
        return apis;
    }

    static KafkaApi of(ApiKeys key) {
        return BY_ID[key.id];
    }

    static KafkaApi forId(short id) {
        return id >= 0 && id < BY_ID.length ? BY_ID[id] : null;
    }

    public ApiKeys key() {
        return key;
    }

    @Override
    public short id() {
        return key.id;
    }

    @Override
    public String label() {
        return key.name;
    }

    @Override
    public short oldestVersion() {
        return key.oldestVersion();
    }

    @Override
    public short latestVersion() {
        return key.latestVersion();
    }

    @Override
    public short requestHeaderVersion(short version) {
        return key.requestHeaderVersion(version);
    }

    @Override
    public short responseHeaderVersion(short version) {
        return key.responseHeaderVersion(version);
    }

    @Override
    public boolean isAmongBrokers() {
        return key.clusterAction;
    }

    @Override
    public ApiMessage newRequest() {
        return key.messageType.newRequest();
    }

    @Override
    public ApiMessage newResponse() {
        return key.messageType.newResponse();
    }

    @Override
    public int slot() {
        return key.id;
    }

    @Override
    public String toString() {
        return key.toString();
    }
}
