package io.ottla.chaos.cluster;

import io.ottla.chaos.history.LogName;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeReplicaLogDirsResult.ReplicaLogDirInfo;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.NoReassignmentInProgressException;

/** Which brokers hold, follow and lead partitions, as the cluster tells it; and how they are told to be others. */
public final class Replicas implements AutoCloseable {
    /** What throttled replicas may take: so little that a move is still under way when it is looked for. */
    private static final String THROTTLED_BYTES = "20000";

    private static final List<String> THROTTLED =
            List.of("leader.replication.throttled.replicas", "follower.replication.throttled.replicas");

    private final Admin admin;

    public Replicas(Cluster cluster) {
        admin = cluster.admin();
    }

    /**
     * One partition's.
     *
     * @param leader {@code -1} where there is none
     * @param assigned in the order of preference; while it moves, all those of before and after
     */
    public record Place(int leader, List<Integer> assigned, List<Integer> inSync) {
        /** Whether all that hold it are in sync, and one of them leads. */
        public boolean isWhole() {
            return inSync.size() == assigned.size() && assigned.contains(leader);
        }
    }

    public Map<LogName, Place> look(Collection<LogName> logs) throws InterruptedException, ExecutionException {
        Set<String> topics = logs.stream().map(LogName::topic).collect(Collectors.toSet());
        Map<LogName, Place> places = new TreeMap<>();
        for (TopicDescription topic :
                admin.describeTopics(topics).allTopicNames().get().values()) {
            for (TopicPartitionInfo each : topic.partitions()) {
                LogName log = new LogName(topic.name(), each.partition());
                if (logs.contains(log)) {
                    int leader = each.leader() == null ? -1 : each.leader().id();
                    places.put(log, new Place(leader, ids(each.replicas()), ids(each.isr())));
                }
            }
        }
        return places;
    }

    public Place look(LogName log) throws InterruptedException, ExecutionException {
        return look(List.of(log)).get(log);
    }

    private static List<Integer> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).toList();
    }

    /** Begins to move a partition to these brokers, of which the first is to lead it. */
    public void move(LogName log, List<Integer> to) throws InterruptedException, ExecutionException {
        reassign(log, Optional.of(new NewPartitionReassignment(to)));
    }

    /** @return whether there was a move to call off */
    public boolean cancel(LogName log) throws InterruptedException, ExecutionException {
        try {
            reassign(log, Optional.empty());
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NoReassignmentInProgressException) {
                return false;
            }
            throw e;
        }
    }

    private void reassign(LogName log, Optional<NewPartitionReassignment> to)
            throws InterruptedException, ExecutionException {
        admin.alterPartitionReassignments(Map.of(partition(log), to)).all().get();
    }

    public boolean isMoving(LogName log) throws InterruptedException, ExecutionException {
        return !admin.listPartitionReassignments(Set.of(partition(log)))
                .reassignments()
                .get()
                .isEmpty();
    }

    /** Whether these brokers hold it, and no others, and all of them are in sync; a move that was called off leaves another order. */
    public boolean isAt(LogName log, List<Integer> brokers) throws InterruptedException, ExecutionException {
        Place place = look(log);
        return Set.copyOf(place.assigned()).equals(Set.copyOf(brokers)) && place.isWhole() && !isMoving(log);
    }

    /**
     * Has the first of each list lead, which holds the partition's brokers in another order; to be asked again until it is so.
     *
     * @return whether it is so, with all in sync
     */
    public boolean lead(Map<LogName, List<Integer>> orders) throws InterruptedException, ExecutionException {
        Map<LogName, Place> places = look(orders.keySet());
        Map<TopicPartition, Optional<NewPartitionReassignment>> moves = new HashMap<>();
        Map<TopicPartition, Integer> elections = new HashMap<>();
        boolean isSo = true;
        for (Map.Entry<LogName, List<Integer>> each : orders.entrySet()) {
            Place place = places.get(each.getKey());
            isSo &= place.isWhole();
            if (!place.assigned().equals(each.getValue())) {
                moves.put(partition(each.getKey()), Optional.of(new NewPartitionReassignment(each.getValue())));
            } else if (place.leader() != each.getValue().getFirst()) {
                elections.put(partition(each.getKey()), place.leader());
            }
        }
        if (!moves.isEmpty()) {
            admin.alterPartitionReassignments(moves).all().get();
        }
        if (!elections.isEmpty()) {
            admin.electLeaders(ElectionType.PREFERRED, elections.keySet())
                    .partitions()
                    .get();
        }
        return isSo && moves.isEmpty() && elections.isEmpty();
    }

    /** The replicas of a topic that lag, and come, get little from now on, or as much as there is. */
    public void throttle(String topic, boolean on) throws InterruptedException, ExecutionException {
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        if (on) {
            for (int id : Cluster.IDS) {
                changes.put(
                        new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(id)),
                        List.of(
                                set("leader.replication.throttled.rate", THROTTLED_BYTES),
                                set("follower.replication.throttled.rate", THROTTLED_BYTES)));
            }
        }
        changes.put(
                new ConfigResource(ConfigResource.Type.TOPIC, topic),
                THROTTLED.stream()
                        .map(name -> on
                                ? set(name, "*")
                                : new AlterConfigOp(new ConfigEntry(name, null), AlterConfigOp.OpType.DELETE))
                        .toList());
        admin.incrementalAlterConfigs(changes).all().get();
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    }

    /** How much a broker holds of it, in bytes. */
    public long size(LogName log, int broker) throws InterruptedException, ExecutionException {
        return admin.describeLogDirs(List.of(broker)).allDescriptions().get().get(broker).values().stream()
                .map(folder -> folder.replicaInfos().get(partition(log)))
                .filter(replica -> replica != null && !replica.isFuture())
                .mapToLong(ReplicaInfo::size)
                .sum();
    }

    /** The log folder of a broker that holds its replica. */
    public String folder(LogName log, int broker) throws InterruptedException, ExecutionException {
        return folders(log, broker).getCurrentReplicaLogDir();
    }

    public boolean isMovingFolder(LogName log, int broker) throws InterruptedException, ExecutionException {
        return folders(log, broker).getFutureReplicaLogDir() != null;
    }

    private ReplicaLogDirInfo folders(LogName log, int broker) throws InterruptedException, ExecutionException {
        TopicPartitionReplica replica = new TopicPartitionReplica(log.topic(), log.partition(), broker);
        return admin.describeReplicaLogDirs(Set.of(replica)).all().get().get(replica);
    }

    /** Begins to move a broker's replica to another of its log folders. */
    public void moveFolder(LogName log, int broker, String folder) throws InterruptedException, ExecutionException {
        admin.alterReplicaLogDirs(Map.of(new TopicPartitionReplica(log.topic(), log.partition(), broker), folder))
                .all()
                .get();
    }

    private static TopicPartition partition(LogName log) {
        return new TopicPartition(log.topic(), log.partition());
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }
}
