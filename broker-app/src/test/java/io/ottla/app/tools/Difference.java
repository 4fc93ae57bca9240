package io.ottla.app.tools;

import java.util.regex.Pattern;

/** A difference between what a tool says of Ottla and of Kafka that is meant to be; whoever names it, sees it. */
enum Difference {
    /** Kafka without ZooKeeper makes min.insync.replicas a setting of all brokers where KIP-966 is in force; here it stays a default. */
    LEAST_IN_SYNC_OF_ALL_BROKERS("(?m)(?<=Configs: )min\\.insync\\.replicas=1$"
            + "|DYNAMIC_DEFAULT_BROKER_CONFIG:min\\.insync\\.replicas=1, "
            + "|^  min\\.insync\\.replicas=1 .*\\{DYNAMIC_DEFAULT_BROKER_CONFIG.*\\}\\n"),
    /** Kafka 3.9 knows nothing of eligible replicas, and the tool says so. */
    ELIGIBLE_REPLICAS("\tElr: .*"),
    /** The last replica in sync stays that when it dies, as with ZooKeeper; Kafka without ZooKeeper makes it eligible. */
    LAST_IN_SYNC("(?<=Leader: none\\tReplicas: 3\\t)Isr: \\d?\\tElr: \\d?\\t"),
    /** Kafka knows the rates of throttles only once they are set; here they have a default. */
    RATES_HAVE_A_DEFAULT(", DEFAULT_CONFIG:\\w+\\.replication\\.throttled\\.rate=9223372036854775807");

    private final Pattern where;

    Difference(String where) {
        this.where = Pattern.compile(where);
    }

    String settle(String said) {
        return where.matcher(said).replaceAll("");
    }
}
