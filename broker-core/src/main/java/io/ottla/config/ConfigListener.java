package io.ottla.config;

import java.util.concurrent.CompletionStage;

/** Somebody who acts on a broker's configuration while it runs. */
public interface ConfigListener {
    /**
     * Acts by {@code after} from now on; {@code before} is what held so far. Both differ in dynamic settings alone.
     * Called on the metadata thread; does not block. The stage completes when what has changed is in force.
     */
    CompletionStage<Void> changed(BrokerConfig before, BrokerConfig after);
}
