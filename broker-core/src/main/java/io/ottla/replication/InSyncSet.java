package io.ottla.replication;

import io.ottla.types.BrokerId;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * The in-sync set as a leader sees it: what the controller has committed, and what the leader has proposed and not
 * heard about yet (KIP-497). Whichever way a proposal ends, a high watermark that counted the {@link #maximal()} set is
 * safe. Immutable.
 */
public sealed interface InSyncSet {
    /** What the controller last wrote. */
    Set<BrokerId> committed();

    /** Every broker that may be in the set, whichever way an open proposal ends. */
    Set<BrokerId> maximal();

    /** Nothing is proposed. */
    record Committed(Set<BrokerId> committed) implements InSyncSet {
        public Committed {
            committed = sorted(committed);
        }

        @Override
        public Set<BrokerId> maximal() {
            return committed;
        }
    }

    /** A replica that has caught up is proposed: it counts already for the high watermark, not yet for min.insync.replicas. */
    record Expanding(Set<BrokerId> committed, BrokerId proposed) implements InSyncSet {
        public Expanding {
            committed = sorted(committed);
        }

        @Override
        public Set<BrokerId> maximal() {
            Set<BrokerId> all = new HashSet<>(committed);
            all.add(proposed);
            return sorted(all);
        }
    }

    /** Replicas that lag are proposed to leave: they count until that is committed. */
    record Shrinking(Set<BrokerId> committed, Set<BrokerId> leaving) implements InSyncSet {
        public Shrinking {
            committed = sorted(committed);
            leaving = sorted(leaving);
        }

        @Override
        public Set<BrokerId> maximal() {
            return committed;
        }
    }

    /** In the order of ids, so that what is made of it does not differ from run to run. */
    private static Set<BrokerId> sorted(Set<BrokerId> of) {
        return Collections.unmodifiableSet(new TreeSet<>(of));
    }
}
