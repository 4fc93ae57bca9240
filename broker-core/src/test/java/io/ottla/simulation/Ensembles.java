package io.ottla.simulation;

import java.util.SplittableRandom;

/** Makes the ZooKeeper of a simulation. */
final class Ensembles {
    private Ensembles() {}

    static Ensemble make(Schedule schedule, SplittableRandom random) {
        throw new UnsupportedOperationException();
    }
}
