package io.ottla.console.lag;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.console.lag.SampleCodec.Chunk;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class LagHistoryTest {
    private static final Instant T0 = Instant.parse("2026-11-30T00:00:00Z");

    private final LagHistory history = new LagHistory(Duration.ofDays(1));

    private static GroupFigures group(String name, long committed, long lag) {
        return new GroupFigures(GroupKey.of(name), 2, List.of(new TopicFigures("orders", 3, committed, lag)));
    }

    private void sample(long afterS, boolean whole, GroupFigures... groups) {
        history.apply(new Chunk(
                new Sample(T0.plusSeconds(afterS).toEpochMilli(), whole, List.of(groups), List.of()), true, true));
    }

    private Course course(String group, long fromS, long toS, int steps) {
        Instant from = T0.plusSeconds(fromS);
        Instant to = T0.plusSeconds(toS);
        return Course.sum(
                from,
                to,
                steps,
                history.courses(GroupKey.of(group), from, to, steps).values());
    }

    @Test
    void shouldHoldAValueUntilTheNext() {
        // given
        sample(0, true, group("g", 10, 5));
        sample(60, false, group("g", 12, 8));
        sample(120, false);

        // when
        Course course = course("g", 0, 120, 12);

        // then
        assertThat(course.lag(0)).isEqualTo(5);
        assertThat(course.lag(4)).isEqualTo(5);
        assertThat(course.lag(5)).isEqualTo(8);
        assertThat(course.lag(11)).isEqualTo(8);
        assertThat(course.committed(11)).isEqualTo(12);
        assertThat(course.end(11)).isEqualTo(20);
        assertThat(history.lastSample()).contains(T0.plusSeconds(120));
    }

    @Test
    void shouldKnowNothingBeforeTheFirstAndAfterTheLastSampleAndInGaps() {
        // given  ten minutes in which nobody collected
        sample(60, true, group("g", 10, 5));
        sample(660, true, group("g", 12, 8));
        sample(720, false);

        // when
        Course course = course("g", 0, 840, 14);

        // then
        assertThat(course.lag(0)).isEqualTo(5);
        assertThat(course.lag(1)).isEqualTo(-1);
        assertThat(course.lag(4)).isEqualTo(-1);
        assertThat(course.lag(10)).isEqualTo(8);
        assertThat(course.lag(13)).isEqualTo(-1);
    }

    @Test
    void shouldForgetWhatAWholeSampleDoesNotHave() {
        // given
        sample(0, true, group("a", 1, 1), group("b", 1, 1));
        assertThat(history.readersOf("orders").keySet()).containsExactly(GroupKey.of("a"), GroupKey.of("b"));

        // when   a whole sample of two records has only the first
        Sample part = new Sample(T0.plusSeconds(10).toEpochMilli(), true, List.of(group("b", 2, 0)), List.of());
        history.apply(new Chunk(part, true, false));
        assertThat(history.figures()).containsKeys(GroupKey.of("a"), GroupKey.of("b"));
        history.apply(new Chunk(
                new Sample(T0.plusSeconds(10).toEpochMilli(), true, List.of(group("c", 2, 0)), List.of()),
                false,
                true));

        // then
        assertThat(history.figures().keySet()).containsExactlyInAnyOrder(GroupKey.of("b"), GroupKey.of("c"));
        assertThat(history.readersOf("orders").keySet()).containsExactly(GroupKey.of("b"), GroupKey.of("c"));
        // and    a late delta tells nothing
        sample(5, false, group("b", 1, 9));
        assertThat(history.figures().get(GroupKey.of("b")).lag()).isZero();
    }

    /** Whatever came, after a day of it the last value, the largest lag and the memory are right. */
    @RepeatedTest(20)
    void shouldKeepPeaksAndTheLastValueWhileItThins(RepetitionInfo repetition) {
        // given
        Random random = new Random(repetition.getCurrentRepetition());
        Series series = new Series();
        List<long[]> all = new ArrayList<>();
        long committed = 0;
        long lag = 0;
        for (int s = 0; s < 86_400; s += 10) {
            committed += random.nextInt(100);
            lag = random.nextInt(50) == 0 ? random.nextInt(1_000_000) : Math.max(0, lag + random.nextInt(-50, 50));
            series.add(s, committed, lag, 1);
            all.add(new long[] {s, committed, lag});
        }

        // when
        series.thin(86_390, 0, 1);

        // then
        List<long[]> kept = new ArrayList<>();
        series.forEach((at, offset, behind) -> kept.add(new long[] {at, offset, behind}));
        assertThat(kept.getLast()).isEqualTo(all.getLast());
        assertThat(kept.stream().mapToLong(point -> point[2]).max())
                .isEqualTo(all.stream().mapToLong(point -> point[2]).max());
        assertThat(kept.stream().map(point -> point[0]).toList()).isSorted();
        assertThat(kept).hasSizeLessThan(700);
        assertThat(series.bytes()).isLessThan(8_000);
    }

    @Test
    void shouldKeepWhatHeldAtTheBeginOfTheHistory() {
        // given  a group that has not moved for two days
        Series series = new Series();
        series.add(0, 5, 7, 1);
        series.add(100, 6, 9, 1);

        // when
        series.thin(172_800, 86_400, 1);

        // then
        List<long[]> kept = new ArrayList<>();
        series.forEach((at, offset, behind) -> kept.add(new long[] {at, offset, behind}));
        assertThat(kept).containsExactly(new long[] {86_400, 6, 9});
    }

    @Test
    void shouldBecomeCoarserBeforeItBecomesTooLarge() {
        // given
        LagHistory small = new LagHistory(Duration.ofDays(1), 100_000);

        // when   more than fits in fine grain
        for (int s = 0; s < 43_200; s += 10) {
            List<GroupFigures> groups = new ArrayList<>();
            for (int g = 0; g < 40; g++) {
                groups.add(group("g" + g, s * 1_000L, s % 977 * 31L + g));
            }
            small.apply(new Chunk(new Sample(T0.plusSeconds(s).toEpochMilli(), false, groups, List.of()), true, true));
        }

        // then   at most what came since the last thinning is on top
        assertThat(small.bytes()).isLessThan(200_000);
        Map<String, Course> courses = small.courses(GroupKey.of("g7"), T0, T0.plusSeconds(43_190), 12);
        assertThat(courses.get("orders").isUnknown()).isFalse();
    }

    @Test
    void shouldSayWhenAGroupIsCaughtUp() {
        // given  100 written and 150 read a second
        for (int s = 0; s <= 300; s += 10) {
            sample(s, s == 0, group("g", 150L * s, 60_000 - 50L * s));
        }
        Course course = course("g", 0, 300, 30);

        // then
        assertThat(CatchUp.of(45_000, course)).isInstanceOfSatisfying(CatchUp.In.class, in -> {
            assertThat(in.time().toSeconds()).isBetween(850L, 950L);
            assertThat(in.read()).isBetween(149.0, 151.0);
        });
        assertThat(CatchUp.of(0, course)).isEqualTo(new CatchUp.Done());
        assertThat(CatchUp.of(45_000, course("other", 0, 300, 30))).isEqualTo(new CatchUp.Unknown());
        // and    one that reads nothing, and one that falls behind
        sample(301, true, group("stalled", 10, 0), group("slow", 0, 0));
        sample(600, false, group("stalled", 10, 6_000), group("slow", 10, 6_000));
        sample(610, false);
        assertThat(CatchUp.of(6_000, course("stalled", 310, 610, 30))).isInstanceOf(CatchUp.Stalled.class);
        assertThat(CatchUp.of(6_000, course("slow", 310, 610, 30))).isInstanceOf(CatchUp.Never.class);
    }

    @Test
    void shouldNeverCountBelowZero() {
        assertThat(PartitionLag.of("t", 0, 10, 7).lag()).isZero();
        assertThat(PartitionLag.of("t", 0, 7, 10).lag()).isEqualTo(3);
        assertThat(PartitionLag.of("t", 0, 7, -1).lag()).isEqualTo(-1);
        assertThat(new GroupLag(T0, true, List.of(PartitionLag.of("t", 0, 7, -1), PartitionLag.of("t", 1, 7, 9)))
                        .total())
                .isEqualTo(2);
        assertThat(new GroupLag(T0, true, List.of()).total()).isEqualTo(-1);
    }
}
