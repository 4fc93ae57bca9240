package io.ottla.api;

import io.ottla.types.BrokerId;

/** Says which broker coordinates a group, a transactional id, or a share partition. Quick and thread-safe. */
@FunctionalInterface
public interface CoordinatorDirectory {
    /** What is coordinated. */
    enum Kind {
        GROUP("__consumer_offsets"),
        TRANSACTION("__transaction_state"),
        SHARE("__share_group_state");

        private final String topic;

        Kind(String topic) {
            this.topic = topic;
        }

        /** The internal topic whose partitions' leaders are the coordinators. */
        public String topic() {
            return topic;
        }
    }

    /** {@link BrokerId#NONE} where there is none at present: the client asks again. */
    BrokerId coordinator(Kind kind, String key);

    /** There are no coordinators. */
    static CoordinatorDirectory none() {
        return (kind, key) -> BrokerId.NONE;
    }
}
