package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Percentage;

/** The rules of compaction: what may be compacted, what becomes one segment, what is known of keys, how fast it is. */
class CompactionChoicesTest {
    /** Segments of 100 bytes and 10 offsets each, from offset 0. */
    private static List<CleanableStretch.Segment> segments(boolean... ripe) {
        List<CleanableStretch.Segment> segments = new ArrayList<>();
        for (boolean each : ripe) {
            segments.add(new CleanableStretch.Segment(segments.size() * 10L, 100, each));
        }
        return segments;
    }

    @Example
    void shouldCountWhatWasCompactedAndWhatCanBe() {
        CleanableStretch stretch = CleanableStretch.of(segments(true, true, true, true), 40, 0, 20, 45, 45);
        assertThat(stretch).isEqualTo(new CleanableStretch(20, 40, 200, 200));
        assertThat(stretch.dirtyRatio()).isEqualTo(0.5);
    }

    @Example
    void shouldCountASegmentThatIsCompactedInPartAsNotCompacted() {
        assertThat(CleanableStretch.of(segments(true, true), 20, 0, 5, 25, 25))
                .isEqualTo(new CleanableStretch(5, 20, 0, 200));
    }

    @Example
    void shouldEndBeforeTheSegmentThatHoldsTheLimit() {
        assertThat(CleanableStretch.of(segments(true, true, true), 30, 0, 0, 35, 29))
                .isEqualTo(new CleanableStretch(0, 20, 0, 200));
        assertThat(CleanableStretch.of(segments(true, true, true), 30, 0, 0, 35, 30))
                .isEqualTo(new CleanableStretch(0, 30, 0, 300));
        assertThat(CleanableStretch.of(segments(true), 10, 0, 0, 35, 3).dirtyRatio())
                .isZero();
    }

    @Example
    void shouldEndBeforeTheFirstSegmentThatIsTooYoung() {
        assertThat(CleanableStretch.of(segments(true, false, true), 30, 0, 0, 35, 35))
                .isEqualTo(new CleanableStretch(0, 10, 0, 100));
        // one that was compacted before is not asked for its age
        assertThat(CleanableStretch.of(segments(false, true, true), 30, 0, 10, 35, 35))
                .isEqualTo(new CleanableStretch(10, 30, 100, 200));
    }

    @Example
    void shouldBeginAtTheLogStartWhereTheOffsetIsNotInTheLog() {
        assertThat(CleanableStretch.of(segments(true, true), 20, 3, -1, 25, 25).firstDirty())
                .isEqualTo(3);
        assertThat(CleanableStretch.of(segments(true, true), 20, 3, 26, 25, 25).firstDirty())
                .isEqualTo(3);
        assertThat(CleanableStretch.of(List.of(), 0, 0, -1, 0, 0)).isEqualTo(new CleanableStretch(0, 0, 0, 0));
    }

    private static SegmentGroups.Member member(long base, long end, long bytes, long indexBytes) {
        return new SegmentGroups.Member(null, base, end, bytes, indexBytes);
    }

    private static List<Integer> sizes(long maxBytes, long maxIndexBytes, SegmentGroups.Member... members) {
        return SegmentGroups.of(List.of(members), maxBytes, maxIndexBytes).stream()
                .map(List::size)
                .toList();
    }

    @Example
    void shouldPutSegmentsTogetherWithinTheLimits() {
        SegmentGroups.Member[] four = Stream.of(0, 1, 2, 3)
                .map(i -> member(i * 10L, i * 10L + 10, 100, 8))
                .toArray(SegmentGroups.Member[]::new);
        assertThat(sizes(1000, 1000, four)).containsExactly(4);
        assertThat(sizes(200, 1000, four)).containsExactly(2, 2);
        assertThat(sizes(299, 1000, four)).containsExactly(2, 2);
        assertThat(sizes(1000, 24, four)).containsExactly(3, 1);
        assertThat(sizes(50, 1000, four)).containsExactly(1, 1, 1, 1);
    }

