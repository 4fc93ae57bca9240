package io.ottla.metadata;

import io.ottla.protocol.BoundedReadable;
import io.ottla.protocol.Compact;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.PartitionEpoch;
import io.ottla.types.TopicId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Writable;
import org.pcollections.TreePVector;

/**
 * Topics and partitions as bytes.
 *
 * <pre>
 *   topic                            partition
 *     name        string               flags            int8    what follows that most have not
 *     id          int64, int64         replicas         array of zigzag
 *     deleting    bool                 leader           zigzag
 *     partitions  array of partition   leaderEpoch      zigzag
 *     tagged fields                    partitionEpoch   zigzag
 *                                      controllerEpoch  zigzag
 *                                      inSync           array     1, else the replicas
 *                                      adding           array     2, else none
 *                                      removing         array     2, else none
 *                                      eligible         array     4, else none
 *                                      lastKnownLeader  zigzag    8, else -1
 *                                      offline          array     16, else none
 *                                      recovering                 32
 *                                      tagged fields
 * </pre>
 *
 * A reader lets equal lists of brokers be the same object: a cluster has few. Not thread-safe; writing is.
 */
final class PartitionCodec {
    private static final int IN_SYNC = 1;
    private static final int REASSIGNED = 2;
    private static final int ELIGIBLE = 4;
    private static final int LAST_KNOWN_LEADER = 8;
    private static final int OFFLINE = 16;
    private static final int RECOVERING = 32;

    private final Map<List<BrokerId>, List<BrokerId>> lists = new HashMap<>();
    private final List<BrokerId> scratch = new ArrayList<>();

    static void write(Writable to, TopicImage topic) {
        Compact.writeString(to, topic.name());
        to.writeLong(topic.id().mostSignificantBits());
        to.writeLong(topic.id().leastSignificantBits());
        Compact.writeBoolean(to, topic.deleting());
        Compact.writeCount(to, topic.partitions().size());
        for (PartitionImage partition : topic.partitions()) {
            write(to, partition);
        }
        Compact.writeNoTags(to);
    }

    TopicImage readTopic(BoundedReadable from) {
        String name = Compact.readString(from);
        TopicId id = new TopicId(from.readLong(), from.readLong());
        boolean deleting = Compact.readBoolean(from);
        int count = Compact.readCount(from);
        List<PartitionImage> partitions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            partitions.add(readPartition(from));
        }
        Compact.skipTags(from);
        return new TopicImage(name, id, TreePVector.from(partitions), deleting);
    }

    static void write(Writable to, PartitionImage partition) {
        int flags = flags(partition);
        to.writeByte((byte) flags);
        write(to, partition.replicas());
        to.writeVarint(partition.leader().value());
        to.writeVarint(partition.leaderEpoch().value());
        to.writeVarint(partition.partitionEpoch().value());
        to.writeVarint(partition.controllerEpoch().value());
        if ((flags & IN_SYNC) != 0) {
            write(to, partition.inSync());
        }
        if ((flags & REASSIGNED) != 0) {
            write(to, partition.adding());
            write(to, partition.removing());
        }
        if ((flags & ELIGIBLE) != 0) {
            write(to, partition.eligible());
        }
        if ((flags & LAST_KNOWN_LEADER) != 0) {
            to.writeVarint(partition.lastKnownLeader().value());
        }
        if ((flags & OFFLINE) != 0) {
            write(to, partition.offline());
        }
        Compact.writeNoTags(to);
    }

    private static int flags(PartitionImage partition) {
        return (partition.inSync().equals(partition.replicas()) ? 0 : IN_SYNC)
                | (partition.adding().isEmpty() && partition.removing().isEmpty() ? 0 : REASSIGNED)
                | (partition.eligible().isEmpty() ? 0 : ELIGIBLE)
                | (partition.lastKnownLeader().isNone() ? 0 : LAST_KNOWN_LEADER)
                | (partition.offline().isEmpty() ? 0 : OFFLINE)
                | (partition.recovering() ? RECOVERING : 0);
    }

    PartitionImage readPartition(BoundedReadable from) {
        int flags = from.readByte();
        List<BrokerId> replicas = readBrokers(from);
        BrokerId leader = readBroker(from);
        LeaderEpoch leaderEpoch = new LeaderEpoch(from.readVarint());
        PartitionEpoch partitionEpoch = new PartitionEpoch(from.readVarint());
        ControllerEpoch controllerEpoch = new ControllerEpoch(from.readVarint());
        List<BrokerId> inSync = (flags & IN_SYNC) == 0 ? replicas : readBrokers(from);
        List<BrokerId> adding = (flags & REASSIGNED) == 0 ? List.of() : readBrokers(from);
        List<BrokerId> removing = (flags & REASSIGNED) == 0 ? List.of() : readBrokers(from);
        List<BrokerId> eligible = (flags & ELIGIBLE) == 0 ? List.of() : readBrokers(from);
        BrokerId lastKnownLeader = (flags & LAST_KNOWN_LEADER) == 0 ? BrokerId.NONE : readBroker(from);
        List<BrokerId> offline = (flags & OFFLINE) == 0 ? List.of() : readBrokers(from);
        Compact.skipTags(from);
        return new PartitionImage(
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
                (flags & RECOVERING) != 0,
                offline);
    }

    private static void write(Writable to, List<BrokerId> brokers) {
        Compact.writeCount(to, brokers.size());
        for (BrokerId broker : brokers) {
            to.writeVarint(broker.value());
        }
    }

    private static BrokerId readBroker(BoundedReadable from) {
        int value = from.readVarint();
        return value == BrokerId.NONE.value() ? BrokerId.NONE : new BrokerId(value);
    }

    private List<BrokerId> readBrokers(BoundedReadable from) {
        scratch.clear();
        for (int left = Compact.readCount(from); left > 0; left--) {
            scratch.add(readBroker(from));
        }
        List<BrokerId> known = lists.get(scratch);
        if (known == null) {
            known = List.copyOf(scratch);
            lists.put(known, known);
        }
        return known;
    }
}
