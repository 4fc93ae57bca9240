package io.ottla.coordinator.group.lag;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.coordinator.group.GroupPositions.Position;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WaitsTest {
    private static final long LOOK_MS = 10_000;
    private static final long DAY_MS = 86_400_000;

    private final Waits waits = new Waits();
    private final EndHistory history = new EndHistory();

    private long age(long offset, long nowMs) {
        return age(offset, nowMs, history);
    }

    private long age(long offset, long nowMs, EndHistory seen) {
        long age = waits.ageMs("g", new Position("t", 0, offset), seen, nowMs);
        waits.lookedAtAll();
        return age;
    }

    @Test
    void shouldGrowByASecondASecondAsLongAsAGroupStands() {
        // given  a partition that grows as it happens, and a group that reads all of it for an hour
        Random random = new Random(42);
        long end = 0;
        long nowMs = 0;
        for (; nowMs <= 3_600_000; nowMs += LOOK_MS) {
            end += random.nextInt(1_000);
            history.note(nowMs, end);
            assertThat(age(end, nowMs)).isZero();
        }
        // when   it stands for ten days
        long stands = end;
        long stoodMs = nowMs;
        for (; nowMs < 10 * DAY_MS; nowMs += LOOK_MS) {
            end += 1 + random.nextInt(1_000);
            history.note(nowMs, end);
            // then
            assertThat(age(stands, nowMs)).isBetween(nowMs - stoodMs, nowMs - stoodMs + LOOK_MS);
        }
        // and    it reads all
        assertThat(age(end, nowMs)).isZero();
    }

    @Test
    void shouldNeverGrowLessForAGroupThatStandsAnywhere() {
        // given  a history of a day, and a group that is set to somewhere in it
        Random random = new Random(7);
        long end = 0;
        long nowMs = 0;
        for (; nowMs < DAY_MS; nowMs += LOOK_MS) {
            end += random.nextInt(100) == 0 ? random.nextInt(5_000) : 0;
            history.note(nowMs, end);
        }
        for (long offset = 0; offset < end; offset += end / 20) {
            long first = age(offset, nowMs);
            long fromMs = nowMs;
            for (int look = 0; look < 5_000; look++, nowMs += LOOK_MS) {
                end += random.nextInt(100) == 0 ? random.nextInt(5_000) : 0;
                history.note(nowMs, end);
                assertThat(age(offset, nowMs)).isEqualTo(first + nowMs - fromMs);
            }
        }
    }

    @Test
    void shouldCountFromTheFirstLookWhereAGroupLagsFromTheStart() {
        history.note(1_000, 100);
        assertThat(age(5, 1_000)).isZero();
        for (long nowMs = 11_000; nowMs < 4 * 3_600_000; nowMs += LOOK_MS) {
            history.note(nowMs, 100 + nowMs);
            assertThat(age(5, nowMs)).isEqualTo(nowMs - 1_000);
        }
    }

    @Test
    void shouldGoOnWhereAnEndWasNotKnownForAWhile() {
        // given
        history.note(0, 0);
        history.note(10_000, 10);
        assertThat(age(5, 10_000)).isEqualTo(5_000);
        // when
        assertThat(age(5, 90_000, null)).isEqualTo(Waits.UNKNOWN);
        history.note(100_000, 11);
        // then
        assertThat(age(5, 100_000)).isEqualTo(95_000);
        // and    never where it was not known before
        waits.forget();
        assertThat(age(5, 110_000, null)).isEqualTo(Waits.UNKNOWN);
    }

    @Test
    void shouldNotTakeARecordOfAnotherLogForTheOneThatWaited() {
        history.note(0, 50);
        assertThat(age(5, 60_000)).isEqualTo(60_000);
        // when   the topic is made anew
        history.note(70_000, 0);
        assertThat(age(5, 70_000)).isZero();
        history.note(80_000, 10);
        // then
        assertThat(age(5, 80_000)).isEqualTo(5_000);
    }

    @Test
    void shouldTellOffsetsOfOneGroupApartFromThoseOfAnother() {
        history.note(0, 0);
        history.note(10_000, 10);
        assertThat(waits.ageMs("g", new Position("t", 0, 0), history, 10_000)).isEqualTo(10_000);
        assertThat(waits.ageMs("h", new Position("t", 0, 5), history, 10_000)).isEqualTo(5_000);
        waits.lookedAtAll();
        assertThat(waits.ageMs("h", new Position("t", 0, 0), history, 20_000)).isEqualTo(20_000);
        assertThat(waits.ageMs("g", new Position("t", 0, 5), history, 20_000)).isEqualTo(15_000);
    }
}
