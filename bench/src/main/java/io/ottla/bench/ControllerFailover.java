package io.ottla.bench;

import io.ottla.concurrent.Waiting;
import io.ottla.config.ControllerProperties;
import io.ottla.config.TopicDefaults;
import io.ottla.config.ZooKeeperProperties;
import io.ottla.controller.Controller;
import io.ottla.controller.ControllerElection;
import io.ottla.controller.MetadataStore;
import io.ottla.controller.Policies;
import io.ottla.controller.StoredCluster;
import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageVersion;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.metrics.Metrics;
import io.ottla.storage.Disk;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.zookeeper.ClusterNodes;
import io.ottla.zookeeper.CuratorClient;
import io.ottla.zookeeper.KeptSession;
import io.ottla.zookeeper.SessionFiles;
import io.ottla.zookeeper.ZooKeeperElection;
import io.ottla.zookeeper.ZooKeeperSession;
import io.ottla.zookeeper.ZooKeeperStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;

/**
 * How long a new controller takes until everything is in order again after a broker has died; the work of {@code
 * bench/controller.sh}. Election, store and controller are those of a broker, with a real ZooKeeper in another process, but
 * no brokers: what these need to act by the image does not count.
 *
 * <p>{@code ControllerFailover CONNECT PARTITIONS ROUNDS WINDOW}: topics of 100 partitions with three replicas, of three
 * brokers, the last of which is gone and led a third. Each round begins with another controller's election, in a JVM that
 * is warm from the second on. Milliseconds from winning the election: until the store is read, and until all new leaders
 * are written and the image is published.
 */
final class ControllerFailover {
    private static final int TOPIC = 100;
    private static final int IN_FLIGHT = 100;
    private static final int OPERATIONS = 50;

    private final String connect;
    private final int partitions;
    private final int window;

    private ControllerFailover(String connect, int partitions, int window) {
        this.connect = connect;
        this.partitions = partitions;
        this.window = window;
    }

    public static void main(String[] arguments) throws Exception {
        for (int round = 0; round < Integer.parseInt(arguments[2]); round++) {
            String chroot = arguments[0] + "/" + Long.toString(System.nanoTime(), 36);
            new ControllerFailover(chroot, Integer.parseInt(arguments[1]), Integer.parseInt(arguments[3])).measure();
        }
        System.exit(0); // Nobody waits for the threads of the sessions.
    }

    /** When what happened. */
    private static final class Moments {
        private volatile long electedNs;
        private volatile long readNs;
        private volatile Map<BrokerId, BrokerImage> brokers = Map.of();
    }

    private void measure() throws Exception {
        Moments moments = new Moments();
        CompletableFuture<ClusterImage> published = new CompletableFuture<>();
        ZooKeeperProperties properties = properties();
        ZooKeeperSession session = session(properties);
        new ClusterNodes(
                        session,
                        properties,
                        Clock.system(),
                        new SplittableRandom(),
                        Executors.newSingleThreadExecutor(),
                        Waiting.blocking())
                .prepare(Map.of("eligible.leader.replicas.version", (short) 1));
        fill();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        Timer timer = timer();
        Controller controller = new Controller(
                new BrokerId(1),
                TopicDefaults.DEFAULTS,
                ControllerProperties.DEFAULTS,
                new Controller.Ports(
                        new Watched(
                                new ZooKeeperElection(session, new BrokerId(1), Clock.system(), timer, thread),
                                moments),
                        watched(new ZooKeeperStore(session, thread), moments),
                        step -> {
                            published.complete(step.after());
                            return CompletableFuture.completedFuture(null);
                        },
                        (resource, configs, asked) -> null,
                        Policies.NONE,
                        new SplittableRandom(),
                        Clock.system(),
                        timer,
                        thread,
                        () -> told(moments.brokers.values()),
                        new Metrics()));
        controller.start();
        ClusterImage image = published.get(5, TimeUnit.MINUTES);
        long publishedNs = System.nanoTime();
        System.out.println("{\"partitions\":" + partitions + ",\"window\":" + window + ",\"read_ms\":"
                + TimeUnit.NANOSECONDS.toMillis(moments.readNs - moments.electedNs) + ",\"published_ms\":"
                + TimeUnit.NANOSECONDS.toMillis(publishedNs - moments.electedNs) + ",\"led_by_the_dead\":"
                + ledBy(image, new BrokerId(3)) + "}");
        controller.close().toCompletableFuture().get(1, TimeUnit.MINUTES);
        session.close();
    }

    /** The last controller had heard of these. */
    private static ClusterImage told(Collection<BrokerImage> brokers) {
        ClusterImage image = ClusterImage.EMPTY.at(new ImageVersion(new ControllerEpoch(0), 1));
        for (BrokerImage broker : brokers) {
            image = image.with(new MetadataChange.BrokerSet(broker));
        }
        return image;
    }

    private static long ledBy(ClusterImage image, BrokerId broker) {
        long led = 0;
        for (TopicImage topic : image.topics().values()) {
            for (PartitionImage partition : topic.partitions()) {
                led += partition.leader().equals(broker) ? 1 : 0;
            }
        }
        return led;
    }

    private ZooKeeperProperties properties() {
        ZooKeeperProperties defaults = ZooKeeperProperties.DEFAULTS;
        return new ZooKeeperProperties(
                connect,
                defaults.sessionTimeoutMs(),
                defaults.connectionTimeoutMs(),
                false,
                window,
                defaults.tls(),
                defaults.embeddedPort());
    }

