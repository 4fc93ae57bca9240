package io.ottla.coordinator.group;

import static io.ottla.coordinator.group.TestingConsumers.reporting;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.coordinator.group.TestingConsumers.Client;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** A member with a {@code group.instance.id} that is started anew with the other protocol (KIP-345, KIP-848). */
class StaticMembersOfBothProtocolsTest {
    private static final String INSTANCE = "i";

    private final TestingConsumers consumers = new TestingConsumers();
    private final TestingGroups groups = consumers.groups;

    StaticMembersOfBothProtocolsTest() {
        consumers.create("t", 4);
    }

    private Client dynamicClient() {
        Client client = consumers.new Client("g", "dynamic");
        client.join("t");
        return client;
    }

    private Client fixed(String id) {
        Client client = consumers.new Client("g", id);
        client.instanceId = INSTANCE;
        client.join("t");
        return client;
    }

    private TestingClassic classic() {
        TestingClassic member = new TestingClassic(groups, INSTANCE);
        assertThat(member.sync(member.join().get())).isEqualTo(Errors.NONE);
        return member;
    }

    private List<String> membersWithTheInstanceId() {
        return consumers.describe("g").members().stream()
                .filter(member -> INSTANCE.equals(member.instanceId()))
                .map(member -> member.memberId())
                .toList();
    }

    @Test
    void shouldGiveAClassicMemberThePlaceOfOneOfTheConsumerProtocolAndBack() {
        // given  two members, one of them static
        Client other = dynamicClient();
        Client first = fixed("first");
        for (int i = 0; i < 3; i++) {
            other.report();
            first.report();
        }
        List<String> had = first.reads;
        assertThat(had).hasSize(2);

        // when   the static one is started anew with the classic protocol, without a word of farewell
        TestingClassic classic = classic();

        // then   it has its place and its partitions, and the one before is out
        assertThat(membersWithTheInstanceId()).containsExactly(classic.id);
        assertThat(classic.reads).isEqualTo(had);
        assertThat(consumers.refusal(reporting("g", "first", first.epoch).setInstanceId(INSTANCE)))
                .isEqualTo(Errors.FENCED_INSTANCE_ID);
        assertThat(classic.heartbeat()).isEqualTo(Errors.NONE);
        String before = consumers.picture("g");
        groups.follow();
        groups.lead();
        assertThat(consumers.picture("g")).isEqualTo(before);

        // when   it comes back with the consumer protocol
        Client again = fixed("again");

        // then   so it is the other way round
        assertThat(membersWithTheInstanceId()).containsExactly("again");
        again.report();
        assertThat(again.reads).isEqualTo(had);
        assertThat(classic.heartbeat()).isEqualTo(Errors.FENCED_INSTANCE_ID);
        other.report();
        assertThat(other.reads).hasSize(2).doesNotContainAnyElementsOf(had);
        assertThat(consumers.describe("g").groupState()).isEqualTo("Stable");
    }

    @Test
    void shouldChangeTheGroupWithItsOnlyMember() {
        // given
        Client first = fixed("first");
        groups.commit("g", "first", first.epoch, "t", 42);
        assertThat(first.reads).hasSize(4);

        // when   it is started anew with the classic protocol
        TestingClassic classic = new TestingClassic(groups, INSTANCE);
        classic.id = classic.join().get().memberId();

        // then   the group is a classic one with it alone
        assertThat(consumers.describe("g").errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
        assertThat(groups.list()).hasSize(1);
        assertThat(groups.fetch("g", "t", 0)).isEqualTo(42);
        assertThat(consumers.refusal(reporting("g", "first", first.epoch).setInstanceId(INSTANCE)))
                .isEqualTo(Errors.GROUP_ID_NOT_FOUND);

        // when   and back
        Client again = fixed("again");

        // then
        assertThat(membersWithTheInstanceId()).containsExactly("again");
        again.report();
        assertThat(again.reads).hasSize(4);
        assertThat(groups.fetch("g", "t", 0)).isEqualTo(42);
    }
}
