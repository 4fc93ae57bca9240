package io.ottla.chaos.checker;

/** What must never be in a history, whatever faults there were. */
public enum Anomaly {
    LOST_WRITE("an acknowledged value that nobody read, at or before an offset that somebody has read"),
    UNSEEN("an acknowledged value that nobody had read when all readers were through"),
    VANISHED("a value that somebody has read and that is not there in the end"),
    DUPLICATE("one value at several offsets"),
    REORDERED_WITHIN("a later send of one operation at an earlier offset"),
    REORDERED("a later operation's send at an earlier offset than an earlier operation's of the same producer"),
    INCONSISTENT_OFFSETS("several values at one offset"),
    ABORTED_READ("a value was read whose send was refused or whose transaction was aborted"),
    PRECOMMITTED_READ("a transaction read what it had written itself"),
    NEVER_SENT("a value was read that nobody sent to that partition"),
    TORN("a transaction of which a final reading has a part and lacks another"),
    COPIED_AGAIN("a record that several committed transactions have read with which one group's offsets moved"),
    NOT_COPIED("a record that a group's offsets have passed, and that none of its committed transactions had read"),
    OFFSET_APART("a group is elsewhere in the end than where its committed transactions have moved it"),
    HANGING("a transaction without an end, when all is healed and its time is over"),
    CYCLE("transactions that have all read, in a circle, what the next one wrote"),
    POLL_SKIP_WITHIN("one operation passed over a record that was there"),
    POLL_SKIP("a consumer passed over a record that was there, from one operation to the next"),
    BACKWARD_POLL_WITHIN("one operation went back, or read a record twice"),
    BACKWARD_POLL("a consumer went back, or read a record twice, from one operation to the next"),
    COMMIT_LOST("a member of a group began below what its group had been told to be committed"),
    BREAKDOWN("the cluster did not come back, or a process ended by itself");

    private final String meaning;

    Anomaly(String meaning) {
        this.meaning = meaning;
    }

    public String meaning() {
        return meaning;
    }
}
