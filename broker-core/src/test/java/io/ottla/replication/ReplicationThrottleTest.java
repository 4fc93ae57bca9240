package io.ottla.replication;

import static io.ottla.replication.TestingImages.OTHER;
import static io.ottla.replication.TestingImages.SELF;
import static io.ottla.replication.TestingImages.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ottla.metrics.Metrics;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicationThrottleTest {
    private final TestingTimer time = new TestingTimer();

    @Test
    void shouldMeasureOverAWindowThatSlides() {
        // given  five windows of two seconds
        ReplicationThrottle throttle = new ReplicationThrottle(100, 5, 2, time);
        // when
        throttle.note(300);
        // then  the first window counts whole
        assertThat(throttle.rate()).isEqualTo(150);
        assertThat(throttle.isExceeded()).isTrue();
        // when
        time.advance(4_000);
        // then
        assertThat(throttle.rate()).isEqualTo(75);
        assertThat(throttle.isExceeded()).isFalse();
        // when  it has left the window
        throttle.note(80);
        time.advance(6_000);
        assertThat(throttle.rate()).isCloseTo(80 / 8.0, within(0.1));
        time.advance(100_000);
        assertThat(throttle.rate()).isZero();
    }

    @Test
    void shouldSaveNothingUpWhileIdle() {
        // given  a throttle that had nothing to do for longer than all its windows, though its rate was looked at
        ReplicationThrottle throttle = new ReplicationThrottle(100, 5, 1, time);
        for (int second = 0; second < 60; second++) {
            time.advance(1_000);
            assertThat(throttle.isExceeded()).isFalse();
        }
        // when   as much as can be is sent from now on, for twenty seconds
        int sent = 0;
        for (int tenth = 0; tenth < 200; tenth++) {
            while (!throttle.isExceeded()) {
                throttle.note(10);
                sent += 10;
            }
            // then   it is never more than was allowed since, but for one window and the last piece
            assertThat(sent).isLessThanOrEqualTo(tenth * 10 + 100 + 10);
            time.advance(100);
        }
        // and    little less
        assertThat(sent).isGreaterThanOrEqualTo(1_800);
    }

    @Test
    void shouldHeedAnotherRateAtOnce() {
        ReplicationThrottle throttle = new ReplicationThrottle(Long.MAX_VALUE, 5, 1, time);
        throttle.note(Integer.MAX_VALUE);
        assertThat(throttle.isExceeded()).isFalse();
        throttle.allow(10);
        assertThat(throttle.isExceeded()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"*, true", "3:1, true", "2:1 3:1, true", "3:2, false", "1:3, false", "'', false"})
    void shouldHoldBackWhatATopicNamesAndIsNotInSync(String listed, boolean expected) {
        // given  partition 3, which broker 1 leads
        List<String> replicas = listed.isEmpty() ? List.of() : List.of(listed.split(" "));
        TopicPartition name = new TopicPartition("t", 3);
        TestingLog log = new TestingLog(
                name,
                TopicId.ZERO,
                new TestingFolder(Path.of("data")),
                TestingTopics.with(Map.of("leaderReplicationThrottledReplicas", replicas)));
        TestingSurroundings around = new TestingSurroundings();
        around.sending = new ReplicationThrottle(10, 5, 1, time);
        Partition partition = new Partition(name, TopicId.ZERO, SELF, new TopicMeters(new Metrics()).of("t"), around);
        partition.apply(state(1, 1, 1, new int[] {1, 2}, new int[] {1}));
        partition.opened(log);
        // when
        assertThat(partition.isHeldBack(OTHER)).isFalse();
        partition.sent(OTHER, 100);
        // then
        assertThat(partition.isHeldBack(OTHER)).isEqualTo(expected);
        // when  it is in sync
        partition.apply(state(1, 1, 2, new int[] {1, 2}, new int[] {1, 2}));
        // then
        assertThat(partition.isHeldBack(OTHER)).isFalse();
    }
}
