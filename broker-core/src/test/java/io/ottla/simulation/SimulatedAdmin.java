package io.ottla.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopicCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfigCollection;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResourceCollection;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfigCollection;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * Makes topics, and from then on changes things at random: topics of its own come, grow and go; settings change, the least
 * in-sync sets among them; preferred replicas are to lead; partitions move to other brokers, and are called back.
 */
final class SimulatedAdmin extends SimulatedClient {
    /** How topics are called that come and go. */
    static final String PASSING = "passing-";

    /** How the topic is called of which who lacks records may lead, as long as it is set so. */
    static final String UNCLEAN = "unclean";

    private static final String UNCLEAN_ELECTION = "unclean.leader.election.enable";
    private static final String MIN_IN_SYNC = "min.insync.replicas";
    private static final int TIMEOUT_MS = 3_000;
    private static final short TYPE_TOPIC = 2;

    /** Makes a node in ZooKeeper, as tools of its era do. */
    interface Nodes {
        void make(String path, String data);
    }

    /** A topic that stays. */
    private record Kept(String topic, int partitions, int replicas, int minInSync) {}

    private final int pauseMs;
    private final int brokers;
    private final Nodes nodes;
    private final Map<String, Integer> own = new TreeMap<>();
    private final List<Kept> kept = new ArrayList<>();
    private int next;
    private boolean stopped;
    private long done;

    SimulatedAdmin(
            SimulatedNetwork network, SimulatedProcess process, List<Address> bootstrap, int pauseMs, Nodes nodes) {
        super(network, process, bootstrap);
        this.pauseMs = pauseMs;
        this.brokers = bootstrap.size();
        this.nodes = nodes;
    }

    @Override
    void start() {
        refresh();
        later(pauseMs, this::tick);
    }

    void stop() {
        stopped = true;
    }

    /** Changes that were made. */
    long done() {
        return done;
    }

    /** Makes a topic that stays; asks until it is there. */
    void make(String topic, int partitions, int replicas, int minInSync, Runnable then) {
        ask(creation(topic, partitions, replicas, minInSync, topic.equals(UNCLEAN)), 7, answer -> {
            Errors error = answer instanceof CreateTopicsResponseData created
                    ? Errors.forCode(created.topics().iterator().next().errorCode())
                    : Errors.REQUEST_TIMED_OUT;
            if (error == Errors.NONE || error == Errors.TOPIC_ALREADY_EXISTS) {
                kept.add(new Kept(topic, partitions, replicas, minInSync));
                then.run();
            } else {
                later(100, () -> make(topic, partitions, replicas, minInSync, then));
            }
        });
    }

    private void tick() {
        if (stopped) {
            return;
        }
        int what = random().nextInt(12);
        if (what < 3) {
            create();
        } else if (what < 5 && !own.isEmpty()) {
            delete();
        } else if (what < 7 && !own.isEmpty()) {
            grow();
        } else if (what == 10) {
            elect();
        } else if (what == 11) {
            reassign();
        } else {
            configure();
        }
    }

    private void again() {
        later(random().nextInt(2 * pauseMs + 1), this::tick);
    }

    private void ask(ApiMessage request, int version, Consumer<ApiMessage> then) {
        askAny(request, version, (answer, why) -> {
            if (answer != null) {
                done++;
            }
            then.accept(answer);
        });
    }

    private static CreateTopicsRequestData creation(
            String topic, int partitions, int replicas, int minInSync, boolean unclean) {
        CreatableTopicConfigCollection settings = new CreatableTopicConfigCollection();
        settings.add(new CreatableTopicConfig().setName(MIN_IN_SYNC).setValue(Integer.toString(minInSync)));
        settings.add(new CreatableTopicConfig().setName(UNCLEAN_ELECTION).setValue(Boolean.toString(unclean)));
        CreatableTopicCollection topics = new CreatableTopicCollection();
        topics.add(new CreatableTopic()
                .setName(topic)
                .setNumPartitions(partitions)
                .setReplicationFactor((short) replicas)
                .setConfigs(settings));
        return new CreateTopicsRequestData().setTimeoutMs(TIMEOUT_MS).setTopics(topics);
    }

    private void create() {
        String name = PASSING + next++ % 8;
        int partitions = 1 + random().nextInt(3);
        ask(creation(name, partitions, 1 + random().nextInt(3), 1, random().nextBoolean()), 7, answer -> {
            own.put(name, partitions);
            again();
        });
    }

