package io.ottla.simulation;

/** The ZooKeeper of a simulation: where brokers have sessions, and what its moves do to them. */
interface Ensemble extends SimulatedPorts.Sessions {
    /** The machine can't reach ZooKeeper; or can again. */
    void cutOff(String machine, boolean on);

    /** The machine's session is over, as if it had not been heard of for too long. */
    void endSession(String machine);

    /** The next requests of the machine are carried out, and their answers lost. */
    void loseReplies(String machine, int requests);

    /** Answers are late by about so many milliseconds. */
    void slow(int ms);

    /** The process is gone and its connection with it; its session is not. */
    void died(SimulatedProcess process);

    /** What a node holds; null where there is none. */
    byte[] read(String path);

    /** Changes so far. */
    long changes();
}
