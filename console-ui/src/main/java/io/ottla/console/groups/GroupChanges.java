package io.ottla.console.groups;

import io.ottla.console.access.Action;
import io.ottla.console.access.Change;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterFailure.Reason;
import io.ottla.console.lag.GroupKey;
import io.ottla.console.lag.GroupKind;
import io.ottla.console.oldconsumers.OldChanges;
import io.ottla.console.oldconsumers.OldConsumers;
import io.ottla.console.words.Wording;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.KafkaFuture;

/** What is done to groups, for pages and the API alike. */
public final class GroupChanges {
    private GroupChanges() {}

    /** Deletes a group with its offsets; only one that nobody is in. */
    public static void delete(Visit visit, GroupKey group) {
        visit.change(change(Action.DELETE_GROUP, group), admin -> {
            Group described = GroupReader.group(visit, group);
            OffsetResets.requireInactive(described);
            if (group.isInZooKeeper()) {
                return inZooKeeper(visit, group, changes -> changes.delete(group.id()));
            }
            List<String> named = List.of(group.id());
            KafkaFuture<Void> answer = switch (described.type()) {
                case SHARE -> admin.deleteShareGroups(named).all();
                case STREAMS -> admin.deleteStreamsGroups(named).all();
                case CONSUMER, CLASSIC, ZOOKEEPER, UNKNOWN ->
                    admin.deleteConsumerGroups(named).all();
            };
            return visit.cluster().await(answer, Wording.of("doing.delete-group"));
        });
    }

    /** What the trail is told of a group: also that ZooKeeper keeps it, where it does. */
    static Change change(Action action, GroupKey group) {
        Change change = Change.of(action, group.id());
        return group.isInZooKeeper() ? change.with("type", GroupKind.ZOOKEEPER.key()) : change;
    }

    /** @param work false where somebody else was quicker */
    static Void inZooKeeper(Visit visit, GroupKey group, Predicate<OldChanges> work) {
        OldConsumers old = OldConsumers.of(visit.cluster())
                .orElseThrow(() -> new ClusterFailure(Reason.NOT_FOUND, Wording.of("failure.no-group")));
        if (!work.test(old.changes())) {
            throw new ClusterFailure(ClusterFailure.Kind.OUTDATED, Wording.of("groups.zookeeper.changed", group.id()));
        }
        return null;
    }

    /**
     * Removes members. Kafka's protocol knows that of classic groups of consumers: one static member by its instance id, or
     * all. A member whose process lives joins again.
     *
     * @param instance of the one; empty for all
     */
    public static void removeMembers(Visit visit, GroupKey group, String instance) {
        Change change = change(Action.REMOVE_MEMBERS, group).with("members", instance.isEmpty() ? "all" : instance);
        visit.change(change, admin -> {
            Group described = GroupReader.group(visit, group);
            if (!described.removable()) {
                throw new ClusterFailure(Reason.REFUSED, Wording.of("groups.members.not-removable", group.id()));
            }
            boolean known = instance.isEmpty()
                    || described.members().stream()
                            .anyMatch(each -> each.instance().equals(instance));
            if (!known) {
                throw new ClusterFailure(Reason.NOT_FOUND, Wording.of("groups.members.unknown", group.id(), instance));
            }
            RemoveMembersFromConsumerGroupOptions options = instance.isEmpty()
                    ? new RemoveMembersFromConsumerGroupOptions()
                    : new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove(instance)));
            options.reason("removed in the console by " + visit.visitor().name());
            return visit.cluster()
                    .await(
                            admin.removeMembersFromConsumerGroup(group.id(), options)
                                    .all(),
                            Wording.of("doing.remove-members"));
        });
    }
}
