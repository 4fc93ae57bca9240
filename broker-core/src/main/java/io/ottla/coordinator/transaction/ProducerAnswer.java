package io.ottla.coordinator.transaction;

import io.ottla.types.ProducerIdAndEpoch;
import org.apache.kafka.common.protocol.Errors;

/**
 * What a producer is told.
 *
 * @param producer who it is from now on; {@link ProducerIdAndEpoch#NONE} with an error
 */
public record ProducerAnswer(Errors error, ProducerIdAndEpoch producer) {
    static ProducerAnswer refused(Errors error) {
        return new ProducerAnswer(error, ProducerIdAndEpoch.NONE);
    }
}
