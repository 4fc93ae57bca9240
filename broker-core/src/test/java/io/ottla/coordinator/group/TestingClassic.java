package io.ottla.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.coordinator.group.TestingGroups.Later;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/** A member of the classic protocol that reads the topic {@code t} in the group {@code g}, over {@link TestingGroups}. */
final class TestingClassic {
    String id = "";
    int generation = -1;
    List<String> reads = List.of();

    private final TestingGroups groups;
    private final String instanceId;

    TestingClassic(TestingGroups groups) {
        this(groups, null);
    }

    /** @param instanceId of a static member, or null */
    TestingClassic(TestingGroups groups, String instanceId) {
        this.groups = groups;
        this.instanceId = instanceId;
    }

    /** A classic group of one, which has everything of a topic of so many partitions. */
    static TestingClassic alone(TestingGroups groups, int partitions) {
        TestingClassic member = new TestingClassic(groups);
        Later<JoinGroupResponseData> later = member.join();
        groups.advance(20);
        member.generation = later.get().generationId();
        List<TopicPartition> all = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            all.add(new TopicPartition("t", i));
        }
        member.sync(List.of(new SyncGroupRequestAssignment()
                .setMemberId(member.id)
                .setAssignment(bytes(ConsumerProtocol.serializeAssignment(new Assignment(all))))));
        assertThat(member.reads).hasSize(partitions);
        return member;
    }

    /** Joins, under an id that it is given first where it has none. */
    Later<JoinGroupResponseData> join() {
        Later<JoinGroupResponseData> answer = groups.join(request(), 9);
        if (answer.now() != null && answer.now().errorCode() == Errors.MEMBER_ID_REQUIRED.code()) {
            id = answer.now().memberId();
            return groups.join(request(), 9);
        }
        return answer;
    }

    private JoinGroupRequestData request() {
        List<TopicPartition> owned = reads.stream()
                .map(name -> new TopicPartition("t", Integer.parseInt(name.substring(2))))
                .toList();
        JoinGroupRequestData request = new JoinGroupRequestData()
                .setGroupId("g")
                .setMemberId(id)
                .setGroupInstanceId(instanceId)
                .setProtocolType("consumer")
                .setSessionTimeoutMs(TestingGroups.SESSION_MS)
                .setRebalanceTimeoutMs(TestingGroups.REBALANCE_MS);
        request.protocols()
                .add(new JoinGroupRequestProtocol()
                        .setName("cooperative-sticky")
                        .setMetadata(bytes(
                                ConsumerProtocol.serializeSubscription(new Subscription(List.of("t"), null, owned)))));
        return request;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** Takes up that it has joined, and asks for its assignment. */
    Errors sync(JoinGroupResponseData joined) {
        assertThat(joined.errorCode()).isZero();
        id = joined.memberId();
        generation = joined.generationId();
        return sync(List.of());
    }

    /** Asks for its assignment, with those of all where it leads. */
    Errors sync(List<SyncGroupRequestAssignment> assignments) {
        Later<SyncGroupResponseData> answer = groups.sync(new SyncGroupRequestData()
                .setGroupId("g")
                .setMemberId(id)
                .setGroupInstanceId(instanceId)
                .setGenerationId(generation)
                .setProtocolType("consumer")
                .setProtocolName("cooperative-sticky")
                .setAssignments(assignments));
        if (answer.get().errorCode() == 0) {
            reads =
                    ConsumerProtocol.deserializeAssignment(
                                    ByteBuffer.wrap(answer.get().assignment()))
                            .partitions()
                            .stream()
                            .map(TopicPartition::toString)
                            .sorted()
                            .toList();
        }
        return Errors.forCode(answer.get().errorCode());
    }

    Errors heartbeat() {
        return groups.heartbeat("g", id, instanceId, generation);
    }

    /** Joins the consumer group and asks for its assignment, as often as it is told to. */
    void rejoin() {
        for (int i = 0; i < 4; i++) {
            Errors told = heartbeat();
            if (told == Errors.NONE) {
                return;
            }
            assertThat(told).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
            sync(join().get());
        }
    }
}
