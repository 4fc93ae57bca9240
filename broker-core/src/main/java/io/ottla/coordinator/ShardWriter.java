package io.ottla.coordinator;

import io.ottla.record.Codec;
import io.ottla.record.EndTransactionMarker;
import io.ottla.record.RecordBatch;
import io.ottla.replication.Partition;
import io.ottla.replication.Role;
import io.ottla.storage.AppendResult;
import io.ottla.types.ProducerIdAndEpoch;
import io.ottla.types.Shown;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies what operations decide, gathers it in a batch, appends that, and knows for every group or transactional id the
 * last batch that is not committed yet. Belongs to the shard's executor.
 */
final class ShardWriter<R> {
    private static final Logger LOG = LoggerFactory.getLogger(ShardWriter.class);

    /** A batch is written when it has reached this, bytes; a single operation's records may make it larger. */
    private static final int FULL_BYTES = 256 << 10;
    /** So often it is looked whether enough replicas are in sync again. */
    private static final long AGAIN_MS = 100;
    /** More than a record takes besides its key and value. */
    private static final int RECORD_OVERHEAD = 32;

    /** How it goes on. */
    enum State {
        GOOD,
        /** Somebody else leads, or the disk failed. */
        NOT_LEADING,
        /** State and log may differ: the shard must be loaded again. */
        BROKEN
    }

    private final Partition partition;
    private final Role.Leading leading;
    private final ShardMachine<R> machine;
    private final ShardEnvironment<?, R> environment;
    private final UndoLog undo = UndoLog.keeping();
    private final Map<String, CommitBatch> lastWrites = new HashMap<>();
    private final ArrayDeque<CommitBatch> inFlight = new ArrayDeque<>();
    /** Everybody's last write where they have none of their own since: what was loaded, or a marker. Null where it is committed. */
    private CommitBatch everybodys;

    private CommitBatch open;

    ShardWriter(
            Partition partition, Role.Leading leading, ShardMachine<R> machine, ShardEnvironment<?, R> environment) {
        this.partition = partition;
        this.leading = leading;
        this.machine = machine;
        this.environment = environment;
    }

    /** Lets whoever rests on what was loaded wait until it is committed. */
    void awaitAll() {
        CommitBatch all = new CommitBatch(0, Codec.NONE, null);
        awaitStored(all, partition.log().logEndOffset());
        if (!all.isOver()) {
            everybodys = all;
            limit(all);
        }
    }

    /** Answers what wrote nothing: now, or when its subject's last write is committed. */
    void answer(Effects<R> effects) {
        CommitBatch last = effects.subject() == null ? null : lastWrite(effects.subject());
        if (last == null) {
            CommitBatch.settle(effects, Errors.NONE);
        } else {
            last.whenCommitted(effects);
        }
    }

    private CommitBatch lastWrite(String subject) {
        CommitBatch last = lastWrites.get(subject);
        if (last == null && everybodys != null) {
            if (everybodys.isOver()) {
                everybodys = null;
            }
            return everybodys;
        }
        return last;
    }

    /** Applies records and puts them into the open batch. */
    State write(Effects<R> effects) {
        List<R> records = effects.records();
        List<ByteBuffer> encoded = new ArrayList<>(2 * records.size());
        try {
            RecordFormat<R> format = environment.kind().format();
            for (R record : records) {
                encoded.add(format.key(record));
                encoded.add(format.value(record));
            }
        } catch (RuntimeException e) {
            LOG.error("Records of {} could not be encoded", partition.name(), e);
            refuse(effects, Errors.UNKNOWN_SERVER_ERROR);
            return State.GOOD;
        }
        int from = 0;
        int bytes = 0;
        for (int i = 0; i < records.size(); i++) {
            int size = size(encoded, i);
            if (effects.isDivisible() && bytes > 0 && bytes + size > FULL_BYTES) {
                State state = put(records.subList(from, i), encoded.subList(2 * from, 2 * i), bytes, null, null);
                if (state != State.GOOD) {
                    refuse(effects, Errors.COORDINATOR_NOT_AVAILABLE);
                    return state;
                }
                from = i;
                bytes = 0;
            }
            bytes += size;
        }
        ShardTransaction transaction = effects.transaction();
        State state = put(
                records.subList(from, records.size()),
                encoded.subList(2 * from, encoded.size()),
                bytes,
                transaction,
                effects);
        return transaction == null || state != State.GOOD ? state : flush();
    }

    /** Ends a transaction: a batch of its own. What it has written counts from now on, or is dropped. */
    State end(Effects<R> effects) {
        State before = flush();
        if (before != State.GOOD) {
            refuse(effects, before == State.NOT_LEADING ? Errors.NOT_COORDINATOR : Errors.UNKNOWN_SERVER_ERROR);
            return before;
        }
        ShardTransaction transaction = effects.transaction();
        ProducerIdAndEpoch producer = transaction.producer();
        EndTransactionMarker marker = effects.marker();
        CommitBatch batch = new CommitBatch(partition.log().logEndOffset(), Codec.NONE, transaction);
        machine.endTransaction(producer.id(), producer.epoch(), marker.commits(), undo);
        batch.append(environment.clock().wallMs(), marker);
        batch.whenCommitted(effects);
        open = batch;
        State state = flush();
        if (!batch.isOver()) {
            lastWrites.clear();
            everybodys = batch;
        }
        return state;
    }

