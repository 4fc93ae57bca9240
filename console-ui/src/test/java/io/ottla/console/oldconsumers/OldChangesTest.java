package io.ottla.console.oldconsumers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OldChangesTest {
    private static final TopicPartition ORDERS_0 = new TopicPartition("orders", 0);
    private static final String OFFSETS = "/consumers/g/offsets/";

    private final TestingNodes nodes = new TestingNodes();
    private final OldChanges changes = new OldChanges(nodes.access());

    @BeforeEach
    void make() {
        nodes.with("/consumers/g/ids", "")
                .with("/consumers/g/owners/orders", "")
                .offset("g", "orders", 0, 400);
        nodes.offset("g", "payments", 0, 7).offset("other", "orders", 0, 1);
    }

    @Test
    void shouldSetOffsetsThatAreThereAndNewOnes() {
        // when
        boolean done = changes.set(
                "g", Map.of(ORDERS_0, 12L, new TopicPartition("orders", 3), 5L, new TopicPartition("new", 1), 9L));

        // then
        assertThat(done).isTrue();
        assertThat(nodes.text(OFFSETS + "orders/0")).isEqualTo("12");
        assertThat(nodes.text(OFFSETS + "orders/3")).isEqualTo("5");
        assertThat(nodes.text(OFFSETS + "new/1")).isEqualTo("9");
        assertThat(nodes.text(OFFSETS + "payments/0")).isEqualTo("7");
        assertThat(nodes.nodes).containsKey("/consumers/g/ids");
    }

    @Test
    void shouldSetOffsetsOfAGroupThatNobodyEverJoined() {
        // given
        nodes.nodes.remove("/consumers/g/ids");
        nodes.with("/consumers/bare", "");

        // when, then
        assertThat(changes.set("g", Map.of(ORDERS_0, 12L))).isTrue();
        assertThat(changes.set("bare", Map.of(ORDERS_0, 3L))).isTrue();
        assertThat(nodes.text("/consumers/bare/offsets/orders/0")).isEqualTo("3");
        assertThat(nodes.nodes).doesNotContainKeys("/consumers/g/ids", "/consumers/bare/ids");
        assertThat(changes.set("nobody", Map.of(ORDERS_0, 3L))).isFalse();
        assertThat(nodes.nodes).doesNotContainKey("/consumers/nobody");
    }

    @Test
    void shouldChangeNothingWhereAConsumerJoinsMeanwhile() {
        // given
        nodes.before = () -> nodes.with("/consumers/g/ids/g_host-1", "{}");
        Map<String, byte[]> was = new TreeMap<>(nodes.nodes);

        // when
        assertThat(changes.set("g", Map.of(ORDERS_0, 12L))).isFalse();
        assertThat(changes.forget("g", "orders")).isFalse();
        nodes.nodes.remove("/consumers/g/ids/g_host-1");
        assertThat(changes.delete("g")).isFalse();
        // and    where it is there before
        assertThat(changes.delete("g")).isFalse();
        // and    where there was no node for its id
        nodes.nodes.remove("/consumers/g/ids/g_host-1");
        nodes.nodes.remove("/consumers/g/ids");
        assertThat(changes.delete("g")).isFalse();

        // then
        nodes.nodes.remove("/consumers/g/ids/g_host-1");
        assertThat(nodes.nodes.keySet()).isEqualTo(was.keySet());
        assertThat(nodes.text(OFFSETS + "orders/0")).isEqualTo("400");
    }

    @Test
    void shouldForgetOneTopic() {
        assertThat(changes.forget("g", "orders")).isTrue();

        assertThat(nodes.nodes.keySet()).noneMatch(path -> path.startsWith("/consumers/g/") && path.contains("orders"));
        assertThat(nodes.text(OFFSETS + "payments/0")).isEqualTo("7");
        assertThat(changes.forget("g", "orders")).isFalse();
    }

    @Test
    void shouldDeleteAGroupAndNoOther() {
        // given  what is foreign goes too, and all of it is more than one change takes
        nodes.with("/consumers/g/offsets/no topic/x/y", "z");
        Map<TopicPartition, Long> many = new HashMap<>();
        for (int i = 0; i < 2 * OldChanges.AT_ONCE + 5; i++) {
            many.put(new TopicPartition("many", i), (long) i);
        }
        assertThat(changes.set("g", many)).isTrue();
        assertThat(nodes.text(OFFSETS + "many/2004")).isEqualTo("2004");

        // when
        assertThat(changes.delete("g")).isTrue();

        // then
        assertThat(nodes.nodes.keySet()).noneMatch(path -> path.startsWith("/consumers/g"));
        assertThat(nodes.text("/consumers/other/offsets/orders/0")).isEqualTo("1");
        assertThat(changes.delete("g")).isFalse();
    }
}
