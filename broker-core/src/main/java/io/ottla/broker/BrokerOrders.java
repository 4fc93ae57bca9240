package io.ottla.broker;

import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What of a broker's work keeps an order: each of these runs what it is given one after the other, and what one task wrote the
 * next one sees. None of them waits for another. Thread-safe.
 *
 * @param session for what happens to the session with ZooKeeper
 * @param controller the controller's thread
 * @param metadata the metadata thread
 * @param poll for the metadata poll: not behind what the image's listeners do
 * @param publisher for what the controller's broker is asked by polls: not behind decisions
 * @param losses for what this broker proposes to the controller of its own accord
 * @param reconfiguration for changes of settings that take a while
 */
public record BrokerOrders(
        Executor session,
        Executor registration,
        Executor controller,
        Executor metadata,
        Executor poll,
        Executor publisher,
        Executor losses,
        Executor producerIds,
        Executor reconfiguration) {

    /**
     * Makes one of each.
     *
     * @param order for what never blocks
     * @param slow for what may
     */
    public static BrokerOrders of(Supplier<Executor> order, Supplier<Executor> slow) {
        return new BrokerOrders(
                order.get(),
                order.get(),
                order.get(),
                order.get(),
                order.get(),
                order.get(),
                order.get(),
                order.get(),
                slow.get());
    }
}
