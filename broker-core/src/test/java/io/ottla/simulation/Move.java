package io.ottla.simulation;

/** What a simulation does to a cluster. */
enum Move {
    /** kill -9 of a broker. */
    CRASH,
    /** kill -9 in the middle of a broker's work on its disk. */
    CRASH_AT_WORK,
    /** kill -9 of all brokers at once. */
    CRASH_ALL,
    /** A machine loses its power, and what its disk had not forced. */
    POWER,
    /** An orderly stop and a start. */
    RESTART,
    /** SIGSTOP, for a while. */
    PAUSE,
    /** A broker becomes slow, for a while. */
    SLOW,
    /** The wall clock of a machine jumps. */
    CLOCK,
    /** Nothing gets through between two machines. */
    PARTITION,
    /** Nothing gets through in one direction. */
    ONE_WAY,
    /** A broker reaches no other broker. */
    ISOLATE,
    /** Frames of a direction are late. */
    DELAY,
    /** A connection breaks; what was asked may be done, the answer is lost. */
    BREAK,
    /** A broker that is well refuses connections: others take it for dead. */
    SUSPECT,
    /** A client's connections all close. */
    CLIENT,
    /** A broker does not reach ZooKeeper. */
    ZOOKEEPER_AWAY,
    /** No broker reaches ZooKeeper. */
    ZOOKEEPER_AWAY_FROM_ALL,
    /** All servers of ZooKeeper stop, for a while. */
    ZOOKEEPER_DOWN,
    /** A broker's connection with ZooKeeper breaks. */
    ZOOKEEPER_BREAKS,
    /** A broker's session is over. */
    SESSION_LOST,
    /** A write to ZooKeeper does not arrive, and its connection breaks. */
    REQUEST_LOST,
    /** A write to ZooKeeper is done, and its answer lost with the connection. */
    ANSWER_LOST,
    /** ZooKeeper answers late. */
    ZOOKEEPER_SLOW,
    /** A disk is full, for a while. */
    DISK_FULL,
    /** A disk fails, until the broker is started again. */
    DISK_FAILS,
    /** A bit turns in a log. */
    BIT_FLIP,
    /** Nothing is in the page cache, for a while. */
    DISK_COLD
}
