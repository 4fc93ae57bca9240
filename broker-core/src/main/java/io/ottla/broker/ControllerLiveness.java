package io.ottla.broker;

import io.ottla.controller.Controller;
import io.ottla.controller.Departure;
import io.ottla.controller.Liveness;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Has the controller decide on what is heard of brokers. Thread-safe. */
final class ControllerLiveness implements Liveness {
    private static final long ASK_AGAIN_MS = 100;
    /** How long a broker that leaves waits for replicas that may yet catch up. */
    private static final long PATIENCE_MS = 15_000;

    private final Controller controller;
    private final Clock clock;
    private final Timer timer;

    ControllerLiveness(Controller controller, Clock clock, Timer timer) {
        this.controller = controller;
        this.clock = clock;
        this.timer = timer;
    }

    @Override
    public void fenced(BrokerId broker, BrokerEpoch epoch) {
        controller.fenced(broker, epoch);
    }

    @Override
    public void unfenced(BrokerId broker, BrokerEpoch epoch) {
        controller.unfenced(broker, epoch);
    }

    @Override
    public void arrived(BrokerId broker, BrokerEpoch epoch, BrokerEpoch closedUnder) {
        controller.restarted(broker, epoch, !closedUnder.equals(BrokerEpoch.NONE));
    }

    @Override
    public CompletionStage<Void> leaving(BrokerId broker, BrokerEpoch epoch) {
        CompletableFuture<Void> left = new CompletableFuture<>();
        ask(broker, epoch, clock.monotonicMs() + PATIENCE_MS, left);
        return left;
    }

    private void ask(BrokerId broker, BrokerEpoch epoch, long untilMs, CompletableFuture<Void> left) {
        controller.leaving(broker, epoch).whenComplete((departure, error) -> {
            if (error != null) {
                left.completeExceptionally(error);
            } else {
                answered(broker, epoch, departure, untilMs, left);
            }
        });
    }

    private void answered(
            BrokerId broker, BrokerEpoch epoch, Departure departure, long untilMs, CompletableFuture<Void> left) {
        if (departure.failure() != null) {
            left.completeExceptionally(
                    new IllegalStateException(departure.failure().text()));
        } else if (departure.hopeful() == 0 || clock.monotonicMs() >= untilMs) {
            left.complete(null);
        } else {
            timer.schedule(ASK_AGAIN_MS, () -> ask(broker, epoch, untilMs, left));
        }
    }
}
