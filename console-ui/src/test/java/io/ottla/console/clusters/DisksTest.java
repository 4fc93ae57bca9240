package io.ottla.console.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ClusterAnswers;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

class DisksTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final Duration PATIENCE = Duration.ofMillis(50);

    private final List<Integer> asked = new ArrayList<>();
    private final Map<Integer, KafkaFutureImpl<Map<String, LogDirDescription>>> answers = new HashMap<>();
    private final List<Runnable> later = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private final Disks disks = new Disks(this::admin, new Failures(Duration.ofSeconds(10)), () -> now, later::add);

    @SuppressWarnings("unchecked")
    private Admin admin() {
        return (Admin) Proxy.newProxyInstance(
                DisksTest.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
                    Map<Integer, KafkaFuture<Map<String, LogDirDescription>>> told = new HashMap<>();
                    for (int broker : (Collection<Integer>) arguments[0]) {
                        asked.add(broker);
                        answers.put(broker, new KafkaFutureImpl<>());
                        told.put(broker, answers.get(broker));
                    }
                    return ClusterAnswers.disks(told);
                });
    }

    private void tell(int broker, long bytes) {
        answers.get(broker)
                .complete(Map.of(
                        "/data", new LogDirDescription(null, Map.of(ORDERS, new ReplicaInfo(bytes, 0, false)))));
    }

    @Test
    void shouldAskABrokerOnceForAllWhoLook() throws Exception {
        // given
        disks.ask(List.of(1, 2));
        disks.ask(List.of(2, 3));

        // when
        tell(1, 10);
        tell(2, 20);
        tell(3, 30);

        // then
        assertThat(disks.look(List.of(1, 2, 3), PATIENCE).values())
                .extracting(each -> each.bytesOf(ORDERS))
                .containsExactly(10L, 20L, 30L);
        assertThat(asked).containsExactly(1, 2, 3);

        // when
        now = now.plusSeconds(2);
        disks.ask(List.of(2));

        // then
        assertThat(asked).containsExactly(1, 2, 3, 2);
    }

    @Test
    void shouldTellWhatItKnewWhereABrokerIsSlow() throws Exception {
        // given
        disks.ask(List.of(1));
        tell(1, 10);

        // when
        now = now.plusSeconds(60);
        Map<Integer, BrokerDisks> found = disks.look(List.of(1, 2), PATIENCE);

        // then
        assertThat(found.get(1).bytesOf(ORDERS)).isEqualTo(10);
        assertThat(found.get(2).told()).isFalse();
    }

    @Test
    void shouldKeepNoFailureAndNothingFromBeforeAChange() throws Exception {
        // given
        disks.ask(List.of(1, 2));
        answers.get(1).completeExceptionally(new ClusterAuthorizationException("no"));
        tell(2, 20);

        // when
        BrokerDisks refused = disks.look(List.of(1), PATIENCE).get(1);

        // then
        assertThat(refused.told()).isFalse();
        assertThat(asked).containsExactly(1, 2, 1);

        // when
        disks.forget();

        // then
        assertThat(disks.look(List.of(2), PATIENCE).get(2).told()).isFalse();
    }

    @Test
    void shouldForgetWhatMayNotBeShownAnyMore() throws Exception {
        // given
        disks.ask(List.of(1));
        tell(1, 10);

        // when
        now = now.plus(Freshness.STALE);
        later.forEach(Runnable::run);

        // then
        assertThat(disks.look(List.of(1), PATIENCE).get(1).told()).isFalse();
    }
}
