package io.ottla.api;

import io.ottla.coordinator.group.GroupCoordinator;
import io.ottla.coordinator.group.GroupOffsets;
import io.ottla.metadata.ClusterImage;
import java.util.function.Supplier;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Commits a group's offsets, of partitions that exist; topics are named by id since version 10. */
final class OffsetCommitHandler implements ApiHandler<OffsetCommitRequestData, OffsetCommitResponseData> {
    private static final short FIRST_WITH_TOPIC_IDS = 10;

    private final GroupCoordinator coordinator;
    private final GroupAccess access;
    private final Supplier<ClusterImage> image;
    private final ApiSpec<OffsetCommitRequestData, OffsetCommitResponseData> spec =
            ApiSpec.of(ApiKeys.OFFSET_COMMIT, GroupOffsets::commitRefused, OffsetCommitResponseData::setThrottleTimeMs);

    OffsetCommitHandler(GroupCoordinator coordinator, GroupAccess access, Supplier<ClusterImage> image) {
        this.coordinator = coordinator;
        this.access = access;
        this.image = image;
    }

    @Override
    public ApiSpec<OffsetCommitRequestData, OffsetCommitResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<OffsetCommitResponseData> handle(RequestContext context, OffsetCommitRequestData request) {
        if (!access.reads(context, request.groupId())) {
            return Reply.of(GroupOffsets.commitRefused(request, Errors.GROUP_AUTHORIZATION_FAILED));
        }
        CommittableOffsets checked = CommittableOffsets.of(
                request,
                context.apiVersion() >= FIRST_WITH_TOPIC_IDS,
                image.get(),
                topic -> access.readsTopic(context, topic));
        if (checked.isEmpty()) {
            return Reply.of(checked.refused());
        }
        Reply<OffsetCommitResponseData> reply = Reply.later();
        coordinator
                .offsets()
                .commit(checked.request(), context.apiVersion(), answer -> reply.complete(checked.with(answer)));
        return reply;
    }
}
