package io.ottla.simulation;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** Commits larger and larger offsets of a group of its own, and looks now and then whether the last one is still there. */
final class SimulatedCommitter extends SimulatedClient {
    private static final short FIND_VERSION = 4;
    private static final short COMMIT_VERSION = 8;
    private static final short FETCH_VERSION = 8;
    private static final byte GROUP = 0;

    private static final Set<Errors> RETRIABLE = EnumSet.of(
            Errors.COORDINATOR_LOAD_IN_PROGRESS,
            Errors.COORDINATOR_NOT_AVAILABLE,
            Errors.NOT_COORDINATOR,
            Errors.REQUEST_TIMED_OUT,
            Errors.UNKNOWN_TOPIC_OR_PARTITION,
            Errors.NOT_ENOUGH_REPLICAS,
            Errors.KAFKA_STORAGE_ERROR,
            Errors.UNSTABLE_OFFSET_COMMIT);

    /** Says whether the cluster has a broker be the coordinator of a group. */
    interface Coordinators {
        boolean coordinates(int broker, String group);
    }

    private final String topic;
    private final int pauseMs;
    private final Coordinators coordinators;
    private int group;
    private int coordinator = -1;
    private long sent = -1;
    private long committed = -1;
    private long commits;
    private boolean stopped;

    SimulatedCommitter(
            SimulatedNetwork network,
            SimulatedProcess process,
            List<Address> bootstrap,
            String topic,
            int pauseMs,
            Coordinators coordinators) {
        super(network, process, bootstrap);
        this.coordinators = coordinators;
        this.topic = topic;
        this.pauseMs = pauseMs;
    }

    @Override
    void start() {
        refresh();
        tick();
    }

    void stop() {
        stopped = true;
    }

    /** Commits that were acknowledged. */
    long commits() {
        return commits;
    }

    private void tick() {
        if (stopped) {
            return;
        }
        if (coordinator < 0) {
            find();
        } else if (random().nextInt(3) == 0) {
            look();
        } else {
            commit();
        }
    }

    private void again() {
        later(random().nextInt(2 * pauseMs + 1), this::tick);
    }

    private void find() {
        FindCoordinatorRequestData request =
                new FindCoordinatorRequestData().setKeyType(GROUP).setCoordinatorKeys(List.of(group()));
        askAny(request, FIND_VERSION, (answer, why) -> {
            if (answer instanceof FindCoordinatorResponseData found) {
                Coordinator one = found.coordinators().getFirst();
                if (one.errorCode() == Errors.NONE.code() && knows(one.nodeId())) {
                    coordinator = one.nodeId();
                } else {
                    refresh();
                }
            }
            again();
        });
    }

    private void commit() {
        long offset = ++sent;
        OffsetCommitRequestData request = new OffsetCommitRequestData()
                .setGroupId(group())
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setName(topic)
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setPartitionIndex(0)
                                .setCommittedOffset(offset)
                                .setCommittedMetadata("")))));
        ask(coordinator, request, COMMIT_VERSION, ANSWER_MS, (answer, why) -> {
            if (answer instanceof OffsetCommitResponseData response) {
                Errors error = Errors.forCode(
                        response.topics().getFirst().partitions().getFirst().errorCode());
                if (error == Errors.NONE) {
                    committed = offset;
                    commits++;
                } else {
                    refused(error);
                }
            } else {
                beginAnew();
            }
            again();
        });
    }

    /** What got no answer may still come to be written, after all that follows: so that group is left alone from now on. */
    private void beginAnew() {
        group++;
        sent = -1;
        committed = -1;
        coordinator = -1;
    }

    private String group() {
        return name() + "-" + group;
    }

    private void refused(Errors error) {
        if (!RETRIABLE.contains(error)) {
            throw new Violation(name() + " gets " + error + " for a commit");
        }
        coordinator = -1;
    }

    private void look() {
        int from = coordinator;
        boolean coordinates = coordinators.coordinates(from, group());
        long atLeast = committed;
        OffsetFetchRequestData request = new OffsetFetchRequestData()
                .setGroups(List.of(new OffsetFetchRequestGroup()
                        .setGroupId(group())
                        .setTopics(List.of(
                                new OffsetFetchRequestTopics().setName(topic).setPartitionIndexes(List.of(0))))));
        ask(coordinator, request, FETCH_VERSION, ANSWER_MS, (answer, why) -> {
            if (!looked(answer, coordinates && coordinators.coordinates(from, group()), atLeast)) {
                coordinator = -1;
            }
            again();
        });
    }

    private boolean looked(ApiMessage answer, boolean coordinates, long atLeast) {
        if (!(answer instanceof OffsetFetchResponseData response)) {
            return false;
        }
        OffsetFetchResponseGroup group = response.groups().getFirst();
        if (group.errorCode() != Errors.NONE.code()) {
            refused(Errors.forCode(group.errorCode()));
            return false;
        }
        OffsetFetchResponsePartitions partition =
                group.topics().getFirst().partitions().getFirst();
        if (partition.errorCode() != Errors.NONE.code()) {
            refused(Errors.forCode(partition.errorCode()));
            return false;
        }
        if (partition.committedOffset() < atLeast && !coordinates) {
            // Who was deposed and does not know it answers what it knows, as Kafka's coordinators do; it commits
            // nothing.
            return false;
        }
        if (partition.committedOffset() < atLeast || partition.committedOffset() > sent) {
            throw new Violation(group() + " has committed offset " + atLeast + " and tried up to " + sent
                    + ", but finds " + partition.committedOffset());
        }
        return true;
    }
}
