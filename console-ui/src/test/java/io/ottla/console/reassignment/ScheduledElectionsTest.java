package io.ottla.console.reassignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.console.TestingCluster;
import io.ottla.console.access.AuditEntry;
import io.ottla.console.access.Grant;
import io.ottla.console.access.Role;
import io.ottla.console.access.Visit;
import io.ottla.console.access.Visitor;
import io.ottla.console.clusters.Cluster;
import io.ottla.console.clusters.ClusterDefinition;
import io.ottla.console.clusters.ClusterDefinition.Origin;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Clusters;
import io.ottla.console.clusters.Partition;
import io.ottla.console.clusters.Topic;
import io.ottla.console.state.FileStore;
import io.ottla.console.state.KnownEntries;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScheduledElectionsTest {
    private final List<AuditEntry> trail = new ArrayList<>();
    private final List<Runnable> aside = new ArrayList<>();

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-11-30T12:00:00Z");
    private boolean besideController = true;
    private Clusters clusters;
    private ElectionSchedule schedule;
    private ScheduledElections elections;

    @BeforeEach
    void start() {
        clusters = new Clusters(
                List.of(
                        definition("own", Origin.BESIDE, false, true),
                        definition("second", Origin.CONFIGURED, false, true),
                        definition("looked-at", Origin.CONFIGURED, true, true),
                        definition("off", Origin.CONFIGURED, false, false)),
                definition -> connect());
        schedule = schedule("1h");
        elections = new ScheduledElections(
                schedule, clusters, () -> besideController, trail::add, () -> now, PerCluster.by(aside::add));
        elections.look();
    }

    private ElectionSchedule schedule(String configured) {
        return new ElectionSchedule(configured, new KnownEntries(new FileStore(folder), () -> now), () -> now);
    }

    private static ClusterDefinition definition(String key, Origin origin, boolean readOnly, boolean enabled) {
        String bootstrap = origin == Origin.BESIDE ? "" : "127.0.0.1:9";
        return new ClusterDefinition(key, key, origin, bootstrap, "", Map.of(), readOnly, enabled);
    }

    /** To one where a partition is led by another than its first replica. */
    private static Cluster connect() {
        TestingCluster cluster = new TestingCluster();
        cluster.topics.put(
                "turned", new Topic("turned", "", false, List.of(new Partition(0, 2, List.of(1, 2), List.of(1, 2)))));
        return cluster;
    }

    private boolean isElected(String key) {
        return trail.stream()
                .anyMatch(entry -> isOnSchedule(entry) && entry.cluster().equals(key));
    }

    private static boolean isOnSchedule(AuditEntry entry) {
        return entry.visitor().equals("schedule")
                && entry.outcome() == AuditEntry.Outcome.DONE
                && entry.names().equals(List.of("turned"));
    }

    private void set(String key, String wanted) {
        schedule.set(
                new Visit(
                        new Visitor("ann", List.of(Grant.everywhere(Role.ADMIN))),
                        "192.0.2.7",
                        clusters.all().stream()
                                .filter(each -> each.key().equals(key))
                                .findFirst()
                                .orElseThrow(),
                        trail::add,
                        () -> now),
                wanted);
    }

    private void later(Duration time) {
        now = now.plus(time);
        elections.look();
        aside.forEach(Runnable::run);
        aside.clear();
    }

    @Test
    void shouldElectInEachClusterByItsOwnSchedule() {
        // given  one of the configuration for the own cluster, and one that somebody has set for another
        set("second", "2h");
        later(Duration.ofSeconds(5));

        // when, then
        later(Duration.ofMinutes(61));
        assertThat(isElected("own")).isTrue();
        assertThat(isElected("second")).isFalse();
        later(Duration.ofMinutes(61));
        assertThat(isElected("second")).isTrue();

        // and    nowhere else
        assertThat(isElected("looked-at")).isFalse();
        assertThat(isElected("off")).isFalse();
    }

    @Test
    void shouldBeDueOnceForEachTimeAndFollowWhatIsSet() {
        // when   another one is set
        set("own", "10m");
        later(Duration.ofMinutes(50));

        // then   its time begins then
        assertThat(isElected("own")).isFalse();
        later(Duration.ofMinutes(11));
        assertThat(isElected("own")).isTrue();

        // when   it is switched off
        set("own", "");
        later(Duration.ofDays(1));
        later(Duration.ofDays(1));

        // then
        assertThat(trail).filteredOn(ScheduledElectionsTest::isOnSchedule).hasSize(1);
    }

    @Test
    void shouldElectFromTheConsoleBesideTheControllerAlone() {
        // when
        besideController = false;
        later(Duration.ofMinutes(61));

        // then
        assertThat(isElected("own")).isFalse();

        // when   the controller has come here
        besideController = true;
        later(Duration.ofMinutes(30));
        assertThat(isElected("own")).isFalse();
        later(Duration.ofMinutes(31));

        // then
        assertThat(isElected("own")).isTrue();
    }

    @Test
    void shouldBeginNoSecondOneWhileTheFirstIsOn() {
        now = now.plus(Duration.ofMinutes(61));
        elections.look();
        now = now.plus(Duration.ofMinutes(61));
        elections.look();
        assertThat(aside).hasSize(1);
    }

    @Test
    void shouldForgetThatOfAClusterThatIsTakenAway() {
        // given
        set("second", "10m");
        now = now.plusSeconds(3);
        assertThat(clusters.all()).extracting(schedule::text).containsExactly("1h", "10m", "", "");

        // when
        schedule.forget("second");

        // then
        assertThat(clusters.all()).extracting(schedule::text).containsExactly("1h", "", "", "");
        schedule.forget("second");
    }

    @Test
    void shouldRefuseWhatIsNoSchedule() {
        assertThat(ElectionSchedule.untilNext("0 0 * * * *", now)).contains(Duration.ofHours(1));
        assertThat(ElectionSchedule.untilNext("5s", now)).isEmpty();
        assertThatThrownBy(() -> schedule("often"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("console.leader-election.schedule")
                .hasMessageContaining("often");
        assertThatThrownBy(() -> set("second", "often")).isInstanceOf(ClusterFailure.class);
        assertThatThrownBy(() -> set("looked-at", "1h")).isInstanceOf(RuntimeException.class);
    }
}
