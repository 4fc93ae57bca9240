package io.ottla.console.reassignment;

import io.ottla.console.moves.Progress;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.kafka.common.TopicPartition;

/**
 * A partition that is being moved.
 *
 * @param replicas all that it has meanwhile: those that stay, come and go
 * @param total bytes that its new replicas have when they have all; negative where unknown
 * @param left bytes of them that are still to be copied; negative where unknown
 * @param sinceSeen what was left when this console first saw it, and now
 */
public record RunningMove(
        TopicPartition partition,
        List<Integer> replicas,
        List<Integer> adding,
        List<Integer> removing,
        long total,
        long left,
        Progress sinceSeen) {
    /** As it will be. */
    public List<Integer> target() {
        return replicas.stream().filter(broker -> !removing.contains(broker)).toList();
    }

    /** 0 … 100, or -1 where unknown. */
    public int percent() {
        return new Progress(total, left, OptionalDouble.empty()).percent().orElse(-1);
    }
}
