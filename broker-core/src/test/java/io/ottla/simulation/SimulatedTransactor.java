package io.ottla.simulation;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * A producer with a transactional id, by Kafka's rules: it writes to several partitions and commits offsets in transactions
 * that it commits or aborts, as clients do that add partitions themselves (before KIP-890), or as those whose transactions
 * have an epoch of their own. Now and then it dies amid one, or is slow and another one comes with its transactional id.
 *
 * <p>It is over when it dies, or is told what no client goes on after.
 */
final class SimulatedTransactor extends SimulatedClient {
    /**
     * How it works.
     *
     * @param isNew whether partitions add themselves and each transaction has an epoch (KIP-890)
     * @param timeoutMs how long a transaction may be open
     * @param pauseMs between two steps, about
     */
    record Mode(boolean isNew, short produceVersion, int timeoutMs, int pauseMs) {}

    /** Another producer is to come with the transactional id. */
    interface Succession {
        void next(TransactionalId id);
    }

    private static final Set<Errors> RETRIABLE = EnumSet.of(
            Errors.COORDINATOR_LOAD_IN_PROGRESS,
            Errors.COORDINATOR_NOT_AVAILABLE,
            Errors.NOT_COORDINATOR,
            Errors.CONCURRENT_TRANSACTIONS,
            Errors.REQUEST_TIMED_OUT,
            Errors.UNKNOWN_TOPIC_OR_PARTITION,
            Errors.UNKNOWN_TOPIC_ID,
            Errors.NOT_ENOUGH_REPLICAS,
            Errors.KAFKA_STORAGE_ERROR,
            Errors.UNSTABLE_OFFSET_COMMIT);

    private static final short FIND_VERSION = 4;
    private static final byte GROUP = 0;
    private static final byte TRANSACTION = 1;
    private static final int BACKOFF_MS = 40;
    private static final long DELIVERY_MS = 30_000;
    private static final long LEAVES_AFTER_MS = 3_000;

    /** Asks until there is an answer that counts. */
    private final class Call {
        private final byte coordinator;
        private final ApiMessage request;
        private final int version;
        private final Consumer<ApiMessage> then;
        private int attempts;

        Call(byte coordinator, ApiMessage request, int version, Consumer<ApiMessage> then) {
            this.coordinator = coordinator;
            this.request = request;
            this.version = version;
            this.then = then;
        }

        void go() {
            if (over) {
                return;
            }
            if (coordinators[coordinator] < 0) {
                find(coordinator, this::go);
                return;
            }
            attempts++;
            ask(coordinators[coordinator], request, version, ANSWER_MS, (answer, why) -> {
                if (over) {
                    return;
                }
                Errors error = answer == null ? Errors.NETWORK_EXCEPTION : errorOf(answer);
                if (answer == null || RETRIABLE.contains(error)) {
                    if (error != Errors.CONCURRENT_TRANSACTIONS) {
                        coordinators[coordinator] = -1;
                    }
                    later(BACKOFF_MS, this::go);
                } else if (error == Errors.NONE) {
                    then.accept(answer);
                } else {
                    lastAttempts = attempts;
                    failed(error, request.getClass().getSimpleName() + " attempt " + attempts);
                }
            });
        }
    }

    private enum Phase {
        BEGINNING,
        RESTING,
        WRITING,
        ENDING
    }

    private final TransactionalId id;
    private final History history;
    private final Mode mode;
    private final Succession succession;
    private final Consumer<String> trace;
    private final List<TransactionalBatches> lanes = new ArrayList<>();
    private final int[] coordinators = {-1, -1};
    private Phase phase = Phase.BEGINNING;
    private SentTransaction transaction;
    private long begunMs;
    private long producerId = -1;
    private short epoch = -1;
    private int lastAttempts;
    private boolean mustBump;
    private boolean isWaited;
    private boolean hasSuccessor;
    private boolean stopped;
    private boolean over;

