package io.ottla.zookeeper;

import io.ottla.controller.StoreEvent;
import java.util.function.Consumer;

/**
 * Word of a change in the store. Two of the same are equal, so that a node that is read again and again is watched once: watches
 * last until the node changes, and a controller may read the whole store many times before.
 */
record StoreWord(Consumer<StoreEvent> listener, StoreEvent event) implements Runnable {
    @Override
    public void run() {
        listener.accept(event);
    }
}
