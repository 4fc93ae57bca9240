package io.ottla.console.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class DescentTest {
    private static final int BYTES = 100;

    private static List<ConsumerRecord<byte[], byte[]>> records(long from, long end) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (long offset = from; offset < end; offset++) {
            records.add(new ConsumerRecord<>(
                    "t",
                    0,
                    offset,
                    0,
                    TimestampType.CREATE_TIME,
                    0,
                    BYTES,
                    new byte[0],
                    new byte[BYTES],
                    new RecordHeaders(),
                    Optional.empty()));
        }
        return records;
    }

    private static List<Long> takeAll(Descent descent) {
        List<Long> taken = new ArrayList<>();
        while (!descent.isEmpty()) {
            taken.add(descent.take().offset());
        }
        return taken;
    }

    @Test
    void shouldGoDownInWindowsThatGrow() {
        // given
        Descent descent = new Descent(5, 30, 4);

        // when, then
        assertThat(descent.open(100, 1 << 20)).isEqualTo(26);
        descent.add(records(26, 28));
        assertThat(descent.close(28)).as("half of it is read").isFalse();
        descent.add(records(28, 32));
        assertThat(descent.close(32)).isTrue();
        assertThat(takeAll(descent)).containsExactly(29L, 28L, 27L, 26L);
        assertThat(descent.reached()).isEqualTo(26);
        assertThat(descent.open(100, 1 << 20)).isEqualTo(18);
        descent.close(30);
        assertThat(descent.open(3, 1 << 20)).as("no more than may be").isEqualTo(15);
        descent.close(30);
        assertThat(descent.isReadToItsStart()).isFalse();
        assertThat(descent.open(100, 1 << 20)).isEqualTo(9);
        descent.close(30);
        assertThat(descent.open(100, 1 << 20)).as("the log begins there").isEqualTo(5);
        descent.close(30);
        assertThat(descent.isReadToItsStart()).isTrue();
    }

    @Test
    void shouldHoldNoMoreBytesThanItMayAndReadTheRestLater() {
        // given
        Descent descent = new Descent(0, 50, 50);

        // when
        descent.open(50, 5 * BYTES);
        descent.add(records(0, 50));
        descent.close(50);

        // then   the newest are there, and the others follow
        assertThat(descent.heldBytes()).isEqualTo(5 * BYTES);
        assertThat(takeAll(descent)).containsExactly(49L, 48L, 47L, 46L, 45L);
        assertThat(descent.reached()).isEqualTo(45);
        assertThat(descent.open(50, 5 * BYTES)).as("no larger window than fits").isEqualTo(40);
        descent.add(records(40, 50));
        descent.close(50);
        assertThat(takeAll(descent)).containsExactly(44L, 43L, 42L, 41L, 40L);
    }

    @Test
    void shouldHoldARecordThatIsLargerThanItMay() {
        Descent descent = new Descent(0, 3, 3);

        descent.open(3, 1);
        descent.add(records(0, 3));
        descent.close(3);

        assertThat(descent.reached()).isEqualTo(3);
        assertThat(takeAll(descent)).containsExactly(2L);
        assertThat(descent.isReadToItsStart()).isFalse();
    }
}
