package io.ottla.console.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.console.TestingCluster;
import io.ottla.console.access.Grant;
import io.ottla.console.access.Role;
import io.ottla.console.access.Visit;
import io.ottla.console.access.Visitor;
import io.ottla.console.clusters.ClusterDefinition;
import io.ottla.console.clusters.ManagedCluster;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Pages in both directions over logs with gaps, several partitions and clocks that jump. */
class ScanPropertyTest {
    private final TestingCluster cluster = new TestingCluster();
    private final RecordBrowser browser = new RecordBrowser(Map.of(), List.of());

    @Property(tries = 150)
    void shouldShowEachRecordOnceInBothDirectionsWhateverThePageSize(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 4) int partitions,
            @ForAll @IntRange(min = 0, max = 60) int records,
            @ForAll @IntRange(min = 1, max = 25) int size) {
        // given
        Random random = new Random(seed);
        cluster.with("t", partitions);
        cluster.records.clear();
        List<String> all = new ArrayList<>();
        long clock = 1_000;
        for (int i = 0; i < records; i++) {
            int partition = random.nextInt(partitions);
            if (random.nextInt(4) == 0) {
                cluster.records.skip("t", partition, random.nextInt(30));
            }
            clock += random.nextInt(-50, 100);
            cluster.records.add("t", partition, Math.max(0, clock), "k" + i, "v" + i);
            all.add("v" + i);
        }

        // when
        List<String> down = walk(Map.of("from", "newest", "size", "" + size), true);
        List<String> up = walk(Map.of("from", "oldest", "size", "" + size), false);

        // then
        assertThat(down).containsExactlyInAnyOrderElementsOf(all);
        assertThat(up).containsExactlyInAnyOrderElementsOf(all);
        for (int partition = 0; partition < partitions; partition++) {
            List<String> inOrder = new ArrayList<>(cluster.records.log("t", partition).stream()
                    .map(record -> new String(record.value(), java.nio.charset.StandardCharsets.UTF_8))
                    .toList());
            if (inOrder.isEmpty()) {
                continue;
            }
            assertThat(up).containsSubsequence(inOrder);
            Collections.reverse(inOrder);
            assertThat(down).containsSubsequence(inOrder);
        }
        assertThat(cluster.records.borrowed.get()).isZero();
    }

    @Property(tries = 50)
    void shouldComeBackToThePageBefore(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int size) {
        // given  one partition, where pages are cut at the same places in both directions
        cluster.with("t", 1);
        cluster.records.clear();
        Random random = new Random(seed);
        for (int i = 0; i < 40; i++) {
            cluster.records.skip("t", 0, random.nextInt(3)).add("t", 0, i, "k", "v" + i);
        }

        // when
        RecordPage first = page(Map.of("size", "" + size));
        RecordPage second =
                page(Map.of("size", "" + size, "cursor", first.older().toString()));
        RecordPage back =
                page(Map.of("size", "" + size, "cursor", second.newer().toString()));

        // then
        assertThat(back.records()).isEqualTo(first.records());
        assertThat(second.records()).hasSize(size);
    }

    @Test
    void shouldSayHowFarItLookedAndGoOnFromThere() {
        // given
        cluster.with("t", 2);
        for (int i = 0; i < 500; i++) {
            cluster.records.add("t", i % 2, i, "k", i == 3 ? "needle" : "hay");
        }

        // when
        Map<String, String> wanted = Map.of("q", "NEEDLE", "scan", "100", "from", "newest");
        RecordPage page = page(wanted);
        int looks = 1;
        while (page.records().isEmpty()) {
            assertThat(page.unfinished()).isTrue();
            assertThat(page.outcome().looked()).isEqualTo(100);
            Map<String, String> next = new HashMap<>(wanted);
            next.put("cursor", page.older().toString());
            page = page(next);
            looks++;
        }

        // then
        assertThat(looks).isEqualTo(5);
        assertThat(page.records()).singleElement().satisfies(record -> {
            assertThat(record.partition()).isOne();
            assertThat(record.offset()).isOne();
        });
        assertThat(page.older()).isNull();
    }

    @Test
    void shouldReadManyPartitionsTogether() {
        // given
        int partitions = 50;
        cluster.with("t", partitions);
        for (int i = 0; i < 10_000; i++) {
            cluster.records.add("t", (i * 7) % partitions, i, "k", "v");
        }

        // when   all is looked through, from the newest on
        RecordPage page = page(Map.of("q", "nowhere", "scan", "1000000"));

        // then   by some windows of all partitions, not by some of each
        assertThat(page.outcome().end()).isEqualTo(Scan.End.END);
        assertThat(page.outcome().looked()).isEqualTo(10_000);
        assertThat(cluster.records.assigned.get()).isLessThan(partitions / 2);
    }

    @Test
    void shouldBeginAtAnOffsetAndAtAPointInTime() {
        // given
        cluster.with("t", 2);
        for (int i = 0; i < 100; i++) {
            cluster.records.add("t", i % 2, 1_700_000_000_000L + i * 1000L, "k", "v" + i);
        }

        // when
        RecordPage offset = page(Map.of("from", "offset", "offset", "40", "partition", "1", "size", "2"));
        RecordPage time = page(Map.of("from", "time", "time", "2023-11-14T22:14:00Z", "size", "2"));
        RecordPage late = page(Map.of("from", "time", "time", "1900000000000"));

        // then
        assertThat(offset.records()).extracting(RecordView::offset).containsExactly(40L, 41L);
        assertThat(time.records()).extracting(record -> record.value().text()).containsExactly("v40", "v41");
        assertThat(late.records()).isEmpty();
        assertThat(late.older()).isNotNull();
    }

    private List<String> walk(Map<String, String> wanted, boolean down) {
        List<String> seen = new ArrayList<>();
        Map<String, String> next = new HashMap<>(wanted);
        for (int pages = 0; pages < 80; pages++) {
            RecordPage page = page(next);
            page.records().forEach(record -> seen.add(record.value().text()));
            Cursor on = down ? page.older() : page.newer();
            if (on == null) {
                return seen;
            }
            next.put("cursor", Cursor.parse(on.toString()).toString());
        }
        throw new AssertionError("Expected an end, but got none");
    }

    private RecordPage page(Map<String, String> wanted) {
        return browser.page(visit(), "t", RecordQuery.of(wanted));
    }

    private Visit visit() {
        return TestingVisit.at(cluster, Role.VIEWER);
    }

    /** Somebody at a cluster in memory. */
    static final class TestingVisit {
        private TestingVisit() {}

        static Visit at(TestingCluster cluster, Role role) {
            return at(cluster, Grant.everywhere(role));
        }

        static Visit at(TestingCluster cluster, Grant grant) {
            return new Visit(
                    new Visitor("ann", List.of(grant)),
                    "192.0.2.7",
                    new ManagedCluster(
                            new ClusterDefinition(
                                    "ottla", "Ottla", ClusterDefinition.Origin.BESIDE, "", "", Map.of(), false, true),
                            cluster),
                    entry -> {},
                    () -> Instant.EPOCH);
        }
    }
}
