package io.ottla.simulation;

import io.ottla.peer.PeerClient;
import io.ottla.zookeeper.SessionClient;

/**
 * A bug that is planted at the edge of a broker: what it sees of requests, or sends to others, is not what it should be. None
 * by default.
 */
interface Tampering {
    Tampering NONE = new Tampering() {};

    /** Which bug is planted in which process. */
    interface Planted {
        Planted NOTHING = (broker, process) -> NONE;

        Tampering in(int broker, SimulatedProcess process);
    }

    /** A request as it came in, behind its length field. */
    default byte[] request(byte[] frame) {
        return frame;
    }

    /** The way to ZooKeeper. */
    default SessionClient sessions(SessionClient real) {
        return real;
    }

    /** The way to other brokers. */
    default PeerClient peers(PeerClient real) {
        return real;
    }
}
