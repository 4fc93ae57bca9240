package io.ottla.console.reassignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.console.access.LoggedTrail;
import io.ottla.console.clusters.Clusters;
import io.ottla.console.state.FileStore;
import io.ottla.console.state.Folder;
import io.ottla.console.state.Json;
import io.ottla.console.state.KnownEntries;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElectionScheduleTest {
    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-11-30T12:00:00Z");

    @Test
    void shouldBeDueOnceForEachTimeAndFollowWhatIsSet() {
        // given  a span of the configuration
        KnownEntries entries = new KnownEntries(new FileStore(folder), () -> now);
        ElectionSchedule schedule = schedule("1h", entries);
        assertThat(schedule.isDue()).isFalse();

        // when, then
        now = now.plus(Duration.ofMinutes(59));
        assertThat(schedule.isDue()).isFalse();
        now = now.plus(Duration.ofMinutes(2));
        assertThat(schedule.isDue()).isTrue();
        assertThat(schedule.isDue()).isFalse();

        // when   somebody sets another one
        entries.create(Folder.SCHEDULES, "leader-election", Json.write(new ElectionSchedule.Kept("10m")));
        assertThat(schedule.isDue()).isFalse();
        now = now.plus(Duration.ofMinutes(11));
        assertThat(schedule.isDue()).isTrue();

        // when   it is switched off
        entries.update(Folder.SCHEDULES, "leader-election", Json.write(new ElectionSchedule.Kept("")), 0);
        now = now.plus(Duration.ofDays(1));
        assertThat(schedule.isDue()).isFalse();
        now = now.plus(Duration.ofDays(1));
        assertThat(schedule.isDue()).isFalse();
    }

    @Test
    void shouldRefuseWhatIsNoSchedule() {
        assertThat(ElectionSchedule.untilNext("0 0 * * * *", now)).contains(Duration.ofHours(1));
        assertThat(ElectionSchedule.untilNext("5s", now)).isEmpty();
        assertThatThrownBy(() -> schedule("often", new KnownEntries(new FileStore(folder), () -> now)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("console.leader-election.schedule")
                .hasMessageContaining("often");
    }

    private ElectionSchedule schedule(String configured, KnownEntries entries) {
        return new ElectionSchedule(
                configured,
                entries,
                new Clusters(List.of(), definition -> null),
                Optional::empty,
                new LoggedTrail(),
                () -> now);
    }
}
