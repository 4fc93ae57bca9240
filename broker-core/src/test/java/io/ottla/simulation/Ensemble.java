package io.ottla.simulation;

import java.util.List;

/** The ZooKeeper of a simulation: where brokers have sessions, and what its moves do to them. */
interface Ensemble extends SimulatedPorts.Sessions {
    /** The machine can't reach ZooKeeper; or can again. */
    void cutOff(String machine, boolean on);

    /** The machine's connection breaks, and comes back by itself. */
    void breakConnection(String machine);

    /** The machine's session is over, as if it had not been heard of for too long. */
    void endSession(String machine);

    /** The next write of the machine does not arrive, or its answer does not. */
    void lose(String machine, ZooKeeperClient.Loss what);

    /** All servers are down; or up again. */
    void down(boolean on);

    /** @param times how much longer than usual everything takes; 1 as usual */
    void slowBy(int times);

    /** The process is gone and its connection with it; its session is not. */
    void died(SimulatedProcess process);

    /** What a node holds; null where there is none. */
    byte[] read(String path);

    /** Names of a node's children; none where there is no such node. */
    List<String> children(String path);

    /** A tool makes a node, where it can and there is none. */
    void make(String path, String data);

    /** Changes so far. */
    long changes();
}
