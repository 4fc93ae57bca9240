package io.ottla.cluster;

import io.ottla.metadata.ImageVersion;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import org.apache.kafka.common.Uuid;

/**
 * What a broker asks the controller, time and again: what has changed?
 *
 * @param epoch of its registration
 * @param incarnation drawn by its process
 * @param known the last step that it was given; {@link ImageVersion#NONE} where it wants a whole image
 * @param applied the last step that it acts by
 * @param maxWaitMs when the answer has to come though nothing has changed
 * @param leaving whether it wants to shut down
 * @param closedUnder the broker epoch under which its logs were last closed properly; {@link BrokerEpoch#NONE} where they
 *     were not; once a controller has taken that in, the epoch under which it did
 * @param gathering the whole image that it has been told in part; {@link ImageVersion#NONE} where there is none
 * @param gathered how many of its parts it has
 */
public record PollQuestion(
        BrokerId broker,
        BrokerEpoch epoch,
        Uuid incarnation,
        ImageVersion known,
        ImageVersion applied,
        int maxWaitMs,
        boolean leaving,
        BrokerEpoch closedUnder,
        ImageVersion gathering,
        int gathered) {}
