package io.ottla.coordinator;

import org.apache.kafka.common.protocol.Errors;

/** Somebody who waits for what an operation did. Exactly one of the two is called, once, on any thread. */
public interface Answer {
    /** Nobody. */
    Answer NONE = new Answer() {
        @Override
        public void give() {}

        @Override
        public void refuse(Errors error) {}
    };

    /** All that the answer rests on is committed. */
    void give();

    /** The records could not be stored, or not in time: the protocol's error for it. */
    void refuse(Errors error);
}