    SimulatedTransactor(
            SimulatedNetwork network,
            SimulatedProcess process,
            List<Address> bootstrap,
            History history,
            TransactionalId id,
            Mode mode,
            List<PartitionHistory> partitions,
            Succession succession,
            Consumer<String> trace) {
        super(network, process, bootstrap);
        this.history = history;
        this.id = id;
        this.mode = mode;
        this.succession = succession;
        this.trace = trace;
        partitions.forEach(partition -> lanes.add(new TransactionalBatches(this, partition, mode.produceVersion())));
    }

    TransactionalId id() {
        return id;
    }

    History history() {
        return history;
    }

    long producerId() {
        return producerId;
    }

    boolean isOver() {
        return over;
    }

    /** Begins nothing new. */
    void stop() {
        stopped = true;
    }

    /** Whether nothing is under way. */
    boolean isIdle() {
        return over || phase == Phase.RESTING;
    }

    String describe() {
        return name() + " " + mode + " in epoch " + epoch + " is " + phase + " " + transaction;
    }

    @Override
    void start() {
        refresh();
        init();
    }

    @Override
    void refreshed() {
        lanes.forEach(TransactionalBatches::pump);
    }

    private void next(Runnable step) {
        later(random().nextInt(2 * mode.pauseMs() + 1), () -> {
            if (!over) {
                step.run();
            }
        });
    }

    private void find(byte type, Runnable then) {
        FindCoordinatorRequestData request = new FindCoordinatorRequestData()
                .setKeyType(type)
                .setCoordinatorKeys(List.of(type == GROUP ? id.group() : id.toString()));
        askAny(request, FIND_VERSION, (answer, why) -> {
            if (answer instanceof FindCoordinatorResponseData found) {
                Coordinator one = found.coordinators().getFirst();
                if (one.errorCode() == Errors.NONE.code() && knows(one.nodeId())) {
                    coordinators[type] = one.nodeId();
                } else {
                    refresh();
                }
            }
            later(BACKOFF_MS, then);
        });
    }

    private static Errors errorOf(ApiMessage answer) {
        return switch (answer) {
            case InitProducerIdResponseData init -> Errors.forCode(init.errorCode());
            case EndTxnResponseData end -> Errors.forCode(end.errorCode());
            case AddOffsetsToTxnResponseData added -> Errors.forCode(added.errorCode());
            case AddPartitionsToTxnResponseData added -> worst(added);
            case TxnOffsetCommitResponseData committed ->
                Errors.forCode(
                        committed.topics().getFirst().partitions().getFirst().errorCode());
            default -> throw new IllegalStateException("Expected an answer to a request, but got " + answer);
        };
    }

    private static Errors worst(AddPartitionsToTxnResponseData added) {
        for (var topic : added.resultsByTopicV3AndBelow()) {
            for (var partition : topic.resultsByPartition()) {
                if (partition.partitionErrorCode() != Errors.NONE.code()
                        && partition.partitionErrorCode() != Errors.OPERATION_NOT_ATTEMPTED.code()) {
                    return Errors.forCode(partition.partitionErrorCode());
                }
            }
        }
        return Errors.NONE;
    }

    // ---- its life ----

    private void init() {
        phase = Phase.BEGINNING;
        InitProducerIdRequestData request = new InitProducerIdRequestData()
                .setTransactionalId(id.toString())
                .setTransactionTimeoutMs(mode.timeoutMs())
                .setProducerId(producerId)
                .setProducerEpoch(epoch);
        new Call(TRANSACTION, request, mode.isNew() ? 5 : 4, answer -> {
                    InitProducerIdResponseData given = (InitProducerIdResponseData) answer;
                    become(given.producerId(), given.producerEpoch());
                    mustBump = false;
                    rest();
                })
                .go();
    }

