package io.ottla.coordinator.group;

import io.ottla.config.ConsumerGroupProperties;
import io.ottla.config.GroupProperties;
import io.ottla.coordinator.Call;
import io.ottla.coordinator.Effects;
import io.ottla.coordinator.Operation;
import io.ottla.coordinator.RecordFormat;
import io.ottla.coordinator.ShardContext;
import io.ottla.coordinator.ShardKind;
import io.ottla.coordinator.ShardProperties;
import io.ottla.coordinator.Shards;
import io.ottla.coordinator.group.assign.GroupAssignor;
import io.ottla.coordinator.transaction.TransactionMarker;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageListener;
import io.ottla.metadata.ImageStep;
import io.ottla.metrics.Metrics;
import io.ottla.record.Codec;
import io.ottla.record.EndTransactionMarker;
import io.ottla.replication.Replicas;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * The group coordinator of this broker: the front door of the shards of {@code __consumer_offsets}. Members of classic
 * groups come here; what is asked of groups and offsets from outside goes through {@link #offsets} and {@link #groups}.
 *
 * <p>Thread-safe. Answers come on any thread, once; on the caller's where nothing has to be waited for.
 */
public final class GroupCoordinator implements ImageListener {
    /** Ids that fit into a record's key; Kafka fails on longer ones. */
    private static final int MAX_ID_BYTES = Short.MAX_VALUE;

    private final Shards<GroupMachine, GroupRecord> shards;
    private final GroupProperties properties;
    private final GroupOffsets offsets;
    private final GroupDirectory directory;
    private final ConsumerGroups consumers;
    /** As this broker last applied it. */
    private volatile ClusterImage image = ClusterImage.EMPTY;

    /**
     * What the coordinator works with.
     *
     * @param threads for operations that find their shard busy, and for timers
     * @param loaders for reading logs
     * @param pool for what takes its time: targets of groups, regular expressions
     * @param assignors that groups can choose from, one or more; the first is the default
     * @param consumerGroups a consumer group's settings from what is set on it
     */
    public record Ports(
            Replicas replicas,
            Executor threads,
            Executor loaders,
            Timer timer,
            Clock clock,
            RandomGenerator random,
            Metrics metrics,
            Executor pool,
            List<GroupAssignor> assignors,
            Function<Map<String, String>, ConsumerGroupProperties> consumerGroups) {}

    public GroupCoordinator(GroupProperties properties, Ports ports) {
        this.properties = properties;
        this.shards = new Shards<>(
                new Kind(properties, ports, () -> image),
                new ShardProperties(
                        Codec.ofAttributes(properties.codec()),
                        properties.commitTimeoutMs(),
                        properties.loadBufferBytes()),
                ports.replicas(),
                ports.threads(),
                ports.loaders(),
                ports.timer(),
                ports.clock(),
                ports.metrics());
        this.offsets = new GroupOffsets(shards, ports.replicas()::isInTouch);
        this.directory = new GroupDirectory(shards);
        this.consumers = new ConsumerGroups(
                shards,
                properties.consumer().isServed(),
                ports.assignors().stream().map(GroupAssignor::name).toList(),
                ports.pool(),
                () -> image);
    }

    /** Makes shards of {@code __consumer_offsets}. */
    private static final class Kind implements ShardKind<GroupMachine, GroupRecord> {
        private final GroupRecordFormat format = new GroupRecordFormat();
        private final GroupProperties properties;
        private final Ports ports;
        private final ConsumerParts.Ports consumers;
        private final GroupMeter meter;

        Kind(GroupProperties properties, Ports ports, Supplier<ClusterImage> image) {
            this.properties = properties;
            this.ports = ports;
            this.consumers = new ConsumerParts.Ports(ports.consumerGroups(), ports.assignors(), ports.pool(), image);
            this.meter = new GroupMeter(ports.metrics());
        }

        @Override
        public String topic() {
            return properties.topic().name();
        }

        @Override
        public String coordinator() {
            return "group-coordinator";
        }

        @Override
        public RecordFormat<GroupRecord> format() {
            return format;
        }

        @Override
        public GroupMachine machine(ShardContext<GroupMachine, GroupRecord> context, int partition) {
            return new GroupMachine(context, partition, properties, ports.clock(), this::drawId, consumers, meter);
        }

        /** A random UUID (RFC 9562, version 4), as members' ids have had it ever since. */
        private String drawId() {
            long most = ports.random().nextLong() & ~0xF000L | 0x4000L;
            long least = ports.random().nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | Long.MIN_VALUE;
            return new UUID(most, least).toString();
        }
    }

    /** What is asked of groups' offsets. */
    public GroupOffsets offsets() {
        return offsets;
    }

    /** What is asked of groups from outside. */
    public GroupDirectory groups() {
        return directory;
    }

    /** Groups of the consumer protocol. */
    public ConsumerGroups consumers() {
        return consumers;
    }

    @Override
    public CompletionStage<Void> apply(ImageStep step) {
        image = step.after();
        CompletionStage<Void> followed = shards.apply(step);
        TopicChanges changes = TopicChanges.of(step);
        if (!changes.gone().isEmpty()) {
            toAll(machine -> machine.forgetTopics(changes.gone()));
        }
        if (changes.racks()) {
            toAll(GroupMachine::followRacks);
        } else if (!changes.changed().isEmpty()) {
            toAll(machine -> machine.followTopics(changes.changed(), changes.named()));
        }
        return followed;
    }

    private void toAll(Function<GroupMachine, Effects<GroupRecord>> what) {
        for (int number : shards.numbers()) {
            shards.give(
                    number,
                    new Call<GroupMachine, GroupRecord, Void>((machine, _) -> what.apply(machine), _ -> null, _ -> {}));
        }
    }

    /**
     * Ends a producer's transaction in a partition of {@code __consumer_offsets}: the offsets that it has committed count now,
     * or are dropped.
     *
     * @param answer told once it is committed, or why not
     */
    public void endTransaction(int partition, TransactionMarker marker, Consumer<Errors> answer) {
        shards.submit(
                partition,
                new Call<>(
                        (_, call) -> Effects.end(
                                marker.producer(),
                                new EndTransactionMarker(marker.commits(), marker.coordinatorEpoch()),
                                marker.version(),
                                call.with(Errors.NONE.code())),
                        Errors::code,
                        code -> answer.accept(Errors.forCode(code))));
    }

    /** Ends all shards: the broker stops. */
    public void close() {
        shards.close();
    }

    /** Whether a group's id can be one: not empty, and short enough to be stored. */
    static boolean isValid(String group) {
        return group != null && !group.isEmpty() && fits(group);
    }

    /** Whether a text can be stored. */
    static boolean fits(String text) {
        return text == null
                || text.length() <= MAX_ID_BYTES / 3
                || text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length <= MAX_ID_BYTES;
    }

    // ---- members of classic groups ----

    /** Comes into a group, or comes again. The answer may take as long as the group's rebalance does. */
    public void join(GroupAsker asker, JoinGroupRequestData request, Consumer<JoinGroupResponseData> answer) {
        String memberId = request.memberId();
        if (!isValid(request.groupId())) {
            answer.accept(ClassicAnswers.join(memberId, Errors.INVALID_GROUP_ID));
            return;
        }
        if (request.sessionTimeoutMs() < properties.minSessionTimeoutMs()
                || request.sessionTimeoutMs() > properties.maxSessionTimeoutMs()) {
            answer.accept(ClassicAnswers.join(memberId, Errors.INVALID_SESSION_TIMEOUT));
            return;
        }
        if (!fits(request.groupInstanceId()) || !fits(request.protocolType()) || !fits(memberId)) {
            answer.accept(ClassicAnswers.join(memberId, Errors.INVALID_REQUEST));
            return;
        }
        shards.submit(request.groupId(), new Operation<>() {
            @Override
            public Effects<GroupRecord> decide(GroupMachine machine) {
                Group present = machine.group(request.groupId());
                if (present == null && !memberId.isEmpty()) {
                    return Effects.now(
                            ClassicAnswers.answer(answer, ClassicAnswers.join(memberId, Errors.UNKNOWN_MEMBER_ID)));
                }
                if (present instanceof ConsumerGroup group) {
                    return group.isEmpty()
                            ? machine.replaceByClassic(
                                    group,
                                    this,
                                    ClassicAnswers.answer(answer, ClassicAnswers.join(memberId, Errors.NONE)))
                            : machine.consumers().classic().join(group, asker, request, answer);
                }
                ClassicGroup classic =
                        present instanceof ClassicGroup group ? group : machine.create(request.groupId());
                Effects<GroupRecord> effects = machine.joins().join(classic, asker, request, answer);
                machine.forgetIdle(classic);
                return effects;
            }

            @Override
            public void refuse(Errors error) {
                answer.accept(ClassicAnswers.join(memberId, error));
            }
        });
    }

    /** Asks for a member's assignment; the leader brings all. */
    public void sync(SyncGroupRequestData request, Consumer<SyncGroupResponseData> answer) {
        if (!isValid(request.groupId())) {
            answer.accept(ClassicAnswers.sync(Errors.INVALID_GROUP_ID));
            return;
        }
        shards.submit(request.groupId(), new Operation<>() {
            @Override
            public Effects<GroupRecord> decide(GroupMachine machine) {
                return switch (machine.group(request.groupId())) {
                    case ClassicGroup group -> machine.memberships().sync(group, request, answer);
                    case ConsumerGroup group -> machine.consumers().classic().sync(group, request, answer);
                    case null ->
                        Effects.now(ClassicAnswers.answer(answer, ClassicAnswers.sync(Errors.UNKNOWN_MEMBER_ID)));
                };
            }

            @Override
            public void refuse(Errors error) {
                answer.accept(ClassicAnswers.sync(error));
            }
        });
    }

    /** A member reports. While the group is being loaded it is taken at its word. */
    public void heartbeat(HeartbeatRequestData request, Consumer<HeartbeatResponseData> answer) {
        if (!isValid(request.groupId())) {
            answer.accept(heartbeat(Errors.INVALID_GROUP_ID));
            return;
        }
        shards.submit(
                request.groupId(),
                new Call<>(
                        (machine, call) -> switch (machine.group(request.groupId())) {
                            case ClassicGroup group ->
                                Effects.now(call.with(machine.memberships()
                                        .heartbeat(
                                                group,
                                                request.memberId(),
                                                request.groupInstanceId(),
                                                request.generationId())));
                            case ConsumerGroup group ->
                                machine.consumers().classic().heartbeat(group, request, call);
                            case null -> Effects.now(call.with(Errors.UNKNOWN_MEMBER_ID));
                        },
                        GroupCoordinator::heartbeat,
                        answer));
    }

    private static HeartbeatResponseData heartbeat(Errors error) {
        Errors told = error == Errors.COORDINATOR_LOAD_IN_PROGRESS ? Errors.NONE : error;
        return new HeartbeatResponseData().setErrorCode(told.code());
    }

    /** Members leave. */
    public void leave(String groupId, List<MemberIdentity> members, Consumer<LeaveGroupResponseData> answer) {
        if (!isValid(groupId)) {
            answer.accept(new LeaveGroupResponseData().setErrorCode(Errors.INVALID_GROUP_ID.code()));
            return;
        }
        shards.submit(
                groupId,
                new Call<>(
                        (machine, call) -> {
                            LeaveGroupResponseData response = new LeaveGroupResponseData();
                            if (machine.group(groupId) instanceof ClassicGroup group) {
                                return machine.memberships().leave(group, members, response, call.with(response));
                            }
                            if (machine.group(groupId) instanceof ConsumerGroup group) {
                                return machine.consumers()
                                        .classic()
                                        .leave(group, members, response, call.with(response));
                            }
                            for (MemberIdentity member : members) {
                                response.members()
                                        .add(new LeaveGroupResponseData.MemberResponse()
                                                .setMemberId(member.memberId())
                                                .setGroupInstanceId(member.groupInstanceId())
                                                .setErrorCode(Errors.UNKNOWN_MEMBER_ID.code()));
                            }
                            return Effects.now(call.with(response));
                        },
                        error -> new LeaveGroupResponseData().setErrorCode(error.code()),
                        answer));
    }
}