    private ZooKeeperSession session(ZooKeeperProperties properties) throws Exception {
        Path folder = Files.createTempDirectory("controller");
        ZooKeeperSession session = new KeptSession(
                properties,
                new SessionFiles(Disk.system(), List.of(folder), connect),
                Clock.system(),
                new Metrics(),
                Executors.newSingleThreadExecutor(),
                Waiting.blocking(),
                new CuratorClient(properties, Clock.system(), new Metrics()));
        session.open(true);
        return session;
    }

    private static Timer timer() {
        ScheduledExecutorService delays = Executors.newSingleThreadScheduledExecutor();
        return (delayMs, task) -> {
            ScheduledFuture<?> scheduled = delays.schedule(task, delayMs, TimeUnit.MILLISECONDS);
            return () -> scheduled.cancel(false);
        };
    }

    /** An election that says when it was won. */
    private record Watched(ControllerElection real, Moments moments) implements ControllerElection {
        @Override
        public void start(Consumer<Event> listener) {
            real.start(event -> {
                if (event instanceof Event.Elected) {
                    moments.electedNs = System.nanoTime();
                }
                listener.accept(event);
            });
        }

        @Override
        public void removeDead(BrokerId suspect) {
            real.removeDead(suspect);
        }

        @Override
        public CompletionStage<Void> resign() {
            return real.resign();
        }
    }

    /** A store that says when it was read. */
    private static MetadataStore watched(MetadataStore real, Moments moments) {
        return (MetadataStore) Proxy.newProxyInstance(
                MetadataStore.class.getClassLoader(), new Class<?>[] {MetadataStore.class}, (proxy, method, given) -> {
                    try {
                        Object result = method.invoke(real, given);
                        return method.getName().equals("load")
                                ? ((CompletionStage<?>) result).thenApply(stored -> {
                                    moments.readNs = System.nanoTime();
                                    moments.brokers = ((StoredCluster) stored).brokers();
                                    return stored;
                                })
                                : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Brokers 1 and 2, and topics as all three have made them. */
    private void fill() throws Exception {
        CompletableFuture<Void> connected = new CompletableFuture<>();
        ZooKeeper zooKeeper = new ZooKeeper(connect, 60_000, event -> connected.complete(null));
        connected.get(1, TimeUnit.MINUTES);
        List<Op> operations = new ArrayList<>();
        for (int id = 1; id <= 2; id++) {
            operations.add(
                    node(
                            "/brokers/ids/" + id,
                            "{\"version\":5,\"host\":\"h\",\"port\":9092,\"endpoints\":[\"PLAINTEXT://h:9092\"],\"jmx_port\":-1,"
                                    + "\"timestamp\":\"7\",\"listener_security_protocol_map\":{\"PLAINTEXT\":\"PLAINTEXT\"},"
                                    + "\"features\":{\"eligible.leader.replicas.version\":{\"min_version\":0,\"max_version\":1}}}"));
        }
        Semaphore inFlight = new Semaphore(IN_FLIGHT);
        List<Code> refused = new ArrayList<>();
        for (int topic = 0; topic < partitions / TOPIC; topic++) {
            String path = "/brokers/topics/orders.of.region-" + topic;
            StringBuilder assignment = new StringBuilder();
            for (int partition = 0; partition < TOPIC; partition++) {
                assignment.append(partition == 0 ? "" : ",").append("\"" + partition + "\":" + replicas(partition));
            }
            byte[] id = new byte[16];
            new SplittableRandom(topic).nextBytes(id);
            operations.add(node(
                    path,
                    "{\"version\":3,\"topic_id\":\""
                            + Base64.getUrlEncoder().withoutPadding().encodeToString(id) + "\",\"partitions\":{"
                            + assignment + "},\"adding_replicas\":{},\"removing_replicas\":{}}"));
            operations.add(node(path + "/partitions", null));
            for (int partition = 0; partition < TOPIC; partition++) {
                operations.add(node(path + "/partitions/" + partition, null));
                operations.add(node(
                        path + "/partitions/" + partition + "/state",
                        "{\"controller_epoch\":1,\"leader\":" + (1 + partition % 3)
                                + ",\"version\":1,\"leader_epoch\":3,\"isr\":" + replicas(partition) + "}"));
                if (operations.size() >= OPERATIONS) {
                    send(zooKeeper, operations, inFlight, refused);
                    operations = new ArrayList<>();
                }
            }
        }
        send(zooKeeper, operations, inFlight, refused);
        inFlight.acquire(IN_FLIGHT);
        zooKeeper.close();
        if (!refused.isEmpty()) {
            throw new IllegalStateException("Expected to make the nodes, but got " + refused.getFirst());
        }
    }

    private static String replicas(int partition) {
        return "[" + (1 + partition % 3) + "," + (1 + (partition + 1) % 3) + "," + (1 + (partition + 2) % 3) + "]";
    }

    private static Op node(String path, String data) {
        return Op.create(
                path,
                data == null ? null : data.getBytes(StandardCharsets.UTF_8),
                Ids.OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT);
    }

    private static void send(ZooKeeper zooKeeper, List<Op> operations, Semaphore inFlight, List<Code> refused)
            throws InterruptedException {
        inFlight.acquire();
        zooKeeper.multi(
                operations,
                (rc, path, context, results) -> {
                    if (rc != 0) {
                        refused.add(Code.get(rc));
                    }
                    inFlight.release();
                },
                null);
    }
}
