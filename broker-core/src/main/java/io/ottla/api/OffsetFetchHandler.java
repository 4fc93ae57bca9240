package io.ottla.api;

import io.ottla.coordinator.group.GroupCoordinator;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Tells what groups have committed: one group in old versions, many since KIP-709, topics by id since version 10. */
final class OffsetFetchHandler implements ApiHandler<OffsetFetchRequestData, OffsetFetchResponseData> {
    private static final short FIRST_WITH_TOPIC_IDS = 10;

    private final GroupCoordinator coordinator;
    private final GroupAccess access;
    private final Supplier<ClusterImage> image;
    private final ApiSpec<OffsetFetchRequestData, OffsetFetchResponseData> spec =
            ApiSpec.of(ApiKeys.OFFSET_FETCH, OffsetFetchForms::refusing, OffsetFetchResponseData::setThrottleTimeMs);

    OffsetFetchHandler(GroupCoordinator coordinator, GroupAccess access, Supplier<ClusterImage> image) {
        this.coordinator = coordinator;
        this.access = access;
        this.image = image;
    }

    @Override
    public ApiSpec<OffsetFetchRequestData, OffsetFetchResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<OffsetFetchResponseData> handle(RequestContext context, OffsetFetchRequestData request) {
        short version = context.apiVersion();
        List<OffsetFetchRequestGroup> groups = OffsetFetchForms.groups(version, request);
        if (groups.isEmpty()) {
            return Reply.of(new OffsetFetchResponseData());
        }
        Reply<OffsetFetchResponseData> reply = Reply.later();
        AtomicReferenceArray<OffsetFetchResponseGroup> answers = new AtomicReferenceArray<>(groups.size());
        AtomicInteger left = new AtomicInteger(groups.size());
        for (int i = 0; i < groups.size(); i++) {
            int number = i;
            fetch(context, groups.get(i), request.requireStable(), answer -> {
                answers.set(number, answer);
                if (left.decrementAndGet() == 0) {
                    List<OffsetFetchResponseGroup> all = new ArrayList<>(answers.length());
                    for (int each = 0; each < answers.length(); each++) {
                        all.add(answers.get(each));
                    }
                    reply.complete(OffsetFetchForms.answer(version, groups, all));
                }
            });
        }
        return reply;
    }

    private void fetch(
            RequestContext context,
            OffsetFetchRequestGroup group,
            boolean requireStable,
            Consumer<OffsetFetchResponseGroup> answer) {
        if (!access.describes(context, group.groupId())) {
            answer.accept(new OffsetFetchResponseGroup()
                    .setGroupId(group.groupId())
                    .setErrorCode(Errors.GROUP_AUTHORIZATION_FAILED.code()));
        } else if (group.topics() == null) {
            coordinator.offsets().fetch(group, requireStable, found -> {
                found.topics().removeIf(topic -> !access.describesTopic(context, topic.name()));
                if (context.apiVersion() >= FIRST_WITH_TOPIC_IDS) {
                    nameById(found);
                }
                answer.accept(found);
            });
        } else {
            fetchTopics(context, group, requireStable, answer);
        }
    }

    /** A topic without an id can't be named in the answer. */
    private void nameById(OffsetFetchResponseGroup found) {
        ClusterImage now = image.get();
        found.topics().removeIf(topic -> {
            TopicImage known = now.topic(topic.name());
            if (known != null) {
                topic.setTopicId(known.id().uuid());
            }
            return known == null || known.id().isZero();
        });
    }

    private void fetchTopics(
            RequestContext context,
            OffsetFetchRequestGroup group,
            boolean requireStable,
            Consumer<OffsetFetchResponseGroup> answer) {
        boolean byId = context.apiVersion() >= FIRST_WITH_TOPIC_IDS;
        ClusterImage now = image.get();
        List<OffsetFetchResponseTopics> refused = new ArrayList<>(0);
        List<OffsetFetchRequestTopics> allowed = new ArrayList<>(group.topics().size());
        for (OffsetFetchRequestTopics topic : group.topics()) {
            if (byId) {
                String name = now.topicNames().get(TopicId.of(topic.topicId()));
                if (name == null) {
                    refused.add(failed(topic, Errors.UNKNOWN_TOPIC_ID));
                    continue;
                }
                topic.setName(name);
            }
            if (access.describesTopic(context, topic.name())) {
                allowed.add(topic);
            } else {
                refused.add(failed(topic, Errors.TOPIC_AUTHORIZATION_FAILED));
            }
        }
        OffsetFetchRequestGroup checked = group.duplicate().setTopics(allowed);
        coordinator.offsets().fetch(checked, requireStable, found -> {
            if (found.errorCode() == Errors.NONE.code()) {
                found.topics().addAll(refused);
            }
            answer.accept(found);
        });
    }

    private static OffsetFetchResponseTopics failed(OffsetFetchRequestTopics topic, Errors error) {
        OffsetFetchResponseTopics answered =
                new OffsetFetchResponseTopics().setName(topic.name()).setTopicId(topic.topicId());
        for (int partition : topic.partitionIndexes()) {
            answered.partitions()
                    .add(new OffsetFetchResponsePartitions()
                            .setPartitionIndex(partition)
                            .setCommittedOffset(-1)
                            .setMetadata("")
                            .setErrorCode(error.code()));
        }
        return answered;
    }
}
