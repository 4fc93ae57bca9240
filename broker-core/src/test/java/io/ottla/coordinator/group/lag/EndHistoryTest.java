package io.ottla.coordinator.group.lag;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EndHistoryTest {
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
        assertThat(history.ageMs(200, 45_000)).isZero();
        assertThat(history.ageMs(300, 45_000)).isZero();
        assertThat(history.ageMs(150, 45_000)).isEqualTo(10_000);
        assertThat(history.ageMs(100, 45_000)).isEqualTo(15_000);
        assertThat(history.ageMs(50, 45_000)).isEqualTo(40_000);
    }

    @Test
    void shouldNotGuessWhatCameBeforeItLooked() {
        assertThat(history.ageMs(0, 5_000)).isEqualTo(EndHistory.UNKNOWN);
        assertThat(history.notedMs()).isEqualTo(EndHistory.UNKNOWN);
        history.note(0, 1_000);
        assertThat(history.ageMs(999, 5_000)).isEqualTo(EndHistory.UNKNOWN);
        assertThat(history.ageMs(1_000, 5_000)).isZero();
    }

    @Test
    void shouldBeginAnewWhereTheEndGoesBack() {
        history.note(0, 1_000);
        history.note(10_000, 2_000);
        history.note(20_000, 10);
        assertThat(history.end()).isEqualTo(10);
        assertThat(history.ageMs(5, 25_000)).isEqualTo(EndHistory.UNKNOWN);
    }

    @Test
    void shouldKnowTenMinutesOfAPartitionThatKeepsGrowing() {
        // when   it is looked at each 10 s for an hour, and grows by one a second
        for (int second = 0; second <= 3_600; second += 10) {
            history.note(second * 1_000L, second);
        }
        // then
        for (int ago = 0; ago <= 600; ago++) {
            assertThat(history.ageMs(3_600 - ago, 3_600_000)).isEqualTo(ago * 1_000L);
        }
        assertThat(history.ageMs(0, 3_600_000)).isEqualTo(EndHistory.UNKNOWN);
    }

    @Test
    void shouldKnowLongerOfAPartitionThatRests() {
        // given  a record that nobody reads
        history.note(0, 7);
        for (int second = 10; second <= 3_600; second += 10) {
            history.note(second * 1_000L, 8);
        }
        assertThat(history.ageMs(7, 3_600_000)).isEqualTo(3_600_000);
    }
}
