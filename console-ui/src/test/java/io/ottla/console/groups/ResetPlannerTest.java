package io.ottla.console.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResetPlannerTest {
    private static final TopicPartition P0 = new TopicPartition("t", 0);
    private static final TopicPartition P1 = new TopicPartition("t", 1);
    private static final TopicPartition P2 = new TopicPartition("t", 2);

    /** The last one has no leader. */
    private static final ResetPlanner.Known KNOWN = new ResetPlanner.Known(
            Map.of(P0, 100L, P1, 0L), Map.of(P0, 1_000L, P1, 50L), Map.of(P0, 400L), Map.of(P0, 700L), Map.of(P1, 60L));

    private static List<PlannedOffset> plan(OffsetTarget target) {
        TreeSet<TopicPartition> all = new TreeSet<>(OffsetResets.ORDER);
        all.addAll(List.of(P2, P1, P0));
        return ResetPlanner.plan(all, target, KNOWN);
    }

    @Test
    void shouldPlanEachTarget() {
        assertThat(plan(new OffsetTarget.Earliest()))
                .containsExactly(
                        new PlannedOffset("t", 0, 400, 100, 100, 1_000, false),
                        new PlannedOffset("t", 1, -1, 0, 0, 50, false));
        assertThat(plan(new OffsetTarget.Latest()))
                .extracting(PlannedOffset::after)
                .containsExactly(1_000L, 50L);
        assertThat(plan(new OffsetTarget.Offset(70)))
                .containsExactly(
                        new PlannedOffset("t", 0, 400, 100, 100, 1_000, true),
                        new PlannedOffset("t", 1, -1, 50, 0, 50, true));
        assertThat(plan(new OffsetTarget.At(Instant.EPOCH)))
                .as("the end where all records are older")
                .extracting(PlannedOffset::after)
                .containsExactly(700L, 50L);
        assertThat(plan(new OffsetTarget.Back(Duration.ofHours(1))))
                .extracting(PlannedOffset::after)
                .containsExactly(700L, 50L);
        assertThat(plan(new OffsetTarget.Shift(-50)))
                .containsExactly(new PlannedOffset("t", 0, 400, 350, 100, 1_000, false));
        assertThat(plan(new OffsetTarget.Shift(Long.MAX_VALUE)))
                .containsExactly(new PlannedOffset("t", 0, 400, 1_000, 100, 1_000, true));
        assertThat(plan(new OffsetTarget.CopyOf("other")))
                .containsExactly(new PlannedOffset("t", 1, -1, 50, 0, 50, true));
    }

    /** Never outside the log, whatever is wanted. */
    @RepeatedTest(200)
    void shouldStayInsideTheLog(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        long first = random.nextLong(1_000);
        long end = first + random.nextLong(1_000);
        long committed = random.nextLong(3_000);
        ResetPlanner.Known known = new ResetPlanner.Known(
                Map.of(P0, first), Map.of(P0, end), Map.of(P0, committed), Map.of(), Map.of(P0, committed));
        TreeSet<TopicPartition> one = new TreeSet<>(OffsetResets.ORDER);
        one.add(P0);
        for (OffsetTarget target : List.of(
                new OffsetTarget.Offset(random.nextLong(5_000)),
                new OffsetTarget.Shift(random.nextLong()),
                new OffsetTarget.CopyOf("g"),
                new OffsetTarget.At(Instant.EPOCH))) {
            PlannedOffset planned = ResetPlanner.plan(one, target, known).getFirst();
            assertThat(planned.after()).isBetween(first, end);
            assertThat(planned.lagAfter()).isNotNegative();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "earliest, '', Earliest[]",
        "latest, '', Latest[]",
        "offset, 12, Offset[offset=12]",
        "shift, -5, Shift[by=-5]",
        "time, 2026-11-30T10:00, At[time=2026-11-30T10:00:00Z]",
        "time, 2026-11-30 10:00, At[time=2026-11-30T10:00:00Z]",
        "time, 2026-11-30T10:00:00+01:00, At[time=2026-11-30T09:00:00Z]",
        "back, 30m, Back[span=PT30M]",
        "back, 2 h, Back[span=PT2H]",
        "back, 1d, Back[span=PT24H]",
        "back, PT90S, Back[span=PT1M30S]",
        "group, other, CopyOf[group=other]"
    })
    void shouldReadTargets(String to, String value, String target) throws ResetForm.Unreadable {
        assertThat(new ResetForm(to, "", "", value)
                        .request(ZoneOffset.UTC)
                        .target()
                        .toString())
                .isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource({
        "sideways, '', '', '', Expected one of earliest",
        "'', '', '', '', Expected one of earliest",
        "offset, -1, '', '', Expected an offset",
        "offset, x, '', '', Expected an offset",
        "shift, '', '', '', Expected a number",
        "time, noon, '', '', Expected a time",
        "back, 3 weeks, '', '', Expected a span",
        "back, PT-3H, '', '', Expected a span",
        "group, '', '', '', Expected the name of a group",
        "earliest, '', '', 3, Expected a topic",
        "earliest, '', t, 5-3, Expected partitions",
        "earliest, '', t, x, Expected partitions",
        "earliest, '', t, 99999999999, Expected partitions"
    })
    void shouldSayWhatCanNotBeRead(String to, String value, String topic, String partitions, String says) {
        assertThatExceptionOfType(ResetForm.Unreadable.class)
                .isThrownBy(() -> new ResetForm(to, topic, partitions, value).request(ZoneOffset.UTC))
                .withMessageStartingWith(says);
    }

    @Test
    void shouldReadPartitionsAndTheSentPlan() throws ResetForm.Unreadable {
        assertThat(new ResetForm("latest", "t", "0, 3-5", "")
                        .request(ZoneOffset.UTC)
                        .partitions())
                .containsExactlyInAnyOrder(0, 3, 4, 5);
        assertThat(ResetPlan.read("t 0 100\nt 1 50\n")).isEqualTo(Map.of(P0, 100L, P1, 50L));
    }
}
