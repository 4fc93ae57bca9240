package io.ottla.console.clusters;

import org.apache.kafka.clients.producer.RecordMetadata;

/** What became of a record that was to be written. */
public sealed interface Written {
    /** It is in the log, on as many replicas as the topic wants. */
    record Done(RecordMetadata at) implements Written {}

    /** It is not there, or nobody knows ({@link ClusterFailure.Reason#NO_ANSWER}). */
    record Refused(ClusterFailure why) implements Written {}
}