    @Example
    void shouldNotPutOffsetsTogetherThatAreTooFarApartForAnIndex() {
        long far = Integer.MAX_VALUE + 1L;
        assertThat(sizes(1000, 1000, member(0, far, 100, 8), member(far, far + 10, 100, 8)))
                .containsExactly(1, 1);
        assertThat(sizes(1000, 1000, member(0, 10, 100, 8), member(10, far, 100, 8)))
                .containsExactly(2);
    }

    @Property(tries = 50)
    void shouldKnowTheLastOffsetOfEachKey(@ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int room) {
        Random random = new Random(seed);
        Map<Integer, Long> model = new HashMap<>();
        try (KeyOffsets keys = new KeyOffsets((long) room * KeyOffsets.ENTRY_BYTES, 0.9, 10_000, random)) {
            for (long offset = 0; offset < 1_000; offset++) {
                int key = random.nextInt(200);
                ByteBuffer bytes = ByteBuffer.allocate(9).putInt(5, key);
                if (model.containsKey(key) || !keys.isFull()) {
                    keys.put(bytes, 3, 6, offset);
                    model.put(key, offset);
                }
                int other = random.nextInt(250);
                assertThat(keys.get(ByteBuffer.allocate(6).putInt(2, other), 0, 6))
                        .isEqualTo(model.getOrDefault(other, KeyOffsets.UNKNOWN));
            }
            assertThat(keys.size()).isEqualTo(model.size());
            assertThat(keys.size()).isLessThanOrEqualTo(Math.max(1, room));
            assertThat(keys.utilization()).isBetween(0.0, 1.0);
        }
    }

    @Example
    void shouldTakeNoMoreMemoryThanTheKeysNeed() {
        try (KeyOffsets keys = new KeyOffsets(Long.MAX_VALUE, 0.9, 10, new Random(1))) {
            for (int i = 0; i < 10; i++) {
                assertThat(keys.isFull()).isFalse();
                keys.put(ByteBuffer.allocate(4).putInt(0, i), 0, 4, i);
            }
            // then  there is room for hardly any more
            keys.put(ByteBuffer.allocate(4).putInt(0, 10), 0, 4, 10);
            assertThat(keys.isFull()).isTrue();
        }
    }

    @Example
    void shouldSayHowFullTheMemoryAllowedIs() {
        try (KeyOffsets keys = new KeyOffsets(100 * KeyOffsets.ENTRY_BYTES, 0.9, 10, new Random(1))) {
            for (int i = 0; i < 10; i++) {
                keys.put(ByteBuffer.allocate(4).putInt(0, i), 0, 4, i);
            }
            assertThat(keys.utilization()).isEqualTo(0.1);
        }
    }

    @Example
    void shouldRefuseAKeyThatThereIsNoRoomFor() {
        try (KeyOffsets keys = new KeyOffsets(1, 1, 10, new Random(1))) {
            keys.put(ByteBuffer.allocate(4), 0, 4, 0);
            assertThat(keys.isFull()).isTrue();
            keys.put(ByteBuffer.allocate(4), 0, 4, 1);
            assertThatThrownBy(() -> keys.put(ByteBuffer.allocate(4), 0, 3, 2))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Example
    void shouldWaitAsLongAsBytesAreOwed() {
        TestingClock clock = new TestingClock();
        IoThrottle throttle = new IoThrottle(clock);
        throttle.moved(2_000);
        assertThat(throttle.waitMs(1_000)).isCloseTo(2_000, Percentage.withPercentage(1));
        clock.advance(500);
        assertThat(throttle.waitMs(1_000)).isCloseTo(1_500, Percentage.withPercentage(1));
        assertThat(throttle.waitMs(3_000)).isCloseTo(500, Percentage.withPercentage(1));
        assertThat(throttle.waitMs(Double.MAX_VALUE)).isZero();
        // what was not used is not saved up
        clock.advance(60_000);
        assertThat(throttle.waitMs(1_000)).isZero();
        throttle.moved(1_000);
        assertThat(throttle.waitMs(1_000)).isPositive();
    }
}
