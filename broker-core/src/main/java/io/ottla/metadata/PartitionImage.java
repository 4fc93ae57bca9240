package io.ottla.metadata;

import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.PartitionEpoch;
import java.util.ArrayList;
import java.util.List;

/**
 * A partition's assignment and state, as in its topic's node and its own state node.
 *
 * @param replicas in order of preference
 * @param adding those of {@code replicas} that a reassignment brings in
 * @param removing those of {@code replicas} that it takes away
 * @param leader {@link BrokerId#NONE} where there is none
 * @param inSync the committed in-sync set
 * @param eligible eligible leader replicas outside the in-sync set (KIP-966)
 * @param lastKnownLeader who led last, while nobody leads; else {@link BrokerId#NONE}
 * @param recovering whether the leader was elected uncleanly and has yet to recover (KIP-704)
 * @param offline live replicas whose log folder has failed (KIP-112), or whose log is damaged: they neither lead nor count
 *     as in sync. Not in the nodes: brokers tell the controller, each for the life of its registration, or until the leader has
 *     seen the replica catch up
 */
public record PartitionImage(
        List<BrokerId> replicas,
        List<BrokerId> adding,
        List<BrokerId> removing,
        BrokerId leader,
        LeaderEpoch leaderEpoch,
        PartitionEpoch partitionEpoch,
        ControllerEpoch controllerEpoch,
        List<BrokerId> inSync,
        List<BrokerId> eligible,
        BrokerId lastKnownLeader,
        boolean recovering,
        List<BrokerId> offline) {

    /** As stored. */
    public PartitionImage(
            List<BrokerId> replicas,
            List<BrokerId> adding,
            List<BrokerId> removing,
            BrokerId leader,
            LeaderEpoch leaderEpoch,
            PartitionEpoch partitionEpoch,
            ControllerEpoch controllerEpoch,
            List<BrokerId> inSync,
            List<BrokerId> eligible,
            BrokerId lastKnownLeader,
            boolean recovering) {
        this(
                replicas,
                adding,
                removing,
                leader,
                leaderEpoch,
                partitionEpoch,
                controllerEpoch,
                inSync,
                eligible,
                lastKnownLeader,
                recovering,
                List.of());
    }

    /** An assignment that has no state yet: nobody leads, and the partition epoch is -1. */
    public static PartitionImage unborn(List<BrokerId> replicas, List<BrokerId> adding, List<BrokerId> removing) {
        return new PartitionImage(
                replicas,
                adding,
                removing,
                BrokerId.NONE,
                LeaderEpoch.NONE,
                new PartitionEpoch(-1),
                ControllerEpoch.NONE,
                List.of(),
                List.of(),
                BrokerId.NONE,
                false);
    }

    /** Whether there is no state yet. */
    public boolean isUnborn() {
        return partitionEpoch.value() < 0;
    }

    /** Whether it is on its way to other replicas. */
    public boolean isMoving() {
        return !adding.isEmpty() || !removing.isEmpty();
    }

    /** The same state under another partition epoch. */
    public PartitionImage at(PartitionEpoch epoch) {
        return with(epoch, offline);
    }

    /** The same state with another in-sync set, written under another partition epoch. */
    public PartitionImage withInSync(List<BrokerId> members, boolean isRecovering, PartitionEpoch epoch) {
        return new PartitionImage(
                replicas,
                adding,
                removing,
                leader,
                leaderEpoch,
                epoch,
                controllerEpoch,
                List.copyOf(members),
                eligible.stream().filter(replica -> !members.contains(replica)).toList(),
                lastKnownLeader,
                isRecovering,
                offline);
    }

    /** The same state with these replicas offline. */
    public PartitionImage withOffline(List<BrokerId> replicasOffline) {
        return with(partitionEpoch, List.copyOf(replicasOffline));
    }

    /** The same assignment with another state, as a controller of that epoch writes it. */
    public PartitionImage led(
            BrokerId by,
            LeaderEpoch since,
            List<BrokerId> nowInSync,
            List<BrokerId> nowEligible,
            BrokerId lastLeader,
            boolean unrecovered,
            ControllerEpoch controller) {
        return new PartitionImage(
                replicas,
                adding,
                removing,
                by,
                since,
                partitionEpoch,
                controller,
                List.copyOf(nowInSync),
                List.copyOf(nowEligible),
                lastLeader,
                unrecovered,
                offline);
    }

    private PartitionImage with(PartitionEpoch epoch, List<BrokerId> replicasOffline) {
        return new PartitionImage(
                replicas,
                adding,
                removing,
                leader,
                leaderEpoch,
                epoch,
                controllerEpoch,
                inSync,
                eligible,
                lastKnownLeader,
                recovering,
                replicasOffline);
    }

    /** The same state with one more replica offline. */
    public PartitionImage losing(BrokerId replica) {
        List<BrokerId> more = new ArrayList<>(offline);
        if (!more.contains(replica)) {
            more.add(replica);
        }
        return withOffline(more);
    }
}
