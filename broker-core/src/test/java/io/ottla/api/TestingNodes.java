package io.ottla.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.ReplicationProperties;
import io.ottla.config.TopicProperties;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageDifference;
import io.ottla.metadata.ImageStep;
import io.ottla.metrics.Metrics;
import io.ottla.peer.InSyncProposal;
import io.ottla.peer.InSyncResult;
import io.ottla.peer.PeerClient;
import io.ottla.quota.Quotas;
import io.ottla.replication.FetchSessions;
import io.ottla.replication.LogStore;
import io.ottla.replication.Partition;
import io.ottla.replication.Replicas;
import io.ottla.replication.Replication;
import io.ottla.replication.ReplicationPorts;
import io.ottla.replication.TestingFolder;
import io.ottla.replication.TestingLog;
import io.ottla.security.Authorizer;
import io.ottla.storage.LogFolder;
import io.ottla.storage.MovingLog;
import io.ottla.storage.PartitionLog;
import io.ottla.storage.StoredRecords;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.Caller;
import io.ottla.types.DeletedLog;
import io.ottla.types.Failure;
import io.ottla.types.Principal;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * Brokers' replicas in one thread, on a clock that only tasks move: each with logs that outlive its process, the handlers that
 * answer fetches, and a network that takes its time, loses connections and keeps the order of each. One seed makes one history.
 */
final class TestingNodes {
    private record Task(long atNs, long number, Runnable what) implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            int byTime = Long.compare(atNs, other.atNs);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    final Random random;
    final Map<BrokerId, Node> nodes = new HashMap<>();
    /** Connections that are cut, one way. */
    final Set<List<BrokerId>> cuts = new HashSet<>();

    final TestingController controller;

    final Clock clock = new Clock() {
        @Override
        public long wallMs() {
            return nowNs / 1_000_000;
        }

        @Override
        public long monotonicNs() {
            return nowNs;
        }
    };

    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private final ReplicationProperties properties;
    private final TopicProperties topics;
    private long nowNs = 1_000_000_000;
    private long taskCount;
    long stepCount;

    TestingNodes(long seed, int count, ReplicationProperties properties, TopicProperties topics) {
        this.random = new Random(seed);
        this.properties = properties;
        this.topics = topics;
        this.controller = new TestingController(this);
        for (int id = 1; id <= count; id++) {
            nodes.put(new BrokerId(id), new Node(new BrokerId(id)));
        }
    }

    Node node(int id) {
        return nodes.get(new BrokerId(id));
    }

    void after(long delayNs, Runnable task) {
        tasks.add(new Task(nowNs + delayNs, taskCount++, task));
    }

    /** A little while. */
    long soonNs() {
        return random.nextInt(200_000);
    }

    /** Runs everything that is due within that time. */
    void run(long ms) {
        long end = nowNs + ms * 1_000_000;
        while (!tasks.isEmpty() && tasks.peek().atNs <= end) {
            Task next = tasks.poll();
            nowNs = next.atNs;
            next.what.run();
            stepCount++;
        }
        nowNs = end;
    }

    /** One broker: what is on its disk, and its process while it lives. */
    final class Node {
        final BrokerId id;
        final Map<TopicPartition, TestingLog> disk = new HashMap<>();
        Life life;

        Node(BrokerId id) {
            this.id = id;
        }

        void start() {
            controller.registers(id);
            life = new Life(this, controller.epochOf(id));
            life.follow();
        }

        void kill() {
            life.alive = false;
            life = null;
            controller.died(id);
        }
    }

    /** A process, from its start to its death. */
    final class Life implements LogStore, PeerClient {
        final Node node;
        final BrokerEpoch epoch;
        final Replicas replicas;
        final Replication replication;
        private final FetchHandler fetch;
        private final Map<PeerClient.Lane, Wire> wires = new HashMap<>();
        boolean alive = true;
        private ClusterImage shown = ClusterImage.EMPTY;
        private boolean following;

