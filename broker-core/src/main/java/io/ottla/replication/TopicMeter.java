package io.ottla.replication;

import io.ottla.metrics.Counter;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;

/**
 * What is done to one topic, or to all: Kafka's {@code BrokerTopicMetrics}. A topic's meter counts for all topics
 * too. Thread-safe; counting does not allocate.
 */
public final class TopicMeter {
    static final String PREFIX = "kafka_server_brokertopicmetrics_";
    static final String[] NAMES = {
        "bytesin",
        "bytesout",
        "messagesin",
        "bytesrejected",
        "totalproducerequests",
        "totalfetchrequests",
        "failedproducerequests",
        "failedfetchrequests"
    };

    private final TopicMeter all;
    private final Counter bytesIn;
    private final Counter bytesOut;
    private final Counter messagesIn;
    private final Counter bytesRejected;
    private final Counter totalProduceRequests;
    private final Counter totalFetchRequests;
    private final Counter failedProduceRequests;
    private final Counter failedFetchRequests;
    private final Counter replicationBytesIn;
    private final Counter replicationBytesOut;
    private final Counter reassignmentBytesIn;
    private final Counter reassignmentBytesOut;

    TopicMeter(Metrics metrics, Labels labels, TopicMeter all) {
        this.all = all;
        bytesIn = counter(metrics, labels, 0, "Bytes that leaders appended");
        bytesOut = counter(metrics, labels, 1, "Bytes that consumers took");
        messagesIn = counter(metrics, labels, 2, "Records that leaders appended");
        bytesRejected = counter(metrics, labels, 3, "Bytes of batches that were too large");
        totalProduceRequests = counter(metrics, labels, 4, "Produce requests, counted by partition");
        totalFetchRequests = counter(metrics, labels, 5, "Fetch requests, counted by partition");
        failedProduceRequests = counter(metrics, labels, 6, "Produce requests that failed unexpectedly, by partition");
        failedFetchRequests = counter(metrics, labels, 7, "Fetch requests that failed unexpectedly, by partition");
        replicationBytesIn =
                all != null ? null : of(metrics, "replicationbytesin", "Bytes that followers here fetched");
        replicationBytesOut =
                all != null ? null : of(metrics, "replicationbytesout", "Bytes that followers elsewhere fetched");
        reassignmentBytesIn = all != null
                ? null
                : of(metrics, "reassignmentbytesin", "Bytes that replicas here fetched which a reassignment brings in");
        reassignmentBytesOut = all != null
                ? null
                : of(metrics, "reassignmentbytesout", "Bytes that replicas elsewhere fetched which one brings in");
    }

    /** Of all topics together alone, as in Kafka. */
    private static Counter of(Metrics metrics, String name, String help) {
        return metrics.counter(PREFIX + name + "_total", help, Labels.NONE);
    }

    private static Counter counter(Metrics metrics, Labels labels, int name, String help) {
        return metrics.counter(PREFIX + NAMES[name] + "_total", help, labels);
    }

    /** A leader has appended records, whosever: a coordinator's own are as much a load as a producer's. */
    void appended(int records, int bytes) {
        messagesIn.add(records);
        bytesIn.add(bytes);
        if (all != null) {
            all.appended(records, bytes);
        }
    }

    /** A producer's request names the topic. */
    public void produceAsked() {
        totalProduceRequests.increment();
        if (all != null) {
            all.totalProduceRequests.increment();
        }
    }

    /** An append failed for a reason that is not an everyday one. */
    public void produceFailed() {
        failedProduceRequests.increment();
        if (all != null) {
            all.failedProduceRequests.increment();
        }
    }

    /** A batch was too large. */
    public void rejected(int bytes) {
        bytesRejected.add(bytes);
        if (all != null) {
            all.bytesRejected.add(bytes);
        }
    }

    /** A consumer looked at a partition. */
    public void fetchAsked() {
        totalFetchRequests.increment();
        if (all != null) {
            all.totalFetchRequests.increment();
        }
    }

    public void fetchFailed() {
        failedFetchRequests.increment();
        if (all != null) {
            all.failedFetchRequests.increment();
        }
    }

    /**
     * A follower here has taken over what it fetched.
     *
     * @param adding whether a reassignment brings it in (KIP-352)
     */
    void replicatedIn(int bytes, boolean adding) {
        TopicMeter whole = all == null ? this : all;
        whole.replicationBytesIn.add(bytes);
        if (adding) {
            whole.reassignmentBytesIn.add(bytes);
        }
    }

    /** Bytes go out to a follower, as above. */
    void replicatedOut(int bytes, boolean adding) {
        TopicMeter whole = all == null ? this : all;
        whole.replicationBytesOut.add(bytes);
        if (adding) {
            whole.reassignmentBytesOut.add(bytes);
        }
    }

    /** Bytes go out to a consumer. */
    public void fetched(int bytes) {
        bytesOut.add(bytes);
        if (all != null) {
            all.bytesOut.add(bytes);
        }
    }
}
