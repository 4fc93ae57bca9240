package io.ottla.console.oldconsumers;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.console.clusters.Cluster;
import io.ottla.console.clusters.ZooKeeperAccess;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OldConsumersTest {
    private final TestingNodes nodes = new TestingNodes();
    private final OldConsumers old = of(nodes.access());

    private static OldConsumers of(ZooKeeperAccess access) {
        Cluster cluster = (Cluster) Proxy.newProxyInstance(
                OldConsumersTest.class.getClassLoader(),
                new Class<?>[] {Cluster.class},
                (proxy, method, arguments) -> Optional.of(access));
        return OldConsumers.of(cluster).orElseThrow();
    }

    @Test
    void shouldReadMembersWithWhatTheyOwnAndOffsets() {
        // given
        nodes.member("billing", "billing_host-7.example.net-1417375850123-abcd1234", "orders", 10, 2)
                .member("billing", "billing_mine", "payments", 0)
                .with("/consumers/billing/owners/orders/1", "billing_gone-1417375850000-00000000-0")
                .offset("billing", "orders", 2, 400)
                .offset("billing", "payments", 0, 7)
                .offset("idle", "orders", 0, 1);

        // when, then
        assertThat(old.names().groups()).containsExactly("billing", "idle");
        assertThat(old.memberCounts(List.of("billing", "idle", "nobody")))
                .isEqualTo(Map.of("billing", 2, "idle", 0, "nobody", 0));
        Map<String, List<OldMember>> members = old.members(List.of("billing", "idle"));
        assertThat(members.get("billing"))
                .containsExactly(
                        new OldMember(
                                "billing_host-7.example.net-1417375850123-abcd1234",
                                "host-7.example.net-1417375850123-abcd1234",
                                "host-7.example.net",
                                Map.of("orders", List.of(2, 10))),
                        new OldMember("billing_mine", "mine", "", Map.of("payments", List.of(0))));
        assertThat(members.get("idle")).isEmpty();
        assertThat(old.offsets(List.of("billing", "idle")))
                .isEqualTo(Map.of(
                        "billing",
                        Map.of(new TopicPartition("orders", 2), 400L, new TopicPartition("payments", 0), 7L),
                        "idle",
                        Map.of(new TopicPartition("orders", 0), 1L)));
    }

    @Test
    void shouldLeaveOutWhatOldConsumersDoNotWrite() {
        // given
        nodes.offset("g", "orders", 0, 5)
                .with("/consumers/g/offsets/orders/one", "7")
                .with("/consumers/g/offsets/orders/-1", "7")
                .with("/consumers/g/offsets/orders/99999999999", "7")
                .with("/consumers/g/offsets/orders/1", "seven")
                .with("/consumers/g/offsets/orders/2", "-7")
                .with("/consumers/g/offsets/orders/3", "")
                .with("/consumers/g/offsets/orders/4", "9".repeat(19))
                .with("/consumers/g/offsets/orders/5", "1".repeat(100_000))
                .with("/consumers/g/offsets/orders/6", " 12\n")
                .with("/consumers/g/offsets/no topic/0", "7")
                .with("/consumers/g/owners/no topic/0", "x")
                .with("/consumers/g/owners/orders/0", "\uFFFD")
                .with("/consumers/g/ids/anything", "{")
                .with("/consumers/bare", "x")
                .with("/consumers/" + "x".repeat(300) + "/offsets/orders/0", "7")
                .with("/consumers/a\u0007b", "");

        // when, then
        assertThat(old.names().groups()).containsExactly("bare", "g");
        assertThat(old.offsets(List.of("g", "bare", "nobody")))
                .isEqualTo(Map.of(
                        "g",
                        Map.of(new TopicPartition("orders", 0), 5L, new TopicPartition("orders", 6), 12L),
                        "bare",
                        Map.of(),
                        "nobody",
                        Map.of()));
        assertThat(old.members(List.of("g")).get("g"))
                .containsExactly(new OldMember("anything", "anything", "", Map.of()));
    }

    @Test
    void shouldReadNoMoreThanItMay() {
        // given  more groups than are listed
        for (int i = 0; i <= OldConsumers.MOST_GROUPS; i++) {
            nodes.nodes.put("/consumers/g" + i, new byte[0]);
        }
        nodes.asked = 0;

        // when, then
        assertThat(old.names()).isEqualTo(new OldConsumers.Names(List.of(), OldConsumers.MOST_GROUPS + 1));
        assertThat(nodes.asked).isOne();
        nodes.nodes.keySet().removeIf(path -> path.startsWith("/consumers/"));

        // given  more offsets than one look takes
        int each = OldConsumers.MOST_OFFSETS / 2 + 1;
        for (String group : List.of("a", "b", "c")) {
            nodes.with("/consumers/" + group + "/offsets/t/0", "0");
            for (int partition = 0; partition < each; partition++) {
                nodes.nodes.put(
                        "/consumers/" + group + "/offsets/t/" + partition, "1".getBytes(StandardCharsets.UTF_8));
            }
        }

        // when, then  the first group is read whatever it has
        assertThat(old.offsets(List.of("b", "c", "a"))).containsOnlyKeys("b");
        assertThat(old.offsets(List.of("c", "a")).get("c")).hasSize(each);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "../brokers", "a\u0000b", "a\nb", "\uFFFF"})
    void shouldTakeNoNameThatLeadsElsewhere(String group) {
        nodes.with("/brokers/ids/1", "{}");

        assertThat(old.isThere(group)).isFalse();
        assertThat(old.offsets(List.of(group))).isEmpty();
        assertThat(old.changes().delete(group)).isFalse();
        assertThat(old.changes().set(group, Map.of(new TopicPartition("t", 0), 1L)))
                .isFalse();
        assertThat(old.changes().forget(group, "t")).isFalse();
        assertThat(nodes.asked).isZero();
    }
}
