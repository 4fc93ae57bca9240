package io.ottla.chaos.workload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PayloadTest {
    @Test
    void shouldTellItsValue() {
        assertThat(Payload.value(Payload.of(7, 0))).isEqualTo(7);
        assertThat(Payload.value(Payload.of(1L << 40, 2_000))).isEqualTo(1L << 40);
    }

    @Test
    void shouldTellNoneWhereAnyOfItsBytesIsAnother() {
        for (int i : new int[] {7, 8, 500, 1_007}) {
            byte[] payload = Payload.of(7, 1_000);
            payload[i] ^= 1;

            assertThat(Payload.value(payload)).as("byte %d", i).isEqualTo(Payload.NONE);
        }
    }
}
