package io.ottla.coordinator;

import java.util.ArrayList;
import java.util.List;

/** How to revert what was applied to a shard's state and is not in the log yet. Belongs to the shard's executor. */
public final class UndoLog {
    /** For what is in the log already. */
    static final UndoLog NONE = new UndoLog(null);

    private final List<Runnable> steps;

    private UndoLog(List<Runnable> steps) {
        this.steps = steps;
    }

    /** Keeps what it is told. */
    public static UndoLog keeping() {
        return new UndoLog(new ArrayList<>());
    }

    /** Whether it is worth making a step: false while a log is replayed. */
    public boolean isKept() {
        return steps != null;
    }

    /** Takes down how to revert the change just made. Steps run in the opposite order. */
    public void add(Runnable step) {
        if (steps != null) {
            steps.add(step);
        }
    }

    int mark() {
        return steps.size();
    }

    /** Reverts everything since the mark. */
    void revertTo(int mark) {
        for (int i = steps.size() - 1; i >= mark; i--) {
            steps.remove(i).run();
        }
    }

    void clear() {
        steps.clear();
    }
}