        Life(Node node, BrokerEpoch epoch) {
            this.node = node;
            this.epoch = epoch;
            Metrics metrics = new Metrics();
            replicas = new Replicas(node.id, this, set -> topics, this::soon, metrics);
            replication = new Replication(
                    replicas,
                    properties,
                    new ReplicationPorts(this, this::propose, () -> epoch, clock, this::schedule, this::soon, metrics));
            fetch = new FetchHandler(
                    replicas,
                    new FetchSessions(1000, clock, random, metrics),
                    Authorizer.allowAll(),
                    Quotas.unlimited(),
                    clock,
                    this::schedule,
                    this::soon,
                    properties,
                    metrics);
            replication.start();
        }

        void soon(Runnable task) {
            in(soonNs(), task);
        }

        private void in(long delayNs, Runnable task) {
            after(delayNs, () -> {
                if (alive) {
                    task.run();
                }
            });
        }

        private Timer.Timeout schedule(long delayMs, Runnable task) {
            boolean[] over = {false};
            in(delayMs * 1_000_000, () -> {
                if (!over[0]) {
                    over[0] = true;
                    task.run();
                }
            });
            return () -> {
                boolean taken = !over[0];
                over[0] = true;
                return taken;
            };
        }

        /** Shows the cluster's image as it is then, a while later; those between are not seen, as after a gap. */
        void follow() {
            if (following) {
                return;
            }
            following = true;
            in(random.nextInt(20_000_000), () -> {
                following = false;
                ClusterImage next = controller.image();
                ClusterImage before = shown;
                shown = next;
                replicas.apply(new ImageStep(before, next, ImageDifference.between(before, next)));
            });
        }

        Partition partition(TopicPartition name) {
            return replicas.partition(name.topic(), name.partition());
        }

        // ---- logs ----

        @Override
        public List<LogFolder> folders() {
            return List.of();
        }

        @Override
        public CompletionStage<PartitionLog> open(
                TopicPartition partition, TopicId id, TopicProperties with, boolean isNew) {
            CompletableFuture<PartitionLog> opened = new CompletableFuture<>();
            soon(() -> {
                TestingLog log = node.disk.computeIfAbsent(
                        partition, name -> new TestingLog(name, id, new TestingFolder(Path.of("data")), with));
                log.reopen(random.nextBoolean() ? log.highWatermark() : random.nextLong(log.highWatermark() + 1));
                log.background = this::soon;
                opened.complete(log);
            });
            return opened;
        }

        @Override
        public CompletionStage<Failure> move(TopicPartition partition, Path folder) {
            throw new AssertionError("Nobody moves logs here, but " + partition + " was to lie in " + folder);
        }

        @Override
        public List<MovingLog> moving() {
            return List.of();
        }

        @Override
        public CompletionStage<Void> delete(PartitionLog log) {
            node.disk.remove(log.topicPartition());
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void cleared(DeletedLog deleted) {}

        // ---- other brokers ----

        @Override
        public CompletionStage<Presence> probe(BrokerId broker, long timeoutMs) {
            throw new UnsupportedOperationException("Expected replication to knock nowhere");
        }

        @Override
        public CompletionStage<ApiMessage> send(
                PeerClient.Lane lane, ApiMessage request, short version, long timeoutMs) {
            return wires.computeIfAbsent(lane, to -> new Wire(this, to.broker()))
                    .send((FetchRequestData) request, version);
        }

        CompletionStage<List<InSyncResult>> propose(InSyncProposal proposal) {
            CompletableFuture<List<InSyncResult>> result = new CompletableFuture<>();
            boolean arrives = random.nextInt(10) > 0;
            boolean returns = random.nextInt(10) > 0;
            in(soonNs(), () -> {
                List<InSyncResult> answer = arrives ? controller.decide(proposal) : null;
                in(soonNs(), () -> {
                    if (arrives && returns) {
                        result.complete(answer);
                    } else {
                        result.completeExceptionally(new DisconnectException("lost"));
                    }
                });
            });
            return result;
        }

        private RequestContext context(short version) {
            return new RequestContext(
                    new Caller(Principal.ANONYMOUS, InetAddress.getLoopbackAddress(), "peer"),
                    version,
                    "CLIENT",
                    SecurityProtocol.PLAINTEXT,
                    true,
                    ClientSoftware.UNKNOWN,
                    clock.monotonicNs(),
                    this::soon,
                    PeerWatch.NONE);
        }
    }

