package io.ottla.peer;

import java.util.concurrent.CompletionStage;

/**
 * Producer ids, each handed out once in a cluster's life (KIP-98). Blocks of them come from the store; thread-safe and
 * never blocking.
 */
public interface ProducerIds {
    /** Completes with an id of 0 or more; fails while no block is to be had. */
    CompletionStage<Long> next();
}
