package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.oracle.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;

/** A connection of a member that nobody's client speaks for, whose requests may be sent without waiting for answers. */
final class GroupLink implements AutoCloseable {
    private static final short JOIN = 9;
    private static final short HEARTBEAT = 4;

    private final Wire wire;

    GroupLink(TestingBroker ottla) throws IOException {
        wire = new Wire(ottla.broker().listeners().getFirst().port());
    }

    void send(ApiKeys key, short version, ApiMessage request) throws IOException {
        wire.send(wire.frame(key, version, request));
    }

    ApiMessage ask(ApiKeys key, short version, ApiMessage request) throws IOException {
        return wire.ask(key, version, request);
    }

    JoinGroupResponseData join(JoinGroupRequestData request) throws IOException {
        return (JoinGroupResponseData) ask(ApiKeys.JOIN_GROUP, JOIN, request);
    }

    Errors heartbeat(String group, String member, int generation) throws IOException {
        HeartbeatRequestData request =
                new HeartbeatRequestData().setGroupId(group).setMemberId(member).setGenerationId(generation);
        return Errors.forCode(((HeartbeatResponseData) ask(ApiKeys.HEARTBEAT, HEARTBEAT, request)).errorCode());
    }

    Errors commit(String group, String topic) throws IOException {
        return commit(group, "", -1, topic, "");
    }

    Errors commit(String group, String member, int generation, String topic, String metadata) throws IOException {
        OffsetCommitRequestData request = new OffsetCommitRequestData()
                .setGroupId(group)
                .setMemberId(member)
                .setGenerationIdOrMemberEpoch(generation)
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setName(topic)
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setCommittedOffset(1)
                                .setCommittedMetadata(metadata)))));
        OffsetCommitResponseData answer = (OffsetCommitResponseData) ask(ApiKeys.OFFSET_COMMIT, (short) 9, request);
        return Errors.forCode(answer.topics().getFirst().partitions().getFirst().errorCode());
    }

    Errors sync(String group, String member, int generation) throws IOException {
        SyncGroupRequestData request =
                new SyncGroupRequestData().setGroupId(group).setMemberId(member).setGenerationId(generation);
        return Errors.forCode(((SyncGroupResponseData) ask(ApiKeys.SYNC_GROUP, (short) 3, request)).errorCode());
    }

    Errors leave(String group, String member) throws IOException {
        LeaveGroupRequestData request = new LeaveGroupRequestData()
                .setGroupId(group)
                .setMembers(List.of(new LeaveGroupRequestData.MemberIdentity().setMemberId(member)));
        return Errors.forCode(((LeaveGroupResponseData) ask(ApiKeys.LEAVE_GROUP, (short) 4, request))
                .members()
                .getFirst()
                .errorCode());
    }

    /** What is committed; -1 for nothing. */
    long committed(String group, String topic) throws IOException {
        OffsetFetchRequestData request = new OffsetFetchRequestData()
                .setGroupId(group)
                .setTopics(List.of(new OffsetFetchRequestTopic().setName(topic).setPartitionIndexes(List.of(0))));
        OffsetFetchResponseData answer = (OffsetFetchResponseData) ask(ApiKeys.OFFSET_FETCH, (short) 7, request);
        assertThat(answer.errorCode()).isZero();
        return answer.topics().getFirst().partitions().getFirst().committedOffset();
    }

    Errors forget(String group, String topic) throws IOException {
        OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
        topics.add(new OffsetDeleteRequestTopic()
                .setName(topic)
                .setPartitions(List.of(new OffsetDeleteRequestPartition())));
        OffsetDeleteResponseData answer = (OffsetDeleteResponseData) ask(
                ApiKeys.OFFSET_DELETE,
                (short) 0,
                new OffsetDeleteRequestData().setGroupId(group).setTopics(topics));
        return answer.errorCode() != 0
                ? Errors.forCode(answer.errorCode())
                : Errors.forCode(
                        answer.topics().find(topic).partitions().find(0).errorCode());
    }

    /** A heartbeat whose group id is these bytes, whatever they are; null where the connection is closed instead. */
    Errors heartbeat(byte[] group) throws IOException {
        HeartbeatRequestData nameless =
                new HeartbeatRequestData().setGroupId("").setMemberId("m").setGenerationId(1);
        byte[] frame = wire.frame(ApiKeys.HEARTBEAT, HEARTBEAT, nameless);
        int name = frame.length
                - MessageUtil.toByteBufferAccessor(nameless, HEARTBEAT).buffer().remaining();
        ByteArrayOutputStream odd = new ByteArrayOutputStream();
        odd.write(frame, 0, name);
        int length = group.length + 1;
        for (; length > 0x7f; length >>>= 7) {
            odd.write(length & 0x7f | 0x80);
        }
        odd.write(length);
        odd.write(group);
        odd.write(frame, name + 1, frame.length - name - 1);
        wire.send(odd.toByteArray());
        HeartbeatResponseData answer = (HeartbeatResponseData) wire.answer(ApiKeys.HEARTBEAT, HEARTBEAT);
        return answer == null ? null : Errors.forCode(answer.errorCode());
    }

    /** Null while they are being loaded. */
    List<String> groups() throws IOException {
        ListGroupsResponseData answer =
                (ListGroupsResponseData) ask(ApiKeys.LIST_GROUPS, (short) 4, new ListGroupsRequestData());
        return answer.errorCode() != 0
                ? null
                : answer.groups().stream()
                        .map(ListGroupsResponseData.ListedGroup::groupId)
                        .toList();
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
