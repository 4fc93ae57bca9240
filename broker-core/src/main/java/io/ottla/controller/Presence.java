package io.ottla.controller;

import io.ottla.time.Timer;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.protocol.Errors;

/**
 * Has the controller decide what follows from what is heard of brokers, and goes on asking where the store did not take
 * it. Thread-safe.
 */
final class Presence implements Liveness {
    private static final long RETRY_MS = 200;
    private static final long SOON_MS = 20;
    /** How often one asks who is no controller, or broken; then it is another one's turn to be heard. */
    private static final int ATTEMPTS = 100;

    /** What of a broker's registration, and how it is. */
    @FunctionalInterface
    interface Decision {
        CompletionStage<Optional<Failure>> ask(BrokerId broker, BrokerEpoch epoch, boolean how);
    }

    @FunctionalInterface
    interface Departing {
        CompletionStage<Departure> ask(BrokerId broker, BrokerEpoch epoch);
    }

    private record Wish(BrokerEpoch epoch, boolean fenced) {}

    private record Arrival(BrokerId broker, BrokerEpoch epoch, boolean clean, CompletableFuture<Void> taken) {}

    private final Decision fencing;
    private final Decision takingBack;
    private final Departing departing;
    private final Timer timer;
    /** What was said last of each broker: what was said before is not asked for again. */
    private final ConcurrentHashMap<BrokerId, Wish> wishes = new ConcurrentHashMap<>();
    /** Who was heard last of each broker, until it is taken in. */
    private final ConcurrentHashMap<BrokerId, Arrival> arrivals = new ConcurrentHashMap<>();

    /**
     * @param fencing says whether it is fenced
     * @param takingBack says whether it is clean
     */
    Presence(Decision fencing, Decision takingBack, Departing departing, Timer timer) {
        this.fencing = fencing;
        this.takingBack = takingBack;
        this.departing = departing;
        this.timer = timer;
    }

    @Override
    public void fenced(BrokerId broker, BrokerEpoch epoch) {
        wish(broker, new Wish(epoch, true));
    }

    @Override
    public void unfenced(BrokerId broker, BrokerEpoch epoch) {
        wish(broker, new Wish(epoch, false));
    }

    private void wish(BrokerId broker, Wish wish) {
        wishes.put(broker, wish);
        insist(broker, wish);
    }

    @SuppressWarnings("ReferenceEquality") // the same wish, said once more, is another one
    private void insist(BrokerId broker, Wish wish) {
        fencing.ask(broker, wish.epoch(), wish.fenced()).thenAccept(failure -> {
            if (failure.isPresent() && failure.get().error() == Errors.REQUEST_TIMED_OUT) {
                timer.schedule(RETRY_MS, () -> {
                    if (wishes.get(broker) == wish) {
                        insist(broker, wish);
                    }
                });
            }
        });
    }

    @Override
    public CompletionStage<Void> arrived(BrokerId broker, BrokerEpoch epoch, BrokerEpoch closedUnder) {
        Arrival arrival = new Arrival(broker, epoch, !closedUnder.equals(BrokerEpoch.NONE), new CompletableFuture<>());
        arrivals.put(broker, arrival);
        takeBack(arrival, ATTEMPTS);
        return arrival.taken();
    }

    /**
     * The store may have yet to tell of a registration that is as new as that, and this broker's controller of its
     * election: so both are waited for, as long as no later registration of the broker is heard.
     */
    @SuppressWarnings("ReferenceEquality") // the same arrival, told once more, is another one
    private void takeBack(Arrival arrival, int attempts) {
        takingBack.ask(arrival.broker(), arrival.epoch(), arrival.clean()).thenAccept(failure -> {
            Errors error = failure.map(Failure::error).orElse(Errors.NONE);
            if (error == Errors.NONE) {
                arrivals.remove(arrival.broker(), arrival);
                arrival.taken().complete(null);
                return;
            }
            boolean patient = error == Errors.REQUEST_TIMED_OUT || error == Errors.STALE_BROKER_EPOCH;
            int left = patient ? ATTEMPTS : attempts - 1;
            timer.schedule(SOON_MS, () -> {
                if (left > 0 && arrivals.get(arrival.broker()) == arrival) {
                    takeBack(arrival, left);
                }
            });
        });
    }

    @Override
    public void forgotten(BrokerId broker, BrokerEpoch epoch) {
        arrivals.computeIfPresent(broker, (id, arrival) -> arrival.epoch().equals(epoch) ? null : arrival);
        wishes.computeIfPresent(broker, (id, wish) -> wish.epoch().equals(epoch) ? null : wish);
    }

    @Override
    public CompletionStage<Void> leaving(BrokerId broker, BrokerEpoch epoch) {
        CompletableFuture<Void> left = new CompletableFuture<>();
        depart(broker, epoch, left);
        return left;
    }

    private void depart(BrokerId broker, BrokerEpoch epoch, CompletableFuture<Void> left) {
        departing.ask(broker, epoch).thenAccept(departure -> {
            if (departure.failure() != null) {
                left.completeExceptionally(
                        departure.failure().error() == Errors.NOT_CONTROLLER
                                ? new NotControllerException(departure.failure().text())
                                : departure
                                        .failure()
                                        .error()
                                        .exception(departure.failure().text()));
            } else if (departure.hopeful() == 0) {
                left.complete(null);
            } else {
                timer.schedule(RETRY_MS, () -> depart(broker, epoch, left));
            }
        });
    }
}
