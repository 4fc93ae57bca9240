package io.ottla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.peer.LostReplicas;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class LossReportsTest {
    private static final BrokerId SELF = new BrokerId(1);

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<Runnable> timers = new ArrayList<>();
    private final List<LostReplicas> reports = new ArrayList<>();
    private CompletableFuture<Optional<Failure>> answer = CompletableFuture.completedFuture(Optional.empty());
    private BrokerEpoch epoch = new BrokerEpoch(5);
    private final LossReports losses = new LossReports(
            SELF,
            () -> epoch,
            this::take,
            (delayMs, task) -> {
                timers.add(task);
                return () -> true;
            },
            tasks::add);

    private CompletionStage<Optional<Failure>> take(LostReplicas report) {
        reports.add(report);
        return answer;
    }

    private static LostReplicas.Replica replica(int partition) {
        return new LostReplicas.Replica(
                TopicId.ZERO, new TopicPartition("t", partition), new LeaderEpoch(0), LostReplicas.Loss.OFFLINE);
    }

    private void settle() {
        while (!tasks.isEmpty()) {
            tasks.poll().run();
        }
    }

    private void passTime() {
        List<Runnable> due = List.copyOf(timers);
        timers.clear();
        due.forEach(Runnable::run);
        settle();
    }

    @Test
    void shouldTellTogetherWhatIsLostTogether() {
        // when
        losses.lost(replica(0));
        losses.lost(replica(1));
        losses.lost(replica(1));
        settle();
        // then
        assertThat(reports).containsExactly(new LostReplicas(SELF, epoch, List.of(replica(0), replica(1))));
        assertThat(timers).isEmpty();
    }

    @Test
    void shouldTellWhatIsLostMeanwhileAfterwards() {
        // given  a report that takes its time
        answer = new CompletableFuture<>();
        losses.lost(replica(0));
        settle();
        losses.lost(replica(1));
        settle();
        assertThat(reports).hasSize(1);
        // when
        answer.complete(Optional.empty());
        settle();
        // then
        assertThat(reports).hasSize(2);
        assertThat(reports.getLast().replicas()).containsExactly(replica(1));
    }

    @Test
    void shouldTellAgainUntilItIsHeardUnderTheRegistrationOfTheMoment() {
        // given  no controller
        answer = CompletableFuture.completedFuture(Optional.of(Failure.of(Errors.NOT_CONTROLLER)));
        losses.lost(replica(0));
        settle();
        assertThat(reports).hasSize(1);
        // when   and then a call that breaks
        answer = CompletableFuture.failedFuture(new IllegalStateException("broken"));
        passTime();
        assertThat(reports).hasSize(2);
        // when   it is heard, of a broker that has registered anew
        answer = CompletableFuture.completedFuture(Optional.empty());
        epoch = new BrokerEpoch(9);
        losses.lost(replica(1));
        passTime();
        // then
        assertThat(reports).hasSize(3);
        assertThat(reports.getLast()).isEqualTo(new LostReplicas(SELF, epoch, List.of(replica(0), replica(1))));
        passTime();
        assertThat(reports).hasSize(3);
    }
}
