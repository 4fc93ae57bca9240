package io.ottla.coordinator;

import io.ottla.record.EndTransactionMarker;
import io.ottla.storage.AppendOrigin;
import io.ottla.storage.VerifiedTransaction;
import io.ottla.types.ProducerIdAndEpoch;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * What an operation decided: records to store and answers to give. Made by one operation, taken over by the shard; not
 * thread-safe.
 *
 * @param <R> records of the shard
 */
public final class Effects<R> {
    private final String subject;
    private final boolean isRead;
    private List<R> records = List.of();
    private Answer first;
    private List<Answer> more = List.of();
    private boolean divisible;
    private Runnable reverting;
    private ShardTransaction transaction;
    private EndTransactionMarker marker;

    /** What is told in the place of the answers. */
    private Errors refusal = Errors.NONE;

    private Effects(String subject, boolean isRead, Answer first) {
        this.subject = subject;
        this.isRead = isRead;
        this.first = first;
    }

    /** Nothing yet. Answers are given at once, unless there are records. */
    public static <R> Effects<R> none() {
        return new Effects<>(null, false, null);
    }

    /** An answer that rests on nothing stored. */
    public static <R> Effects<R> now(Answer answer) {
        return new Effects<>(null, false, answer);
    }

    /**
     * An answer that tells of the state of one group or transactional id: given when the high watermark has passed its last
     * write, as any reader gets it then.
     */
    public static <R> Effects<R> read(String subject, Answer answer) {
        return new Effects<>(subject, true, answer);
    }

    /** An answer that says, as that to a write does, that one's state is stored: given when its last write is. */
    public static <R> Effects<R> confirm(String subject, Answer answer) {
        return new Effects<>(subject, false, answer);
    }

    /** Records that are stored all or none, and an answer that waits for them. */
    public static <R> Effects<R> write(List<R> records, Answer answer) {
        Effects<R> effects = new Effects<>(null, false, answer);
        effects.records = records;
        return effects;
    }

    /**
     * A marker that ends a transaction here; the answer waits for it. Where it comes too late, since the log has a later one, the
     * answer is refused with INVALID_PRODUCER_EPOCH when that one is committed.
     *
     * @param version of transactions by which it is told
     */
    public static <R> Effects<R> end(
            ProducerIdAndEpoch producer, EndTransactionMarker marker, int version, Answer answer) {
        Effects<R> effects = new Effects<>(null, false, answer);
        effects.transaction = new ShardTransaction(producer, new AppendOrigin.Coordinator(version));
        effects.marker = marker;
        return effects;
    }

    /** The records are of a client's transaction. */
    public Effects<R> inTransaction(ProducerIdAndEpoch producer, VerifiedTransaction verified) {
        transaction = new ShardTransaction(producer, new AppendOrigin.Offsets(verified));
        return this;
    }

    /** One more record; all of an operation are stored, or none. */
    public Effects<R> store(R record) {
        if (records.isEmpty()) {
            records = new ArrayList<>(4);
        }
        records.add(record);
        return this;
    }

    /** One more answer. */
    public Effects<R> answer(Answer answer) {
        if (first == null) {
            first = answer;
        } else {
            if (more.isEmpty()) {
                more = new ArrayList<>(4);
            }
            more.add(answer);
        }
        return this;
    }

    /**
     * Takes down how to revert what the operation itself changed in the state, apart from its records: run where they
     * can't be stored, after they are reverted.
     */
    public Effects<R> onRevert(Runnable step) {
        reverting = step;
        return this;
    }

    /** The records may be stored in parts, since each of them is right by itself: for what exceeds a batch. */
    public Effects<R> divisible() {
        divisible = true;
        return this;
    }

    /** Instead of being given the answers are refused. */
    void refuseWhenCommitted(Errors error) {
        refusal = error;
    }

    /** Whether it is content with what a reader gets. */
    boolean isRead() {
        return isRead;
    }

    public List<R> records() {
        return records;
    }

    /** Whether {@link #divisible} was called. */
    boolean isDivisible() {
        return divisible;
    }

    /** Null where the records are of none. */
    ShardTransaction transaction() {
        return transaction;
    }

    /** Null where there is none. */
    EndTransactionMarker marker() {
        return marker;
    }

    /** Null where there is nothing to revert. */
    Runnable reverting() {
        return reverting;
    }

    /** Null where the answer rests on nothing that was stored before. */
    String subject() {
        return subject;
    }

    /** Gives the answers, or refuses them. */
    void settle(Errors how) {
        Errors told = how == Errors.NONE ? refusal : how;
        if (told == Errors.NONE) {
            give();
        } else {
            refuse(told);
        }
    }

    /** Gives all answers: the shard does, and tests of machines. */
    public void give() {
        if (first != null) {
            first.give();
        }
        for (Answer answer : more) {
            answer.give();
        }
    }

    /** Refuses all answers. */
    public void refuse(Errors error) {
        if (first != null) {
            first.refuse(error);
        }
        for (Answer answer : more) {
            answer.refuse(error);
        }
    }
}