    private void become(long newId, short newEpoch) {
        if (producerId >= 0 && producerId == newId && newEpoch < epoch) {
            throw new Violation(name() + " gets epoch " + newEpoch + " after " + epoch);
        }
        producerId = newId;
        epoch = newEpoch;
        id.given(newEpoch);
    }

    private void rest() {
        phase = Phase.RESTING;
        transaction = null;
        next(this::begin);
    }

    private void begin() {
        if (stopped) {
            next(this::begin);
            return;
        }
        phase = Phase.WRITING;
        transaction = id.begin();
        begunMs = nowMs();
        List<TransactionalBatches> chosen = new ArrayList<>();
        for (TransactionalBatches lane : lanes) {
            if (random().nextInt(lanes.size()) < 2) {
                chosen.add(lane);
            }
        }
        if (chosen.isEmpty()) {
            chosen.add(lanes.get(random().nextInt(lanes.size())));
        }
        if (mode.isNew()) {
            write(chosen, 1 + random().nextInt(4));
        } else {
            add(chosen, () -> write(chosen, 1 + random().nextInt(4)));
        }
    }

    private void add(List<TransactionalBatches> chosen, Runnable then) {
        AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData()
                .setV3AndBelowTransactionalId(id.toString())
                .setV3AndBelowProducerId(producerId)
                .setV3AndBelowProducerEpoch(epoch);
        for (TransactionalBatches lane : chosen) {
            String name = lane.partition().name().topic();
            AddPartitionsToTxnTopic topic = request.v3AndBelowTopics().find(name);
            if (topic == null) {
                topic = new AddPartitionsToTxnTopic().setName(name);
                request.v3AndBelowTopics().add(topic);
            }
            topic.partitions().add(lane.partition().name().partition());
        }
        new Call(TRANSACTION, request, 3, answer -> next(then)).go();
    }

    private void write(List<TransactionalBatches> chosen, int rounds) {
        if (phase != Phase.WRITING) {
            return;
        }
        for (TransactionalBatches lane : chosen) {
            List<Sent> records = new ArrayList<>();
            for (int i = random().nextInt(4); i >= 0; i--) {
                Sent record = history.send(lane.partition(), Promise.IDEMPOTENT, id.number());
                transaction.add(record);
                records.add(record);
            }
            lane.add(records, epoch);
        }
        if (suffers()) {
            return;
        }
        if (rounds > 1) {
            next(() -> write(chosen, rounds - 1));
        } else if (random().nextInt(3) == 0) {
            next(this::addOffsets);
        } else {
            next(this::finish);
        }
    }

    /** Now and then something happens to it; true where it can't go on. */
    private boolean suffers() {
        int what = random().nextInt(100);
        if (stopped || hasSuccessor) {
            return false;
        }
        if (what < 3) {
            die("dies amid a transaction");
            return true;
        }
        if (what < 5) {
            succeed("is taken for dead");
        } else if (what < 6) {
            // Beyond its timeout.
            phase = Phase.WRITING;
            later(mode.timeoutMs() + random().nextInt(3_000), () -> {
                if (!over) {
                    finish();
                }
            });
            return true;
        }
        return false;
    }

    private void die(String why) {
        trace.accept(name() + " in epoch " + epoch + " " + why + ": " + transaction);
        over = true;
        lanes.forEach(TransactionalBatches::giveUp);
        reconnect();
        if (!hasSuccessor) {
            succeed("is to be replaced");
        }
    }

    private void succeed(String why) {
        trace.accept(name() + " in epoch " + epoch + " " + why);
        hasSuccessor = true;
        // By a process that goes on, though this one may be over.
        later(random().nextInt((int) LEAVES_AFTER_MS), () -> succession.next(id));
    }

    // ---- offsets ----

