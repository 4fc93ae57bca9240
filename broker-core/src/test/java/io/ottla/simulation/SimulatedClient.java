package io.ottla.simulation;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * What all simulated clients have: a process of their own, connections to brokers, and a picture of the cluster that is
 * asked for again when it turns out to be old.
 */
abstract class SimulatedClient {
    /** How long a client waits for any answer but a produce's and a fetch's. */
    static final long ANSWER_MS = 4_000;

    private static final short METADATA_VERSION = 12;
    private static final long RETRY_MS = 60;

    /** A topic as last heard of. */
    static final class TopicView {
        private Uuid id = Uuid.ZERO_UUID;
        private final Map<Integer, Leadership> partitions = new TreeMap<>();

        Uuid id() {
            return id;
        }

        Map<Integer, Leadership> partitions() {
            return partitions;
        }
    }

    /**
     * Who leads a partition.
     *
     * @param leader -1 where nobody does
     */
    record Leadership(int leader, int epoch) {}

    private final SimulatedNetwork network;
    private final SimulatedProcess process;
    private final List<Address> bootstrap;
    private final Map<Integer, Address> brokers = new TreeMap<>();
    private final Map<String, TopicView> topics = new TreeMap<>();
    private final Map<String, Caller> callers = new TreeMap<>();
    private boolean refreshing;
    private int controller = -1;
    private long operations;

    SimulatedClient(SimulatedNetwork network, SimulatedProcess process, List<Address> bootstrap) {
        this.network = network;
        this.process = process;
        this.bootstrap = bootstrap;
    }

    /** Begins. */
    abstract void start();

    String name() {
        return process.name();
    }

    SimulatedProcess process() {
        return process;
    }

    SplittableRandom random() {
        return process.random();
    }

    long nowMs() {
        return process.clock().monotonicMs();
    }

    /** Requests that were answered. */
    long operations() {
        return operations;
    }

    /** Does it in about so many milliseconds. */
    void later(long ms, Runnable task) {
        process.after(ms * 1_000_000 + random().nextInt(1_000_000), task);
    }

    /** Null where it is not known. */
    TopicView topic(String name) {
        return topics.get(name);
    }

    /** Null where nothing is known. */
    Leadership leadership(String topic, int partition) {
        TopicView view = topics.get(topic);
        return view == null ? null : view.partitions.get(partition);
    }

    /** The broker that was last said to be the controller; -1 where none was. */
    int controller() {
        return controller;
    }

    boolean knows(int broker) {
        return brokers.containsKey(broker);
    }

    List<Integer> brokers() {
        return List.copyOf(brokers.keySet());
    }

    /** Asks a broker; where it is not known, any. */
    void ask(int broker, ApiMessage request, int version, long timeoutMs, BiConsumer<ApiMessage, Throwable> then) {
        Address at = brokers.getOrDefault(broker, anyAddress());
        CompletionStage<ApiMessage> answer = callers.computeIfAbsent(
                        at.machine() + ":" + at.port(),
                        made -> new Caller(network, process, name(), at.machine(), at.port(), name()))
                .send(request, (short) version, timeoutMs);
        answer.whenComplete((message, why) -> {
            operations++;
            try {
                then.accept(message, why);
            } catch (RuntimeException | Error broken) {
                // Else it would be the end of this stage, and nobody would hear of it.
                process.schedule().fail(broken);
            }
        });
    }

    /** Asks some broker. */
    void askAny(ApiMessage request, int version, BiConsumer<ApiMessage, Throwable> then) {
        ask(-1, request, version, ANSWER_MS, then);
    }

    private Address anyAddress() {
        return bootstrap.get(random().nextInt(bootstrap.size()));
    }

    /** Looks how the cluster is now; not more than one look at a time. */
    void refresh() {
        if (refreshing) {
            return;
        }
        refreshing = true;
        MetadataRequestData request = new MetadataRequestData().setTopics(null).setAllowAutoTopicCreation(false);
        ask(-1, request, METADATA_VERSION, ANSWER_MS, (answer, why) -> {
            if (answer instanceof MetadataResponseData metadata) {
                learn(metadata);
            }
            later(RETRY_MS, () -> {
                refreshing = false;
                if (answer == null) {
                    refresh();
                } else {
                    refreshed();
                }
            });
        });
    }

    /** The picture is a new one. */
    void refreshed() {}

    private void learn(MetadataResponseData metadata) {
        controller = metadata.controllerId();
        for (MetadataResponseBroker broker : metadata.brokers()) {
            brokers.put(broker.nodeId(), new Address(broker.host(), broker.port()));
        }
        for (MetadataResponseTopic topic : metadata.topics()) {
            if (topic.errorCode() != Errors.NONE.code()) {
                continue;
            }
            TopicView view = topics.computeIfAbsent(topic.name(), made -> new TopicView());
            if (!view.id.equals(topic.topicId())) {
                view.id = topic.topicId();
                view.partitions.clear();
            }
            for (MetadataResponsePartition partition : topic.partitions()) {
                Leadership before = view.partitions.get(partition.partitionIndex());
                if (before == null || partition.leaderEpoch() >= before.epoch()) {
                    view.partitions.put(
                            partition.partitionIndex(), new Leadership(partition.leaderId(), partition.leaderEpoch()));
                }
            }
        }
    }

    /** The connections close, as if the client had been started anew. */
    void reconnect() {
        callers.values().forEach(Caller::close);
        callers.clear();
    }
}
