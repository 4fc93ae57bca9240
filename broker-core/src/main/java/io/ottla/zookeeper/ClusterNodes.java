package io.ottla.zookeeper;

import io.ottla.concurrent.Waiting;
import io.ottla.config.ZooKeeperProperties;
import io.ottla.metadata.FeaturesImage;
import io.ottla.time.Clock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.Uuid;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes that every cluster has, and what a starting broker takes from them: the cluster's id, the finalised
 * features, an id for a broker that has none. Any number of brokers may start on an empty ZooKeeper at once. Called by
 * the starting thread, which waits for the answers.
 */
public final class ClusterNodes {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterNodes.class);

    static final String CLUSTER_ID = "/cluster/id";
    static final String SEQUENCE = "/brokers/seqid";

    /** Parents before children. Source: Kafka 3.9's documentation and behaviour; none of them ever holds data. */
    private static final List<String> PERSISTENT = List.of(
            "/consumers",
            "/brokers",
            "/brokers/ids",
            "/brokers/topics",
            SEQUENCE,
            "/config",
            "/config/changes",
            "/config/topics",
            "/config/clients",
            "/config/users",
            "/config/brokers",
            "/config/groups",
            "/config/ips",
            "/admin",
            "/admin/delete_topics",
            "/isr_change_notification",
            ProducerIdBlock.PATH,
            "/log_dir_event_notification",
            "/cluster");

    /** How long it is waited before a question is asked again; doubled each time, up to the longest. */
    static final long FIRST_PAUSE_MS = 20;

    static final long LONGEST_PAUSE_MS = 320;

    private final ZooKeeperSession session;
    private final ZooKeeperRequests requests;
    private final NodeAcls acls;
    private final ZooKeeperProperties properties;
    private final Clock clock;
    private final RandomGenerator random;
    private final Waiting waiting;

    /**
     * @param executor any but the caller's thread
     * @param waiting how the calling thread waits for answers
     */
    public ClusterNodes(
            ZooKeeperSession session,
            ZooKeeperProperties properties,
            Clock clock,
            RandomGenerator random,
            Executor executor,
            Waiting waiting) {
        this.session = session;
        this.requests = session.requests(executor);
        this.acls = session.acls();
        this.properties = properties;
        this.clock = clock;
        this.random = random;
        this.waiting = waiting;
    }

    /** What a starting broker finds. */
    public sealed interface Found {
        /**
         * A cluster to take part in.
         *
         * @param clusterId 22 characters
         * @param fresh whether nobody was here before
         */
        record Cluster(String clusterId, FeaturesImage features, boolean fresh) implements Found {}

        /** A cluster that can't be served; a sentence for people. */
        record Refused(String why) implements Found {}
    }

    /** The cluster's id; empty where it can't be read, null where no cluster was founded yet. Writes nothing. */
    public String clusterId() throws ZooKeeperUnavailableException, InterruptedException {
        Answer<byte[]> id = ask(() -> requests.getData(CLUSTER_ID));
        if (id.code() == Code.NONODE) {
            return null;
        }
        return id.isOk() ? Json.read(id.value()).path("id").asString("") : "";
    }

    /**
     * Makes what is missing and reads the rest. A fresh cluster gets the levels given; one that was here before keeps
     * its own, and none where it never had any, so that the way back stays open.
     *
     * @param newest of each feature the highest level this broker supports
     */
    public Found prepare(Map<String, Short> newest) throws ZooKeeperUnavailableException, InterruptedException {
        Answer<byte[]> migration = ask(() -> requests.getData(MigrationNode.PATH));
        if (migration.isOk() && MigrationNode.refusal(migration.value()) != null) {
            return new Found.Refused(MigrationNode.refusal(migration.value()));
        }
        boolean untouched = isUntouched();
        makePersistent();
        boolean fresh = false;
        Answer<byte[]> id = ask(() -> requests.getData(CLUSTER_ID));
        if (id.code() == Code.NONODE) {
            fresh = found(untouched ? newest : Map.of());
            id = ask(() -> requests.getData(CLUSTER_ID));
        }
        Answer<byte[]> features = ask(() -> requests.getData(FeatureNode.PATH));
        if (features.code() == Code.NONODE) {
            byte[] none = FeatureNode.encode(Map.of());
            ask(() -> requests.create(FeatureNode.PATH, none, acls.of(FeatureNode.PATH), CreateMode.PERSISTENT));
            features = ask(() -> requests.getData(FeatureNode.PATH));
        }
        return found(id, features, fresh && untouched);
    }

    /** An id that no other broker of this cluster was ever given; larger than the reserved ones. */
    public int drawBrokerId(int reservedMaxId) throws ZooKeeperUnavailableException, InterruptedException {
        // Asked twice after a lost answer it skips a number; that is all.
        Answer<Void> drawn = ask(() -> requests.setData(SEQUENCE, new byte[0], -1));
        if (!drawn.isOk()) {
            throw new ZooKeeperUnavailableException(
                    "Expected a broker id from " + SEQUENCE + " (broker.id=-1), but ZooKeeper says " + drawn.code());
        }
        return Math.addExact(reservedMaxId, drawn.stat().getVersion());
    }

    /** Whether neither a controller nor anybody with a topic was here: a cluster id alone came with Kafka 0.10.1. */
    private boolean isUntouched() throws ZooKeeperUnavailableException, InterruptedException {
        Answer<Void> epoch = ask(() -> requests.exists(ControllerNode.EPOCH_PATH));
        Answer<List<String>> topics = ask(() -> requests.getChildren("/brokers/topics"));
        return epoch.code() == Code.NONODE
                && (topics.code() == Code.NONODE
                        || topics.isOk() && topics.value().isEmpty());
    }

    private void makePersistent() throws ZooKeeperUnavailableException, InterruptedException {
        Map<String, CompletableFuture<Answer<String>>> first = new LinkedHashMap<>();
        for (String path : PERSISTENT) {
            first.put(path, create(path)); // All on their way at once.
        }
        for (Map.Entry<String, CompletableFuture<Answer<String>>> made : first.entrySet()) {
            String path = made.getKey();
            CompletableFuture<Answer<String>> once = made.getValue();
            List<CompletableFuture<Answer<String>>> left = new ArrayList<>(List.of(once));
            Answer<String> answer = ask(() -> left.isEmpty() ? create(path) : left.removeFirst());
            if (!answer.isOk() && answer.code() != Code.NODEEXISTS) {
                throw new ZooKeeperUnavailableException("Expected to make the node " + path + ", but ZooKeeper says "
                        + answer.code() + (answer.code() == Code.NOAUTH ? "; see zookeeper.set.acl" : ""));
            }
        }
    }

    private CompletableFuture<Answer<String>> create(String path) {
        return requests.create(path, null, acls.of(path), CreateMode.PERSISTENT);
    }

    /** Cluster id and features come into being together, or not at all. Returns whether they are ours. */
    private boolean found(Map<String, Short> levels) throws ZooKeeperUnavailableException, InterruptedException {
        String clusterId = randomId();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", "1");
        json.put("id", clusterId);
        Op id = Op.create(CLUSTER_ID, Json.write(json), acls.of(CLUSTER_ID), CreateMode.PERSISTENT);
        Op features = Op.create(
                FeatureNode.PATH, FeatureNode.encode(levels), acls.of(FeatureNode.PATH), CreateMode.PERSISTENT);
        Answer<?> both = ask(() -> requests.multi(List.of(id, features)));
        if (!both.isOk()) {
            // Somebody was quicker, or it was done and the answer lost, or there are features without a cluster id.
            ask(() -> requests.multi(List.of(id)));
        }
        Answer<byte[]> there = ask(() -> requests.getData(CLUSTER_ID));
        boolean ours = there.isOk()
                && clusterId.equals(Json.read(there.value()).path("id").asString(""));
        if (ours) {
            LOG.info("Founded the cluster {}", clusterId);
        }
        return ours;
    }

    private static Found found(Answer<byte[]> id, Answer<byte[]> features, boolean fresh)
            throws ZooKeeperUnavailableException {
        if (!id.isOk() || !features.isOk()) {
            throw new ZooKeeperUnavailableException("Expected to read " + CLUSTER_ID + " and " + FeatureNode.PATH
                    + ", but ZooKeeper says " + (id.isOk() ? features.code() : id.code()));
        }
        String clusterId = Json.read(id.value()).path("id").asString("");
        if (clusterId.isEmpty()) {
            return new Found.Refused("Expected " + CLUSTER_ID + " to hold the cluster's id, but it holds "
                    + new String(id.value() == null ? new byte[0] : id.value(), StandardCharsets.UTF_8));
        }
        FeaturesImage levels =
                FeatureNode.decode(features.value(), features.stat().getVersion());
        if (levels == null) {
            return new Found.Refused("Expected " + FeatureNode.PATH
                    + " to hold the finalised features, but it can't be read as that; restore it or delete it");
        }
        return new Found.Cluster(clusterId, levels, fresh);
    }

    /** Does not begin with a dash, which command lines would take for an option. */
    private String randomId() {
        String id;
        do {
            id = new Uuid(random.nextLong(), random.nextLong()).toString();
        } while (id.startsWith("-"));
        return id;
    }

    /**
     * Asks what is safe to be asked twice, until there is an answer or the time of a start is over. Between two attempts it
     * waits for the session to be connected again.
     */
    private <T> Answer<T> ask(Supplier<CompletableFuture<Answer<T>>> question)
            throws ZooKeeperUnavailableException, InterruptedException {
        long deadlineNs = clock.monotonicNs() + TimeUnit.MILLISECONDS.toNanos(properties.connectionTimeoutMs());
        long pauseMs = FIRST_PAUSE_MS;
        while (true) {
            try {
                Answer<T> answer = waiting.await(question.get(), leftMs(deadlineNs));
                if (!answer.isUnknown() && !answer.isSessionOver()) {
                    return answer;
                }
            } catch (TimeoutException e) {
                throw noAnswer();
            } catch (ExecutionException e) {
                throw new ZooKeeperUnavailableException("ZooKeeper could not be asked: " + e.getCause(), e.getCause());
            }
            do {
                pause(pauseMs, deadlineNs);
                pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
            } while (!session.isConnected());
        }
    }

    private void pause(long pauseMs, long deadlineNs) throws ZooKeeperUnavailableException, InterruptedException {
        long leftMs = leftMs(deadlineNs);
        if (leftMs == 0) {
            throw noAnswer();
        }
        try {
            waiting.await(new CompletableFuture<>(), Math.min(pauseMs, leftMs));
        } catch (TimeoutException over) {
            // Nothing else was to come of it.
        } catch (ExecutionException never) {
            throw new IllegalStateException(never);
        }
    }

    private long leftMs(long deadlineNs) {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadlineNs - clock.monotonicNs()));
    }

    private ZooKeeperUnavailableException noAnswer() {
        return new ZooKeeperUnavailableException("Expected ZooKeeper at " + properties.connect()
                + " (zookeeper.connect) to answer within " + properties.connectionTimeoutMs()
                + " ms (zookeeper.connection.timeout.ms), but it did not; is it healthy?");
    }
}
