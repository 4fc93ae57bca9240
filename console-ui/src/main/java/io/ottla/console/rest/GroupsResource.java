package io.ottla.console.rest;

import io.ottla.console.access.Action;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.groups.GroupChanges;
import io.ottla.console.groups.GroupHistory;
import io.ottla.console.groups.GroupReader;
import io.ottla.console.groups.HistoryRange;
import io.ottla.console.groups.OffsetResets;
import io.ottla.console.groups.ResetPlan;
import io.ottla.console.lag.GroupKey;
import io.ottla.console.lag.GroupKind;
import io.ottla.console.lag.LagWatches;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What v3 lacks for groups of all kinds: those that no v3 knows, setting and deleting offsets, removing members, deleting, the history. */
@RestController
@RequestMapping(path = "/api/v1/clusters/{clusterId}/groups", produces = MediaType.APPLICATION_JSON_VALUE)
final class GroupsResource {
    private static final InstantSource CLOCK = InstantSource.system();

    private final LagWatches watches;

    GroupsResource(LagWatches watches) {
        this.watches = watches;
    }

    /** @param type of which groups are listed; without it all are */
    @GetMapping
    GroupListData groups(Visit visit, @PathVariable String clusterId, @RequestParam(required = false) String type) {
        Optional<GroupKind> wanted = GroupKind.read(type);
        if (type != null && wanted.isEmpty()) {
            throw new ApiFailure(
                    ApiError.BAD_REQUEST,
                    "Expected type to be one of "
                            + Stream.of(GroupKind.values())
                                    .filter(kind -> kind != GroupKind.UNKNOWN)
                                    .map(GroupKind::key)
                                    .collect(Collectors.joining(", "))
                            + ", but got " + type + ".");
        }
        GroupReader.All all = GroupReader.all(visit, true);
        return GroupListData.of(
                all.groups().stream()
                        .filter(group -> wanted.isEmpty() || wanted.get() == group.kind())
                        .toList(),
                all.problem());
    }

    @GetMapping("/{group}")
    GroupListData.One group(Visit visit, @PathVariable String clusterId, GroupKey group) {
        return GroupListData.One.of(GroupReader.group(visit, group));
    }

    @GetMapping("/{group}/offsets")
    GroupOffsetsData.Offsets offsets(Visit visit, @PathVariable String clusterId, GroupKey group) {
        return GroupOffsetsData.Offsets.of(
                group.id(), GroupReader.whole(visit, group).lag());
    }

    /** Says what it would do, and does it where {@code dry_run} is false. */
    @Needs(Action.RESET_OFFSETS)
    @PostMapping(path = "/{group}/offsets", consumes = MediaType.APPLICATION_JSON_VALUE)
    GroupOffsetsData.Reset reset(
            Visit visit, @PathVariable String clusterId, GroupKey group, @RequestBody ResetData body) {
        ResetPlan plan = OffsetResets.plan(visit, group, body.request(), CLOCK);
        if (!body.isDryRun()) {
            OffsetResets.apply(visit, plan);
        }
        return GroupOffsetsData.Reset.of(plan, body.isDryRun());
    }

    /** @param topic in which the group's offsets go */
    @Needs(Action.RESET_OFFSETS)
    @DeleteMapping("/{group}/offsets")
    ResponseEntity<Void> forget(
            Visit visit, @PathVariable String clusterId, GroupKey group, @RequestParam(required = false) String topic) {
        visit.require(Action.RESET_OFFSETS, group.id());
        if (topic == null) {
            throw new ApiFailure(ApiError.BAD_REQUEST, "Expected the parameter topic, but the request has none.");
        }
        OffsetResets.delete(visit, group, topic);
        return ResponseEntity.noContent().build();
    }

    @Needs(Action.DELETE_GROUP)
    @DeleteMapping("/{group}")
    ResponseEntity<Void> delete(Visit visit, @PathVariable String clusterId, GroupKey group) {
        GroupChanges.delete(visit, group);
        return ResponseEntity.noContent().build();
    }

    /** @param instance of a static member; without it all go */
    @Needs(Action.REMOVE_MEMBERS)
    @DeleteMapping("/{group}/members")
    ResponseEntity<Void> remove(
            Visit visit,
            @PathVariable String clusterId,
            GroupKey group,
            @RequestParam(name = "instance_id", defaultValue = "") String instance) {
        GroupChanges.removeMembers(visit, group, instance);
        return ResponseEntity.noContent().build();
    }

    @GetMapping("/{group}/lag-history")
    LagHistoryData history(
            Visit visit,
            @PathVariable String clusterId,
            GroupKey group,
            @RequestParam(defaultValue = "1h") String range) {
        if (!HistoryRange.keys().contains(range)) {
            throw new ApiFailure(
                    ApiError.BAD_REQUEST,
                    "Expected range to be one of " + String.join(", ", HistoryRange.keys()) + ", but got " + range
                            + ".");
        }
        GroupHistory history =
                GroupHistory.of(visit, watches.of(visit.managed()), group, HistoryRange.of(range), CLOCK.instant());
        return LagHistoryData.of(
                group.id(), history.source(), history.loading(), history.from(), history.to(), history.courses());
    }
}
