package io.ottla.replication;

/** A partition's waiters for acknowledgement, by offset. Guarded by the partition's lock. */
final class AckQueue {
    private AckWaiter head;
    private AckWaiter tail;
    private int size;

    int size() {
        return size;
    }

    /** Puts a waiter in its place, nearly always the last one. */
    void add(AckWaiter waiter, long offset) {
        waiter.offset = offset;
        waiter.waiting = true;
        AckWaiter before = tail;
        while (before != null && before.offset > offset) {
            before = before.previous;
        }
        AckWaiter after = before == null ? head : before.next;
        waiter.previous = before;
        waiter.next = after;
        if (before == null) {
            head = waiter;
        } else {
            before.next = waiter;
        }
        if (after == null) {
            tail = waiter;
        } else {
            after.previous = waiter;
        }
        size++;
    }

    /** Takes one out; false where it is not in here any more. */
    boolean remove(AckWaiter waiter) {
        if (!waiter.waiting) {
            return false;
        }
        if (waiter.previous == null) {
            head = waiter.next;
        } else {
            waiter.previous.next = waiter.next;
        }
        if (waiter.next == null) {
            tail = waiter.previous;
        } else {
            waiter.next.previous = waiter.previous;
        }
        waiter.next = null;
        waiter.previous = null;
        waiter.waiting = false;
        size--;
        return true;
    }

    /** Takes out, as a chain, all that wait for this offset or less. */
    AckWaiter takeUpTo(long offset) {
        AckWaiter first = head;
        AckWaiter last = null;
        AckWaiter waiter = head;
        while (waiter != null && waiter.offset <= offset) {
            waiter.waiting = false;
            waiter.previous = null;
            size--;
            last = waiter;
            waiter = waiter.next;
        }
        if (last == null) {
            return null;
        }
        last.next = null;
        head = waiter;
        if (waiter == null) {
            tail = null;
        } else {
            waiter.previous = null;
        }
        return first;
    }

    AckWaiter takeAll() {
        return takeUpTo(Long.MAX_VALUE);
    }
}
