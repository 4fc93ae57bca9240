package io.ottla.simulation;

import java.util.List;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.data.Stat;

/** What clients of the modelled ZooKeeper ask. */
sealed interface ZooKeeperMessage {
    enum What {
        DATA,
        EXISTENCE,
        CHILDREN
    }

    record Read(What what, String path, boolean watch) implements ZooKeeperMessage {}

    /** @param multi whether it is a transaction, else there is one operation */
    record Write(List<Op> operations, boolean multi) implements ZooKeeperMessage {}

    record Sync() implements ZooKeeperMessage {}

    record CloseSession() implements ZooKeeperMessage {}

    record Ping() implements ZooKeeperMessage {}

    /**
     * What a client watches, on a connection that it has not watched on.
     *
     * @param zxid what it has seen
     */
    record SetWatches(long zxid, List<String> data, List<String> existence, List<String> children)
            implements ZooKeeperMessage {}

    /**
     * The answer.
     *
     * @param value what was asked for, where it was
     * @param zxid of the last transaction the answer knows of; 0 where it knows of none
     */
    record Reply(Code code, Object value, Stat stat, long zxid) {
        static Reply of(Code code, long zxid) {
            return new Reply(code, null, null, zxid);
        }
    }
}
