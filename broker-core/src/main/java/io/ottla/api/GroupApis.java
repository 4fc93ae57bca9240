package io.ottla.api;

import io.ottla.coordinator.group.GroupCoordinator;
import io.ottla.metadata.ClusterImage;
import io.ottla.security.Authorizer;
import java.util.List;
import java.util.function.Supplier;

/** The handlers of groups and their offsets. */
public final class GroupApis {
    private GroupApis() {}

    /** @param image as this broker last applied it */
    public static List<ApiHandler<?, ?>> of(
            GroupCoordinator coordinator, Supplier<ClusterImage> image, Authorizer authorizer) {
        GroupAccess access = new GroupAccess(authorizer);
        return List.of(
                new JoinGroupHandler(coordinator, access),
                new SyncGroupHandler(coordinator, access),
                new HeartbeatHandler(coordinator, access),
                new LeaveGroupHandler(coordinator, access),
                new OffsetCommitHandler(coordinator, access, image),
                new OffsetFetchHandler(coordinator, access, image),
                new OffsetDeleteHandler(coordinator, access, image),
                new ListGroupsHandler(coordinator, access),
                new DescribeGroupsHandler(coordinator, access),
                new DeleteGroupsHandler(coordinator, access),
                new ConsumerGroupHeartbeatHandler(coordinator, access),
                new ConsumerGroupDescribeHandler(coordinator, access));
    }
}
