package io.ottla.controller;

import io.ottla.types.TopicId;
import java.util.random.RandomGenerator;

/** Draws ids for topics. */
final class TopicIds {
    private TopicIds() {}

    /** An id that is neither reserved nor looks like an option on a command line (KIP-516). */
    static TopicId draw(RandomGenerator random) {
        while (true) {
            TopicId id = new TopicId(random.nextLong(), random.nextLong());
            boolean reserved =
                    id.mostSignificantBits() == 0 && Long.compareUnsigned(id.leastSignificantBits(), 100) < 0;
            if (!reserved && !id.toString().startsWith("-")) {
                return id;
            }
        }
    }
}
