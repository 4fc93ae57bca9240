package io.ottla.coordinator.group.lag;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndHistoryTest {
    private static final int LOOK_S = 10;
    private static final long LOOK_MS = 1_000L * LOOK_S;
    private static final int DAY_S = 86_400;

    private final EndHistory history = new EndHistory();

    @Test
    void shouldTellWhenTheRecordCameThatIsToBeReadNext() {
        // given  100 records within 10 s, none within 20, 100 more within 10
        history.note(0, 0);
        history.note(10_000, 100);
        history.note(20_000, 100);
        history.note(30_000, 100);
        history.note(40_000, 200);
        // then
        assertThat(history.end()).isEqualTo(200);
        assertThat(history.notedMs()).isEqualTo(40_000);
        assertThat(history.sinceMs(150)).isEqualTo(35_000);
        assertThat(history.sinceMs(100)).isEqualTo(30_000);
        assertThat(history.sinceMs(50)).isEqualTo(5_000);
    }

    @Test
    void shouldKnowThatARecordWasThereAtTheFirstLook() {
        history.note(7_000, 1_000);
        assertThat(history.firstMs()).isEqualTo(7_000);
        assertThat(history.sinceMs(0)).isEqualTo(7_000);
        assertThat(history.sinceMs(999)).isEqualTo(7_000);
    }

    @Test
    void shouldBeginAnewWhereTheEndGoesBack() {
        history.note(0, 1_000);
        history.note(10_000, 2_000);
        history.note(20_000, 10);
        assertThat(history.end()).isEqualTo(10);
        assertThat(history.firstMs()).isEqualTo(20_000);
        assertThat(history.sinceMs(5)).isEqualTo(20_000);
    }

    @Test
    void shouldKnowExactlyOfAPartitionThatRests() {
        // given  a record that nobody reads
        history.note(0, 7);
        for (int second = LOOK_S; second <= 30 * DAY_S; second += LOOK_S) {
            history.note(second * 1_000L, 8);
        }
        assertThat(history.sinceMs(7)).isZero();
    }

    @Test
    void shouldNeverForgetItsFirstLook() {
        for (int second = 0; second <= 30 * DAY_S; second += LOOK_S) {
            history.note(second * 1_000L, 100 + second);
        }
        assertThat(history.firstMs()).isZero();
        assertThat(history.sinceMs(99)).isZero();
        // and    of even growth it knows all
        for (int ago = 0; ago < 30 * DAY_S; ago += 997) {
            assertThat(history.sinceMs(100 + 30 * DAY_S - ago - 1)).isEqualTo((30 * DAY_S - ago - 1) * 1_000L);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void shouldKnowByAThirdWhenWhatCameAsItHappens(int seed) {
        // given  a week of records that come in bursts, in hours that are busy, or not at all
        Random random = new Random(seed);
        IntUnaryOperator coming = switch (seed) {
            case 1 -> _ -> random.nextInt(100) == 0 ? random.nextInt(5_000) : 0;
            case 2 -> look -> look / 360 % 5 == 0 ? random.nextInt(200) : random.nextInt(3);
            case 3 -> _ -> random.nextInt(2_000) == 0 ? 1 : 0;
            default -> look -> look / 2_000 % 2 == 0 ? 1 : random.nextInt(10_000);
        };
        int looks = 7 * DAY_S / LOOK_S;
        long[] ends = new long[looks];
        long end = 1_000;
        for (int look = 0; look < looks; look++) {
            end += coming.applyAsInt(look);
            ends[look] = end;
            history.note(look * LOOK_MS, end);
        }
        long nowMs = (looks - 1) * LOOK_MS;
        for (int i = 0; i < 10_000; i++) {
            // when   somebody asks for an offset of that week
            long offset = random.nextLong(ends[0], end);
            long seenMs = firstLookBeyond(ends, offset) * LOOK_MS;
            // then
            long off = Math.abs(history.sinceMs(offset) - seenMs);
            assertThat(off).isLessThanOrEqualTo((nowMs - seenMs) / 3 + 2 * LOOK_MS);
        }
    }

    private static int firstLookBeyond(long[] ends, long offset) {
        int at = Arrays.binarySearch(ends, offset + 1);
        if (at < 0) {
            return -at - 1;
        }
        while (at > 0 && ends[at - 1] == offset + 1) {
            at--;
        }
        return at;
    }
}
