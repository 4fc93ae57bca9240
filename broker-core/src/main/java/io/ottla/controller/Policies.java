package io.ottla.controller;

import io.ottla.metadata.ConfigResourceName;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import java.util.List;
import java.util.Map;

/**
 * What an operator's own classes refuse (KIP-108, KIP-133). Called on the controller's thread, which waits for them:
 * they must not.
 */
public interface Policies {
    /** Where there are none. */
    Policies NONE = new Policies() {
        @Override
        public Failure creation(
                String topic,
                Integer partitions,
                Short replicationFactor,
                List<List<BrokerId>> replicas,
                Map<String, String> configs) {
            return null;
        }

        @Override
        public Failure alteration(ConfigResourceName resource, Map<String, String> asked, Map<String, String> whole) {
            return null;
        }
    };

    /**
     * Why a topic may not be made; null where it may.
     *
     * @param partitions null where replicas are assigned
     * @param replicationFactor null where replicas are assigned
     * @param replicas of each partition; null where the controller places them
     */
    Failure creation(
            String topic,
            Integer partitions,
            Short replicationFactor,
            List<List<BrokerId>> replicas,
            Map<String, String> configs);

    /**
     * Why configuration may not be changed; null where it may.
     *
     * @param asked what is set to another value, or anew
     * @param whole all that would be set
     */
    Failure alteration(ConfigResourceName resource, Map<String, String> asked, Map<String, String> whole);
}
