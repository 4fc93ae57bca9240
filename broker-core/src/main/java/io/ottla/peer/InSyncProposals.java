package io.ottla.peer;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Where leaders have in-sync sets committed. Thread-safe; nothing blocks the caller. */
@FunctionalInterface
public interface InSyncProposals {
    /**
     * Proposes changes, each for itself.
     *
     * @return one result for each change, in order; fails where nothing is known of what became of them: asking again
     *     does no harm, since each change names the state it starts from
     */
    CompletionStage<List<InSyncResult>> propose(InSyncProposal proposal);
}
