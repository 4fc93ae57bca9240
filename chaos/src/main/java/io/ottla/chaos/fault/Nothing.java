package io.ottla.chaos.fault;

import io.ottla.chaos.cluster.Cluster;
import java.util.Random;

/** What all others are compared with. */
final class Nothing implements Fault {
    @Override
    public Struck strike(Cluster cluster, Random random) {
        return Fault.struck("nobody", () -> "");
    }
}
