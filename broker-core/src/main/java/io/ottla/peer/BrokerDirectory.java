package io.ottla.peer;

import io.ottla.metadata.BrokerImage;
import io.ottla.types.BrokerId;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Where brokers are registered, for who has to reach one that its image does not know. Thread-safe; never blocks. */
@FunctionalInterface
public interface BrokerDirectory {
    /** The broker as it is registered now; empty where it is not. Fails where that can't be known at the moment. */
    CompletionStage<Optional<BrokerImage>> lookUp(BrokerId broker);
}
