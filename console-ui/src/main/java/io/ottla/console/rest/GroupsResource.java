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
import io.ottla.console.lag.LagWatches;
import java.time.InstantSource;
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

/** What v3 lacks for groups of all kinds: setting and deleting offsets, removing members, deleting, the history. */
@RestController
@RequestMapping(path = "/api/v1/clusters/{clusterId}/groups/{group}", produces = MediaType.APPLICATION_JSON_VALUE)
final class GroupsResource {
    private static final InstantSource CLOCK = InstantSource.system();

    private final LagWatches watches;

    GroupsResource(LagWatches watches) {
        this.watches = watches;
    }

    @GetMapping("/offsets")
    GroupOffsetsData.Offsets offsets(Visit visit, @PathVariable String clusterId, @PathVariable String group) {
        return GroupOffsetsData.Offsets.of(group, GroupReader.lag(visit, group));
    }

    /** Says what it would do, and does it where {@code dry_run} is false. */
    @Needs(Action.RESET_OFFSETS)
    @PostMapping(path = "/offsets", consumes = MediaType.APPLICATION_JSON_VALUE)
    GroupOffsetsData.Reset reset(
            Visit visit, @PathVariable String clusterId, @PathVariable String group, @RequestBody ResetData body) {
        ResetPlan plan = OffsetResets.plan(visit, group, body.request(), CLOCK);
        if (!body.isDryRun()) {
            OffsetResets.apply(visit, plan);
        }
        return GroupOffsetsData.Reset.of(plan, body.isDryRun());
    }

    /** @param topic in which the group's offsets go */
    @Needs(Action.RESET_OFFSETS)
    @DeleteMapping("/offsets")
    ResponseEntity<Void> forget(
            Visit visit,
            @PathVariable String clusterId,
            @PathVariable String group,
            @RequestParam(required = false) String topic) {
        visit.require(Action.RESET_OFFSETS, group);
        if (topic == null) {
            throw new ApiFailure(ApiError.BAD_REQUEST, "Expected the parameter topic, but the request has none.");
        }
        OffsetResets.delete(visit, group, topic);
        return ResponseEntity.noContent().build();
    }

    @Needs(Action.DELETE_GROUP)
    @DeleteMapping
    ResponseEntity<Void> delete(Visit visit, @PathVariable String clusterId, @PathVariable String group) {
        GroupChanges.delete(visit, group);
        return ResponseEntity.noContent().build();
    }

    /** @param instance of a static member; without it all go */
    @Needs(Action.REMOVE_MEMBERS)
    @DeleteMapping("/members")
    ResponseEntity<Void> remove(
            Visit visit,
            @PathVariable String clusterId,
            @PathVariable String group,
            @RequestParam(name = "instance_id", defaultValue = "") String instance) {
        GroupChanges.removeMembers(visit, group, instance);
        return ResponseEntity.noContent().build();
    }

    @GetMapping("/lag-history")
    LagHistoryData history(
            Visit visit,
            @PathVariable String clusterId,
            @PathVariable String group,
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
                group, history.source(), history.loading(), history.from(), history.to(), history.courses());
    }
}