    private void addOffsets() {
        if (phase != Phase.WRITING) {
            return;
        }
        if (mode.isNew()) {
            commitOffset();
            return;
        }
        AddOffsetsToTxnRequestData request = new AddOffsetsToTxnRequestData()
                .setTransactionalId(id.toString())
                .setProducerId(producerId)
                .setProducerEpoch(epoch)
                .setGroupId(id.group());
        new Call(TRANSACTION, request, 3, answer -> next(this::commitOffset)).go();
    }

    private void commitOffset() {
        if (phase != Phase.WRITING) {
            return;
        }
        transaction.addOffset();
        PartitionHistory any = lanes.getFirst().partition();
        TxnOffsetCommitRequestData request = new TxnOffsetCommitRequestData()
                .setTransactionalId(id.toString())
                .setGroupId(id.group())
                .setProducerId(producerId)
                .setProducerEpoch(epoch)
                .setTopics(List.of(new TxnOffsetCommitRequestTopic()
                        .setName(any.name().topic())
                        .setPartitions(List.of(new TxnOffsetCommitRequestPartition()
                                .setPartitionIndex(0)
                                .setCommittedOffset(transaction.number())
                                .setCommittedMetadata("")))));
        new Call(GROUP, request, mode.isNew() ? 5 : 3, answer -> next(this::finish)).go();
    }

    // ---- ends ----

    /** All that was written has to be acknowledged first. */
    private void finish() {
        if (phase != Phase.WRITING) {
            return;
        }
        boolean aborts = random().nextInt(4) == 0;
        if (aborts) {
            end(false);
        } else {
            isWaited = true;
            moved();
        }
    }

    /** Some of what it has written was answered. */
    void moved() {
        if (over || phase != Phase.WRITING || !isWaited) {
            return;
        }
        if (lanes.stream().allMatch(TransactionalBatches::isEmpty)) {
            end(true);
        } else if (nowMs() - begunMs > DELIVERY_MS) {
            end(false);
        } else {
            later(500, this::moved);
        }
    }

    private void end(boolean commits) {
        phase = Phase.ENDING;
        isWaited = false;
        boolean unresolved = false;
        for (TransactionalBatches lane : lanes) {
            unresolved |= lane.giveUp();
        }
        boolean bumps = unresolved && !mode.isNew();
        SentTransaction its = transaction;
        if (commits) {
            its.asked();
        } else {
            its.aborted();
        }
        EndTxnRequestData request = new EndTxnRequestData()
                .setTransactionalId(id.toString())
                .setProducerId(producerId)
                .setProducerEpoch(epoch)
                .setCommitted(commits);
        new Call(TRANSACTION, request, mode.isNew() ? 5 : 4, answer -> {
                    if (commits) {
                        id.committed(its);
                    }
                    if (mode.isNew()) {
                        EndTxnResponseData ended = (EndTxnResponseData) answer;
                        become(ended.producerId(), ended.producerEpoch());
                    }
                    if (bumps || mustBump) {
                        init();
                    } else {
                        rest();
                    }
                })
                .go();
        if (!stopped && !hasSuccessor && random().nextInt(40) == 0) {
            die("dies while it ends");
        }
    }

    /** Told something that is not tried again. */
    void failed(Errors error, String what) {
        if (over) {
            return;
        }
        trace.accept(name() + " in epoch " + epoch + " gets " + error + " for " + what + " in " + transaction);
        if (phase == Phase.WRITING
                && (error == Errors.TRANSACTION_ABORTABLE || error == Errors.OUT_OF_ORDER_SEQUENCE_NUMBER)) {
            mustBump = !mode.isNew();
            end(false);
            return;
        }
        switch (error) {
            case PRODUCER_FENCED, INVALID_PRODUCER_EPOCH, INVALID_PRODUCER_ID_MAPPING, INVALID_TXN_STATE -> {}
            default -> throw new Violation(name() + " gets " + error + " for " + what);
        }
        if (phase == Phase.ENDING && lastAttempts == 1 && transaction.fate() == SentTransaction.Fate.ASKED) {
            transaction.aborted();
        }
        die("is told to end");
    }
}