    /** A connection: requests arrive in their order, and answers come back in it. */
    private final class Wire {
        private final Life from;
        private final BrokerId to;
        private final ArrayDeque<Call> calls = new ArrayDeque<>();
        private Life peer;
        private long arrivesNs;
        private long returnsNs;

        private static final class Call {
            final CompletableFuture<ApiMessage> result = new CompletableFuture<>();
            FetchResponseData answer;
        }

        Wire(Life from, BrokerId to) {
            this.from = from;
            this.to = to;
        }

        CompletionStage<ApiMessage> send(FetchRequestData request, short version) {
            Call call = new Call();
            Life other = nodes.get(to).life;
            if (other == null || isCut()) {
                from.in(soonNs(), () -> call.result.completeExceptionally(new DisconnectException("refused")));
                return call.result;
            }
            if (!other.equals(peer)) {
                drop();
                peer = other;
            }
            calls.add(call);
            arrivesNs = Math.max(arrivesNs, nowNs + soonNs());
            after(arrivesNs - nowNs, () -> {
                if (!isWhole(other)) {
                    drop();
                    return;
                }
                other.fetch.handle(other.context(version), request).onDone(outcome -> {
                    call.answer = received(((Reply.Outcome.Answer<FetchResponseData>) outcome).message());
                    answer(other);
                });
            });
            in(peer, call);
            return call.result;
        }

        /** Looks now and then whether the connection still stands. */
        private void in(Life with, Call call) {
            from.in(10_000_000, () -> {
                if (!call.result.isDone()) {
                    if (isWhole(with)) {
                        in(with, call);
                    } else {
                        drop();
                    }
                }
            });
        }

        private void answer(Life with) {
            returnsNs = Math.max(returnsNs, nowNs + soonNs());
            from.in(returnsNs - nowNs, () -> {
                if (!isWhole(with)) {
                    drop();
                    return;
                }
                while (!calls.isEmpty() && calls.peek().answer != null) {
                    Call first = calls.poll();
                    first.result.complete(first.answer);
                }
            });
        }

        private boolean isWhole(Life with) {
            return with.alive && with.equals(peer) && from.alive && !isCut();
        }

        private boolean isCut() {
            return cuts.contains(List.of(from.node.id, to)) || cuts.contains(List.of(to, from.node.id));
        }

        private void drop() {
            peer = null;
            List<Call> lost = new ArrayList<>(calls);
            calls.clear();
            for (Call call : lost) {
                from.soon(() -> call.result.completeExceptionally(new DisconnectException("dropped")));
            }
        }
    }

    /** As it comes off the wire: records in memory, read when they are sent. */
    private static FetchResponseData received(FetchResponseData sent) {
        for (FetchResponseData.FetchableTopicResponse topic : sent.responses()) {
            for (FetchResponseData.PartitionData partition : topic.partitions()) {
                if (partition.records() instanceof StoredRecords stored) {
                    ByteBuffer bytes = ByteBuffer.allocate(stored.sizeInBytes());
                    stored.copyTo(bytes);
                    stored.release();
                    assertThat(bytes.hasRemaining()).isFalse();
                    partition.setRecords(MemoryRecords.readableRecords(bytes.flip()));
                }
            }
        }
        return sent;
    }
}
