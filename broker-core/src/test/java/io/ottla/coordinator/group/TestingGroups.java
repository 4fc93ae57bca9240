package io.ottla.coordinator.group;

import static io.ottla.replication.TestingImages.alone;
import static io.ottla.replication.TestingImages.state;
import static io.ottla.replication.TestingImages.step;
import static io.ottla.replication.TestingImages.topic;

import io.ottla.config.ConsumerGroupProperties;
import io.ottla.config.GroupProperties;
import io.ottla.config.TestingGroupProperties;
import io.ottla.config.TopicProperties;
import io.ottla.coordinator.group.assign.GroupAssignor;
import io.ottla.coordinator.group.assign.GroupAssignors;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metrics.Metrics;
import io.ottla.replication.Replicas;
import io.ottla.replication.TestingFolder;
import io.ottla.replication.TestingImages;
import io.ottla.replication.TestingLog;
import io.ottla.replication.TestingLogStore;
import io.ottla.replication.TestingTimer;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/** A group coordinator over a log in memory, whose time a test moves. */
final class TestingGroups {
    static final String TOPIC = "__consumer_offsets";
    static final int SESSION_MS = 10_000;
    static final int REBALANCE_MS = 60_000;

    final Metrics metrics = new Metrics();
    final TestingTimer time = new TestingTimer();
    final TestingFolder folder = new TestingFolder(Path.of("data"));
    final TestingLogStore store = new TestingLogStore(folder);
    final Replicas replicas =
            new Replicas(TestingImages.SELF, store, set -> TopicProperties.DEFAULTS, Runnable::run, metrics);
    final Queue<Runnable> threads = new ArrayDeque<>();
    /** What is computed besides. */
    final Queue<Runnable> pool = new ArrayDeque<>();

    final GroupCoordinator coordinator;
    private int epoch;

    TestingGroups(GroupProperties properties) {
        this(properties, GroupAssignors.of(List.of("uniform", "range")));
    }

    TestingGroups(GroupProperties properties, List<GroupAssignor> assignors) {
        coordinator = new GroupCoordinator(
                properties,
                new GroupCoordinator.Ports(
                        replicas,
                        threads::add,
                        threads::add,
                        time,
                        time,
                        new Random(1),
                        metrics,
                        pool::add,
                        assignors,
                        set -> new ConsumerGroupProperties(
                                Integer.parseInt(set.getOrDefault("consumer.session.timeout.ms", "45000")),
                                Integer.parseInt(set.getOrDefault("consumer.heartbeat.interval.ms", "5000")),
                                Integer.parseInt(set.getOrDefault("consumer.assignment.interval.ms", "0")))));
        lead();
    }

    /** Without an initial delay. */
    static TestingGroups quick() {
        return new TestingGroups(with(0, Integer.MAX_VALUE));
    }

    static GroupProperties with(int initialDelayMs, int maxSize) {
        return new TestingGroupProperties()
                .initialRebalanceDelayMs(initialDelayMs)
                .maxSize(maxSize)
                .properties();
    }

    /** The one partition is led here, from now on in another epoch; its log is loaded. */
    void lead() {
        epoch++;
        apply(change(alone(epoch)));
        run();
    }

    /** Another broker leads. */
    void follow() {
        epoch++;
        apply(change(state(2, epoch, epoch, new int[] {1, 2}, new int[] {2})));
        run();
    }

    private MetadataChange change(PartitionImage state) {
        return replicas.image().topic(TOPIC) == null
                ? new MetadataChange.TopicSet(topic(TOPIC, new TopicId(1, 2), state))
                : new MetadataChange.PartitionSet(TOPIC, 0, state);
    }

    void apply(MetadataChange change) {
        ImageStep step = step(replicas.image(), change);
        replicas.apply(step).toCompletableFuture().join();
        coordinator.apply(step).toCompletableFuture().join();
    }

    void run() {
        for (Runnable task = next(); task != null; task = next()) {
            task.run();
        }
    }

    private Runnable next() {
        Runnable task = threads.poll();
        return task == null ? pool.poll() : task;
    }

    /** Time goes by, in steps that let timers set timers. */
    void advance(long ms) {
        long left = ms;
        while (left > 0) {
            long next = Math.min(left, 500);
            time.advance(next);
            run();
            left -= next;
        }
    }

    TestingLog log() {
        return store.logs.get(new TopicPartition(TOPIC, 0));
    }

    /** An answer that may come later. */
    static final class Later<A> implements Consumer<A> {
        private A answer;

        @Override
        public void accept(A given) {
            if (answer != null) {
                throw new IllegalStateException("Expected one answer, but after " + answer + " came " + given);
            }
            answer = given;
        }

        /** Null while there is none. */
        A now() {
            return answer;
        }

        A get() {
            if (answer == null) {
                throw new AssertionError("Expected an answer, but there is none yet");
            }
            return answer;
        }
    }

    // ---- requests ----