    private String anyOwn() {
        return new ArrayList<>(own.keySet()).get(random().nextInt(own.size()));
    }

    private void delete() {
        String name = anyOwn();
        own.remove(name);
        DeleteTopicsRequestData request = new DeleteTopicsRequestData()
                .setTimeoutMs(TIMEOUT_MS)
                .setTopics(List.of(new DeleteTopicState().setName(name)));
        ask(request, 6, answer -> again());
    }

    private void grow() {
        String name = anyOwn();
        int partitions = own.merge(name, 1, Integer::sum);
        CreatePartitionsTopicCollection topics = new CreatePartitionsTopicCollection();
        topics.add(
                new CreatePartitionsTopic().setName(name).setCount(partitions).setAssignments(null));
        ask(new CreatePartitionsRequestData().setTimeoutMs(TIMEOUT_MS).setTopics(topics), 3, answer -> again());
    }

    /** Has the preferred replica of a partition lead. */
    private void elect() {
        if (!kept.isEmpty()) {
            Kept one = kept.get(random().nextInt(kept.size()));
            nodes.make(
                    "/admin/preferred_replica_election",
                    "{\"version\":1,\"partitions\":[{\"topic\":\"" + one.topic() + "\",\"partition\":"
                            + random().nextInt(one.partitions()) + "}]}");
            done++;
        }
        again();
    }

    /** Has a partition move to brokers drawn at random, by a request or by a node, or calls a move back. */
    private void reassign() {
        if (kept.isEmpty()) {
            again();
            return;
        }
        Kept one = kept.get(random().nextInt(kept.size()));
        int partition = random().nextInt(one.partitions());
        boolean back = random().nextInt(3) == 0;
        List<Integer> target = back ? null : anyBrokers(one.minInSync());
        if (!back && random().nextInt(4) == 0) {
            nodes.make(
                    "/admin/reassign_partitions",
                    "{\"version\":1,\"partitions\":[{\"topic\":\"" + one.topic() + "\",\"partition\":" + partition
                            + ",\"replicas\":" + target + "}]}");
            done++;
            again();
            return;
        }
        AlterPartitionReassignmentsRequestData request = new AlterPartitionReassignmentsRequestData()
                .setTimeoutMs(TIMEOUT_MS)
                .setTopics(List.of(new ReassignableTopic()
                        .setName(one.topic())
                        .setPartitions(List.of(new ReassignablePartition()
                                .setPartitionIndex(partition)
                                .setReplicas(target)))));
        ask(request, 0, answer -> again());
    }

    /** So many at least that what is promised for the topic can be kept. */
    private List<Integer> anyBrokers(int atLeast) {
        List<Integer> ids = new ArrayList<>();
        for (int id = 1; id <= brokers; id++) {
            ids.add(random().nextInt(ids.size() + 1), id);
        }
        return ids.subList(0, Math.min(brokers, atLeast + random().nextInt(brokers - Math.min(brokers, atLeast) + 1)));
    }

    private void configure() {
        if (kept.isEmpty()) {
            again();
            return;
        }
        Kept one = kept.get(random().nextInt(kept.size()));
        String name = "segment.bytes";
        Object value = 1024 << random().nextInt(8);
        if (one.topic().equals(UNCLEAN) && random().nextBoolean()) {
            name = UNCLEAN_ELECTION;
            value = random().nextInt(3) > 0;
        } else if (one.replicas() > one.minInSync() && one.minInSync() > 1 && random().nextBoolean()) {
            name = MIN_IN_SYNC;
            // Never below what the records of the topic were promised.
            value = random().nextInt(one.minInSync(), one.replicas() + 1);
        }
        AlterableConfigCollection configs = new AlterableConfigCollection();
        configs.add(
                new AlterableConfig().setName(name).setConfigOperation((byte) 0).setValue(value.toString()));
        AlterConfigsResourceCollection resources = new AlterConfigsResourceCollection();
        resources.add(new AlterConfigsResource()
                .setResourceType((byte) TYPE_TOPIC)
                .setResourceName(one.topic())
                .setConfigs(configs));
        ask(new IncrementalAlterConfigsRequestData().setResources(resources), 1, answer -> again());
    }
}
