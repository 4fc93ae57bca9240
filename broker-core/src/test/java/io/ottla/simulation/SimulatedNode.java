package io.ottla.simulation;

import java.util.random.RandomGenerator;

/** A file or a folder. */
sealed interface SimulatedNode permits SimulatedFile, SimulatedFolder {
    /** What is not durable may be gone afterwards. */
    void losePower(RandomGenerator random);
}
