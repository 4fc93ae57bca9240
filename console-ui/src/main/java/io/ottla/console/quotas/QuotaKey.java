package io.ottla.console.quotas;

import java.util.List;
import java.util.stream.Stream;

/** What can be limited, by Kafka's names. */
public enum QuotaKey {
    /** Bytes a second that are written. */
    PRODUCER("producer_byte_rate", true, false),
    /** Bytes a second that are read. */
    CONSUMER("consumer_byte_rate", true, false),
    /** Share of one thread's time, in percent: 200 is two threads' whole time. */
    REQUEST("request_percentage", false, false),
    /** Partitions a second that are made or deleted. */
    CONTROLLER("controller_mutation_rate", false, false),
    /** New connections a second. */
    CONNECTION("connection_creation_rate", true, true);

    private final String key;
    private final boolean whole;
    private final boolean ofAddress;

    QuotaKey(String key, boolean whole, boolean ofAddress) {
        this.key = key;
        this.whole = whole;
        this.ofAddress = ofAddress;
    }

    public String key() {
        return key;
    }

    /** Whether it takes whole numbers only. */
    public boolean whole() {
        return whole;
    }

    /** Whether it limits an address, not a user or client id. */
    public boolean ofAddress() {
        return ofAddress;
    }

    static List<QuotaKey> of(QuotaOwner owner) {
        return Stream.of(values())
                .filter(each -> each.ofAddress == owner.isAddress())
                .toList();
    }
}
