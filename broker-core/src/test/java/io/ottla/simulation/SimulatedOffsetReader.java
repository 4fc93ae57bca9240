package io.ottla.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** Reads the offsets that transactions commit, where none with one is under way (KIP-447). */
final class SimulatedOffsetReader extends SimulatedClient {
    private static final short FIND_VERSION = 4;
    private static final short FETCH_VERSION = 8;
    private static final byte GROUP = 0;

    private final List<TransactionalId> ids;
    private final String topic;
    private final int pauseMs;
    private final SimulatedCommitter.Coordinators nodes;
    private final Map<TransactionalId, Integer> coordinators = new HashMap<>();
    private final Map<TransactionalId, Long> last = new HashMap<>();
    private Object lastRefusal = "";
    private long looks;

    SimulatedOffsetReader(
            SimulatedNetwork network,
            SimulatedProcess process,
            List<Address> bootstrap,
            List<TransactionalId> ids,
            String topic,
            int pauseMs,
            SimulatedCommitter.Coordinators nodes) {
        super(network, process, bootstrap);
        this.ids = ids;
        this.topic = topic;
        this.pauseMs = pauseMs;
        this.nodes = nodes;
    }

    @Override
    void start() {
        refresh();
        tick();
    }

    /** How often it has got an offset. */
    long looks() {
        return looks;
    }

    /** From now on what it gets is what things have come to. */
    void forget() {
        last.clear();
    }

    /** Null where it has not got it. */
    Long offset(TransactionalId id) {
        return last.get(id);
    }

    private void tick() {
        TransactionalId id = ids.get(random().nextInt(ids.size()));
        if (coordinators.getOrDefault(id, -1) < 0) {
            find(id);
        } else {
            look(id);
        }
    }

    private void again() {
        later(random().nextInt(2 * pauseMs + 1), this::tick);
    }

    private void find(TransactionalId id) {
        FindCoordinatorRequestData request =
                new FindCoordinatorRequestData().setKeyType(GROUP).setCoordinatorKeys(List.of(id.group()));
        askAny(request, FIND_VERSION, (answer, why) -> {
            if (answer instanceof FindCoordinatorResponseData found) {
                Coordinator one = found.coordinators().getFirst();
                if (one.errorCode() == Errors.NONE.code() && knows(one.nodeId())) {
                    coordinators.put(id, one.nodeId());
                } else {
                    refresh();
                }
            }
            again();
        });
    }

    private void look(TransactionalId id) {
        int from = coordinators.get(id);
        boolean coordinates = nodes.coordinates(from, id.group());
        long atLeast = id.committedOffset();
        OffsetFetchRequestData request = new OffsetFetchRequestData()
                .setRequireStable(true)
                .setGroups(List.of(new OffsetFetchRequestGroup()
                        .setGroupId(id.group())
                        .setTopics(List.of(
                                new OffsetFetchRequestTopics().setName(topic).setPartitionIndexes(List.of(0))))));
        ask(from, request, FETCH_VERSION, ANSWER_MS, (answer, why) -> {
            Long offset = offset(answer);
            if (offset == null) {
                coordinators.remove(id);
            } else if (coordinates && nodes.coordinates(from, id.group())) {
                // Who was deposed and does not know it answers what it knows.
                id.offsetRead(name(), offset, atLeast);
                last.put(id, offset);
                looks++;
            }
            again();
        });
    }

    /** What it was told last in the place of an offset. */
    Object lastRefusal() {
        return lastRefusal;
    }

    private Long offset(ApiMessage answer) {
        if (!(answer instanceof OffsetFetchResponseData response)) {
            return null;
        }
        OffsetFetchResponseGroup group = response.groups().getFirst();
        if (group.errorCode() != Errors.NONE.code()) {
            lastRefusal = Errors.forCode(group.errorCode());
            return null;
        }
        OffsetFetchResponsePartitions partition =
                group.topics().getFirst().partitions().getFirst();
        if (partition.errorCode() != Errors.NONE.code()) {
            lastRefusal = Errors.forCode(partition.errorCode());
            return null;
        }
        return partition.committedOffset();
    }
}
