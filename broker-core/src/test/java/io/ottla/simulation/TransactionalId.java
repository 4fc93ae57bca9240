package io.ottla.simulation;

import java.util.ArrayList;
import java.util.List;

/** A transactional id, whoever has it: its transactions in their order, which hold the offsets of a group of its own too. */
final class TransactionalId {
    private final int number;
    private final List<SentTransaction> transactions = new ArrayList<>();
    private short latestEpoch = -1;
    private long committed;

    /** @param number its producers' */
    TransactionalId(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    String group() {
        return "group-of-" + this;
    }

    SentTransaction begin() {
        SentTransaction made = new SentTransaction(this, transactions.size());
        transactions.add(made);
        return made;
    }

    /** A producer has got an epoch: whoever has an earlier one can write nothing from now on. */
    void given(short epoch) {
        latestEpoch = (short) Math.max(latestEpoch, epoch);
    }

    boolean isFenced(short epoch) {
        return epoch < latestEpoch;
    }

    /** Transactions of which it was answered that they are committed. */
    long committedCount() {
        return committed;
    }

    void committed(SentTransaction transaction) {
        transaction.committed();
        committed++;
    }

    long begun() {
        return transactions.size();
    }

    /** The last offset of which it was answered that it is committed; -1 for none. */
    long committedOffset() {
        return transactions.stream()
                .filter(each -> each.hasOffset() && each.fate() == SentTransaction.Fate.COMMITTED)
                .mapToLong(SentTransaction::number)
                .max()
                .orElse(-1);
    }

    /** Somebody has got that offset, where no transaction with one was under way. */
    void offsetRead(String who, long offset, long atLeast) {
        if (offset < atLeast || offset >= transactions.size()) {
            throw new Violation(
                    who + " finds offset " + offset + " of " + group() + ", but " + atLeast + " is committed");
        }
        if (offset >= 0) {
            SentTransaction its = transactions.get((int) offset);
            if (!its.hasOffset()) {
                throw new Violation(who + " finds the offset of " + its + ", which has none");
            }
            its.offsetRead(who);
        }
    }

    /** When all has been read, and the group's offset last of it: offsets have moved with the records. */
    void requireWhole(long offset) {
        for (SentTransaction each : transactions) {
            each.requireWhole();
            if (each.hasOffset() && each.number() > offset && each.isRead()) {
                throw new Violation("In the end the records of " + each + " are there, but the offset of " + group()
                        + " is " + offset);
            }
        }
        if (offset >= 0) {
            transactions.get((int) offset).requireOffsetWithRecords();
        }
    }

    @Override
    public String toString() {
        return "transactor-" + number;
    }
}
