package io.ottla.record;

import io.ottla.metrics.Counter;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;

/** Counts what produced batches are rejected for, by Kafka's names. */
final class ValidationMeter {
    private static final String PREFIX = "kafka_server_brokertopicmetrics_";

    final Counter invalidMagic;
    final Counter invalidCrc;
    final Counter invalidOffsetOrSequence;
    final Counter keyless;

    ValidationMeter(Metrics metrics) {
        invalidMagic =
                counter(metrics, "invalidmagicnumberrecords", "Batches of a format that produce requests do not carry");
        invalidCrc = counter(metrics, "invalidmessagecrcrecords", "Produced batches whose checksum did not fit");
        invalidOffsetOrSequence = counter(
                metrics, "invalidoffsetorsequencerecords", "Produced batches with impossible offsets or sequences");
        keyless = counter(metrics, "nokeycompactedtopicrecords", "Records without key produced to compacted topics");
    }

    private static Counter counter(Metrics metrics, String name, String help) {
        return metrics.counter(PREFIX + name + "_total", help, Labels.NONE);
    }
}