    static JoinGroupRequestData joining(String group, String memberId, String instanceId, String... protocols) {
        JoinGroupRequestData request = new JoinGroupRequestData()
                .setGroupId(group)
                .setMemberId(memberId)
                .setGroupInstanceId(instanceId)
                .setProtocolType("consumer")
                .setSessionTimeoutMs(SESSION_MS)
                .setRebalanceTimeoutMs(REBALANCE_MS);
        for (String protocol : protocols.length == 0 ? new String[] {"range"} : protocols) {
            request.protocols()
                    .add(new JoinGroupRequestProtocol()
                            .setName(protocol)
                            .setMetadata(
                                    ("metadata of " + protocol).getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        }
        return request;
    }

    Later<JoinGroupResponseData> join(JoinGroupRequestData request, int version) {
        Later<JoinGroupResponseData> answer = new Later<>();
        coordinator.join(new GroupAsker("client", "/127.0.0.1", (short) version, topic -> true), request, answer);
        run();
        return answer;
    }

    /** As a client does since KIP-394: asks for an id first. */
    Later<JoinGroupResponseData> join(String group, String... protocols) {
        JoinGroupRequestData request = joining(group, "", null, protocols);
        JoinGroupResponseData asked = join(request, 9).get();
        if (asked.errorCode() != Errors.MEMBER_ID_REQUIRED.code()) {
            throw new AssertionError("Expected MEMBER_ID_REQUIRED, but got " + asked);
        }
        return join(joining(group, asked.memberId(), null, protocols), 9);
    }

    Later<SyncGroupResponseData> sync(JoinGroupResponseData joined, String group, String instanceId) {
        SyncGroupRequestData request = new SyncGroupRequestData()
                .setGroupId(group)
                .setMemberId(joined.memberId())
                .setGroupInstanceId(instanceId)
                .setGenerationId(joined.generationId())
                .setProtocolType("consumer")
                .setProtocolName(joined.protocolName());
        List<SyncGroupRequestAssignment> assignments = new ArrayList<>();
        for (var member : joined.members()) {
            assignments.add(new SyncGroupRequestAssignment()
                    .setMemberId(member.memberId())
                    .setAssignment(assignment(member.memberId())));
        }
        request.setAssignments(assignments);
        return sync(request);
    }

    static byte[] assignment(String memberId) {
        return ("for " + memberId).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    Later<SyncGroupResponseData> sync(SyncGroupRequestData request) {
        Later<SyncGroupResponseData> answer = new Later<>();
        coordinator.sync(request, answer);
        run();
        return answer;
    }

    /** One member that is alone in its group, and has its assignment. */
    JoinGroupResponseData stable(String group) {
        Later<JoinGroupResponseData> later = join(group);
        advance(20);
        JoinGroupResponseData joined = later.get();
        sync(joined, group, null).get();
        return joined;
    }

    Errors heartbeat(String group, String memberId, int generation) {
        return heartbeat(group, memberId, null, generation);
    }

    Errors heartbeat(String group, String memberId, String instanceId, int generation) {
        Later<Short> answer = new Later<>();
        coordinator.heartbeat(
                new HeartbeatRequestData()
                        .setGroupId(group)
                        .setMemberId(memberId)
                        .setGroupInstanceId(instanceId)
                        .setGenerationId(generation),
                given -> answer.accept(given.errorCode()));
        run();
        return Errors.forCode(answer.get());
    }

    LeaveGroupResponseData leave(String group, MemberIdentity... members) {
        Later<LeaveGroupResponseData> answer = new Later<>();
        coordinator.leave(group, List.of(members), answer);
        run();
        return answer.get();
    }

    static MemberIdentity member(String memberId, String instanceId) {
        return new MemberIdentity().setMemberId(memberId).setGroupInstanceId(instanceId);
    }

    static OffsetCommitRequestData committing(
            String group, String memberId, int generation, String topic, int partition, long offset) {
        return new OffsetCommitRequestData()
                .setGroupId(group)
                .setMemberId(memberId)
                .setGenerationIdOrMemberEpoch(generation)
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setName(topic)
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setPartitionIndex(partition)
                                .setCommittedOffset(offset)
                                .setCommittedMetadata("")))));
    }

    Errors commit(OffsetCommitRequestData request, int version) {
        Later<Short> answer = new Later<>();
        coordinator
                .offsets()
                .commit(
                        request,
                        (short) version,
                        given -> answer.accept(given.topics()
                                .getFirst()
                                .partitions()
                                .getFirst()
                                .errorCode()));
        run();
        return Errors.forCode(answer.get());
    }

    Errors commit(String group, String memberId, int generation, String topic, long offset) {
        return commit(committing(group, memberId, generation, topic, 0, offset), 9);
    }

    /** -1 where there is none. */
    long fetch(String group, String topic, int partition) {
        return fetch(group, topic, partition, false)
                .topics()
                .getFirst()
                .partitions()
                .getFirst()
                .committedOffset();
    }

    OffsetFetchResponseGroup fetch(String group, String topic, int partition, boolean requireStable) {
        Later<OffsetFetchResponseGroup> answer = new Later<>();
        coordinator
                .offsets()
                .fetch(
                        new OffsetFetchRequestGroup()
                                .setGroupId(group)
                                .setTopics(List.of(new OffsetFetchRequestTopics()
                                        .setName(topic)
                                        .setPartitionIndexes(List.of(partition)))),
                        requireStable,
                        answer);
        run();
        return answer.get();
    }

    /** Groups and their states. */
    List<String> list() {
        Later<List<String>> answer = new Later<>();
        coordinator
                .groups()
                .list(
                        List.of(),
                        List.of(),
                        given -> answer.accept(given.groups().stream()
                                .map(group -> group.groupId() + " " + group.groupState())
                                .sorted()
                                .toList()));
        run();
        return answer.get();
    }

    Errors delete(String group) {
        Later<Short> answer = new Later<>();
        coordinator
                .groups()
                .delete(List.of(group), given -> answer.accept(given.getFirst().errorCode()));
        run();
        return Errors.forCode(answer.get());
    }

    double metric(String name) {
        return metrics.read().stream()
                .filter(family -> family.name().equals(name))
                .flatMap(family -> family.samples().stream())
                .mapToDouble(sample -> switch (sample) {
                    case Metrics.Sample.Count count -> count.value();
                    case Metrics.Sample.Level level -> level.value();
                    case Metrics.Sample.Spread spread -> spread.reading().count();
                })
                .sum();
    }
}
