package io.ottla.controller;

import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import java.util.concurrent.CompletionStage;

/**
 * What the controller is told of brokers by those who hear from them. Only of the registration that is named; of another
 * one it means nothing. Saying the same again does no harm. Thread-safe; nothing blocks the caller.
 */
public interface Liveness {
    /** The broker is dead, or was silent for a lease: it leads nothing until it is {@link #unfenced}. */
    void fenced(BrokerId broker, BrokerEpoch epoch);

    /** The broker, which was fenced, has been heard again. */
    void unfenced(BrokerId broker, BrokerEpoch epoch);

    /**
     * The broker was heard for the first time in this controller's term.
     *
     * @param closedUnder the broker epoch under which its logs were last closed properly, or, once a controller has taken
     *     in how they were, its present one; {@link BrokerEpoch#NONE} where they were not closed
     * @return done when what follows from it is decided and published; never fails, and stays open where that does not come
     *     about before the term ends or the broker registers anew. Until then the broker must be given no image: it may be in
     *     the lead there in an epoch from before its crash
     */
    CompletionStage<Void> arrived(BrokerId broker, BrokerEpoch epoch, BrokerEpoch closedUnder);

    /** The broker was heard, and is not any more; nobody has seen it registered so. What was asked of it is void. */
    void forgotten(BrokerId broker, BrokerEpoch epoch);

    /**
     * The broker wants to shut down.
     *
     * @return done when it leads nothing any more that another could; fails where that can't be had, and may be asked again
     */
    CompletionStage<Void> leaving(BrokerId broker, BrokerEpoch epoch);
}
