package io.ottla.cluster;

import io.ottla.types.BrokerId;
import java.util.concurrent.CompletionStage;

/** The way of a poll to the controller. Thread-safe; nothing blocks the caller. */
@FunctionalInterface
interface ControllerPolls {
    /** Asks that broker, which need not be the controller. Fails where no answer comes: nobody is there, or it is silent. */
    CompletionStage<? extends PollAnswer> poll(BrokerId controller, PollQuestion question);
}
