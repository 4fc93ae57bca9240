package io.ottla.cluster;

import io.ottla.controller.Liveness;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A controller that only notes what it is told. */
final class TestingLiveness implements Liveness {
    final List<String> told = new ArrayList<>();
    CompletableFuture<Void> takenIn = CompletableFuture.completedFuture(null);
    CompletableFuture<Void> leave = new CompletableFuture<>();

    @Override
    public void fenced(BrokerId broker, BrokerEpoch epoch) {
        told.add("fenced " + broker + " of " + epoch);
    }

    @Override
    public void unfenced(BrokerId broker, BrokerEpoch epoch) {
        told.add("unfenced " + broker + " of " + epoch);
    }

    @Override
    public CompletionStage<Void> arrived(BrokerId broker, BrokerEpoch epoch, BrokerEpoch closedUnder) {
        told.add("arrived " + broker + " of " + epoch + ", closed under " + closedUnder);
        return takenIn;
    }

    @Override
    public void forgotten(BrokerId broker, BrokerEpoch epoch) {
        told.add("forgotten " + broker + " of " + epoch);
    }

    @Override
    public CompletionStage<Void> leaving(BrokerId broker, BrokerEpoch epoch) {
        told.add("leaving " + broker + " of " + epoch);
        return leave;
    }
}
