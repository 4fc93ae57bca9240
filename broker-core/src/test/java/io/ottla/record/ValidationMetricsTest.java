package io.ottla.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metrics.Metrics;
import io.ottla.metrics.Movement;
import io.ottla.metrics.Moves;
import io.ottla.time.Clock;
import java.nio.ByteBuffer;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** What is shown of batches that are refused. */
class ValidationMetricsTest {
    private static final short VERSION = 12;

    private final Metrics metrics = new Metrics();
    private final BatchValidator validator = new BatchValidator(Clock.system(), metrics, 8 << 20);

    @Test
    @Moves({
        "kafka_server_brokertopicmetrics_invalidmagicnumberrecords_total",
        "kafka_server_brokertopicmetrics_invalidmessagecrcrecords_total",
        "kafka_server_brokertopicmetrics_invalidoffsetorsequencerecords_total",
        "kafka_server_brokertopicmetrics_nokeycompactedtopicrecords_total"
    })
    void shouldCountEachKindOfFault(Movement movement) {
        movement.watch(metrics);
        refuse(
                TestingRecords.legacy(
                        1, Codec.NONE, TimestampType.CREATE_TIME, 0, TestingRecords.random(1, 1, 9, false)),
                BatchRules.DEFAULTS);
        ByteBuffer torn = TestingRecords.batch("a");
        refuse(torn.put(torn.limit() - 1, (byte) 9), BatchRules.DEFAULTS);
        refuse(TestingRecords.batch("a").putLong(0, 7), BatchRules.DEFAULTS);
        refuse(
                TestingRecords.batch("a"),
                new BatchRules(1 << 20, 1 << 30, true, 0, 0, null, 0, true, Integer.MAX_VALUE));
    }

    private void refuse(ByteBuffer records, BatchRules rules) {
        assertThat(validator.check(records, VERSION, rules)).isInstanceOf(Validation.Rejected.class);
    }
}
