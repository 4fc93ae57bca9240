package io.ottla.api;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartition;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopic;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;

/** OffsetFetch in its two forms: of one group up to version 7, of many since. All is done in the newer one. */
final class OffsetFetchForms {
    private static final short FIRST_WITH_GROUPS = 8;
    /** Before this version the error of a group stands at every partition. */
    private static final short FIRST_WITH_GROUP_ERROR = 2;

    private OffsetFetchForms() {}

    static List<OffsetFetchRequestGroup> groups(short version, OffsetFetchRequestData request) {
        return version >= FIRST_WITH_GROUPS ? request.groups() : List.of(group(request));
    }

    private static OffsetFetchRequestGroup group(OffsetFetchRequestData request) {
        OffsetFetchRequestGroup group =
                new OffsetFetchRequestGroup().setGroupId(request.groupId()).setTopics(null);
        if (request.topics() != null) {
            List<OffsetFetchRequestTopics> topics =
                    new ArrayList<>(request.topics().size());
            for (OffsetFetchRequestTopic topic : request.topics()) {
                topics.add(new OffsetFetchRequestTopics()
                        .setName(topic.name())
                        .setPartitionIndexes(topic.partitionIndexes()));
            }
            group.setTopics(topics);
        }
        return group;
    }

    static OffsetFetchResponseData answer(
            short version, List<OffsetFetchRequestGroup> asked, List<OffsetFetchResponseGroup> answers) {
        if (version >= FIRST_WITH_GROUPS) {
            return new OffsetFetchResponseData().setGroups(answers);
        }
        OffsetFetchResponseGroup only = answers.get(0);
        if (version >= FIRST_WITH_GROUP_ERROR || only.errorCode() == Errors.NONE.code()) {
            return new OffsetFetchResponseData()
                    .setErrorCode(version >= FIRST_WITH_GROUP_ERROR ? only.errorCode() : Errors.NONE.code())
                    .setTopics(old(only.topics()));
        }
        return everywhere(asked.get(0), Errors.forCode(only.errorCode()));
    }

    private static List<OffsetFetchResponseTopic> old(List<OffsetFetchResponseTopics> topics) {
        List<OffsetFetchResponseTopic> old = new ArrayList<>(topics.size());
        for (OffsetFetchResponseTopics topic : topics) {
            OffsetFetchResponseTopic answered = new OffsetFetchResponseTopic().setName(topic.name());
            for (OffsetFetchResponsePartitions partition : topic.partitions()) {
                answered.partitions()
                        .add(new OffsetFetchResponsePartition()
                                .setPartitionIndex(partition.partitionIndex())
                                .setCommittedOffset(partition.committedOffset())
                                .setCommittedLeaderEpoch(partition.committedLeaderEpoch())
                                .setMetadata(partition.metadata())
                                .setErrorCode(partition.errorCode()));
            }
            old.add(answered);
        }
        return old;
    }

    private static OffsetFetchResponseData everywhere(OffsetFetchRequestGroup asked, Errors error) {
        OffsetFetchResponseData response = new OffsetFetchResponseData();
        if (asked.topics() != null) {
            for (OffsetFetchRequestTopics topic : asked.topics()) {
                OffsetFetchResponseTopic answered = new OffsetFetchResponseTopic().setName(topic.name());
                for (int partition : topic.partitionIndexes()) {
                    answered.partitions()
                            .add(new OffsetFetchResponsePartition()
                                    .setPartitionIndex(partition)
                                    .setCommittedOffset(-1)
                                    .setMetadata("")
                                    .setErrorCode(error.code()));
                }
                response.topics().add(answered);
            }
        }
        return response;
    }

    /** The same error for the whole of a request, whose version is not known: said in every form. */
    static OffsetFetchResponseData refusing(OffsetFetchRequestData request, Errors error) {
        if (!request.groups().isEmpty()) {
            OffsetFetchResponseData response = new OffsetFetchResponseData();
            for (OffsetFetchRequestGroup group : request.groups()) {
                response.groups()
                        .add(new OffsetFetchResponseGroup()
                                .setGroupId(group.groupId())
                                .setErrorCode(error.code()));
            }
            return response;
        }
        return everywhere(group(request), error).setErrorCode(error.code());
    }
}
