package io.ottla.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A transaction of a simulated producer: what belongs to it, what the producer has asked and heard of its end, and what
 * readers of what is committed have made of its records. It is there as a whole or not at all, for everybody and for good.
 */
final class SentTransaction {
    /** What the producer knows. */
    enum Fate {
        /** Nobody has asked to commit it: nobody may see anything of it. */
        OPEN,
        /** It was asked to commit it: it may be there or not. */
        ASKED,
        /** All of it must be there in the end. */
        COMMITTED,
        /** Nothing of it may be there. */
        ABORTED
    }

    private final TransactionalId id;
    private final long number;
    private final List<Sent> records = new ArrayList<>();
    private final Map<Sent, Boolean> read = new HashMap<>();
    private boolean hasOffset;
    private Fate fate = Fate.OPEN;

    /** @param number of those of one transactional id, in their order; the offset that it commits, where it commits one */
    SentTransaction(TransactionalId id, long number) {
        this.id = id;
        this.number = number;
    }

    long number() {
        return number;
    }

    Fate fate() {
        return fate;
    }

    boolean hasOffset() {
        return hasOffset;
    }

    void addOffset() {
        hasOffset = true;
    }

    void add(Sent record) {
        records.add(record);
        record.in(this);
    }

    void asked() {
        fate = Fate.ASKED;
    }

    /** It was answered that it is committed. */
    void committed() {
        if (fate == Fate.ABORTED || read.containsValue(false)) {
            throw new Violation(this + " is said to be committed, but some of it was passed over: " + describe());
        }
        fate = Fate.COMMITTED;
    }

    /** It is sure that it can't be committed any more. */
    void aborted() {
        if (fate == Fate.COMMITTED || read.containsValue(true)) {
            throw new Violation(this + " is said to be aborted, but some of it was read: " + describe());
        }
        fate = Fate.ABORTED;
    }

    /** A reader of what is committed has got the record, or passed it over as aborted. */
    void read(String who, Sent record, long offset, boolean got) {
        if (record.partition().isExcused()) {
            return;
        }
        boolean may = got ? fate == Fate.ASKED || fate == Fate.COMMITTED : fate != Fate.COMMITTED;
        Boolean other = read.put(record, got);
        if (!may || other != null && other != got) {
            throw new Violation(who + (got ? " reads " : " passes over ") + record + " at offset " + offset + " of "
                    + record.partition() + ", which belongs to " + this + (other == null ? "" : "; others did not"));
        }
    }

    /** Somebody has got its offset as committed. */
    void offsetRead(String who) {
        if (fate == Fate.OPEN || fate == Fate.ABORTED) {
            throw new Violation(who + " finds the offset of " + this);
        }
    }

    /** Whether some of it has been read. */
    boolean isRead() {
        return read.containsValue(true);
    }

    /** When all has been read: it is there as a whole or not at all. */
    void requireWhole() {
        boolean must = fate == Fate.COMMITTED || isRead();
        for (Sent record : records) {
            if (must && !record.partition().isExcused() && !read.getOrDefault(record, false)) {
                throw new Violation("In the end " + this + " is there in part: " + describe());
            }
        }
    }

    /** Its offset is there: so its records are. */
    void requireOffsetWithRecords() {
        for (Sent record : records) {
            if (!record.partition().isExcused() && !read.getOrDefault(record, false)) {
                throw new Violation(
                        "In the end the offset of " + this + " is there, but not its records: " + describe());
            }
        }
    }

    private String describe() {
        StringBuilder text = new StringBuilder();
        for (Sent record : records) {
            Boolean got = read.get(record);
            text.append("\n    ")
                    .append(record)
                    .append(" at offset ")
                    .append(record.offset())
                    .append(" of ")
                    .append(record.partition())
                    .append(got == null ? ": not come by" : got ? ": read" : ": passed over");
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return "transaction " + number + " of " + id + " (" + fate + ")";
    }
}