    private static int size(List<ByteBuffer> encoded, int record) {
        ByteBuffer value = encoded.get(2 * record + 1);
        return RECORD_OVERHEAD + encoded.get(2 * record).remaining() + (value == null ? 0 : value.remaining());
    }

    /**
     * @param transaction that they are of; null for none
     * @param effects whose answers wait for these records; null for nobody
     */
    private State put(
            List<R> records, List<ByteBuffer> encoded, int bytes, ShardTransaction transaction, Effects<R> effects) {
        int most = partition.log().properties().batchRules().maxMessageBytes();
        if (RecordBatch.HEADER_SIZE + bytes > most) {
            LOG.error(
                    "Records of {} bytes for {} of {} are not stored: max.message.bytes of the topic is {}",
                    bytes,
                    Shown.of(environment.kind().format().subject(records.get(0))),
                    partition.name(),
                    most);
            refuse(effects, Errors.UNKNOWN_SERVER_ERROR);
            return State.GOOD;
        }
        if (open != null && (open.sizeInBytes() + bytes > Math.min(FULL_BYTES, most) || !open.isOf(transaction))) {
            State state = flush();
            if (state != State.GOOD) {
                refuse(effects, state == State.NOT_LEADING ? Errors.NOT_COORDINATOR : Errors.UNKNOWN_SERVER_ERROR);
                return state;
            }
        }
        if (open == null) {
            open = new CommitBatch(
                    partition.log().logEndOffset(), environment.properties().codec(), transaction);
        }
        int mark = undo.mark();
        if (effects != null && effects.reverting() != null) {
            undo.add(effects.reverting());
        }
        try {
            long offset = open.nextOffset();
            ProducerIdAndEpoch producer = transaction == null ? ProducerIdAndEpoch.NONE : transaction.producer();
            for (int i = 0; i < records.size(); i++) {
                machine.apply(records.get(i), offset + i, producer.id(), producer.epoch(), undo);
            }
        } catch (RuntimeException e) {
            LOG.error("Records of {} could not be applied", partition.name(), e);
            undo.revertTo(mark);
            refuse(effects, Errors.UNKNOWN_SERVER_ERROR);
            return State.GOOD;
        }
        long nowMs = environment.clock().wallMs();
        for (int i = 0; i < records.size(); i++) {
            String subject = environment.kind().format().subject(records.get(i));
            open.append(nowMs, encoded.get(2 * i), encoded.get(2 * i + 1), subject);
            lastWrites.put(subject, open);
        }
        if (effects != null) {
            open.whenCommitted(effects);
        }
        return State.GOOD;
    }

    private static void refuse(Effects<?> effects, Errors error) {
        if (effects != null) {
            CommitBatch.settle(effects, error);
        }
    }

    /** Appends the open batch, if there is one. */
    State flush() {
        forgetCommitted();
        CommitBatch batch = open;
        open = null;
        if (batch == null || batch.isEmpty()) {
            undo.clear();
            return State.GOOD;
        }
        long startNs = environment.clock().monotonicNs();
        AppendResult result;
        try {
            result = partition.append(leading, batch.build(), batch.origin(), true);
        } catch (RuntimeException | Error e) {
            LOG.error("A batch for {} could not be written; the shard is loaded again", partition.name(), e);
            batch.end(Errors.UNKNOWN_SERVER_ERROR);
            return State.BROKEN;
        }
        environment.meter().flushed(environment.clock().monotonicNs() - startNs);
        if (result instanceof AppendResult.Refused refused) {
            Errors error = refused.failure().error();
            undo.revertTo(0);
            forget(batch);
            if (batch.isMarker() && error == Errors.INVALID_PRODUCER_EPOCH) {
                batch.refuseWhenCommitted(error);
                await(batch, partition.log().logEndOffset());
                return State.GOOD;
            }
            batch.end(StoreErrors.toClients(error));
            return StoreErrors.endsLeadership(error) ? State.NOT_LEADING : State.GOOD;
        }
        undo.clear();
        await(batch, ((AppendResult.Appended) result).lastOffset() + 1);
        return State.GOOD;
    }

    private void await(CommitBatch batch, long offset) {
        awaitStored(batch, offset);
        if (batch.isOver()) {
            forget(batch);
        } else {
            inFlight.add(batch);
            limit(batch);
        }
    }

    private void awaitStored(CommitBatch batch, long offset) {
        batch.whereTooFew(() -> environment.timer().schedule(AGAIN_MS, () -> {
            if (!batch.isOver()) {
                partition.await(batch, leading, offset);
            }
        }));
        partition.await(batch, leading, offset);
    }

    private void limit(CommitBatch batch) {
        batch.limit(environment.timer().schedule(environment.properties().commitTimeoutMs(), batch::expire));
    }

    private void forgetCommitted() {
        while (!inFlight.isEmpty() && inFlight.peek().isOver()) {
            forget(inFlight.poll());
        }
    }

    private void forget(CommitBatch batch) {
        for (String subject : batch.subjects()) {
            lastWrites.remove(subject, batch);
        }
    }

    /** The leadership is over. What is in flight is ended by the partition. */
    void close(Errors how) {
        CommitBatch batch = open;
        open = null;
        if (batch != null) {
            batch.end(how);
        }
        for (CommitBatch sent : inFlight) {
            sent.end(how);
        }
        if (everybodys != null) {
            everybodys.end(how);
        }
    }
}
