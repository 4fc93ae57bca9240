package io.ottla.zookeeper;

import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;

/**
 * ZooKeeper's answer to one request, refusals included.
 *
 * @param code {@link Code#OK} or why not; after {@link Code#CONNECTIONLOSS} the request may or may not have been done
 * @param value what was asked for; null where there is nothing, and with every code but OK
 * @param stat the node's versions, where the request brings them; else null
 */
public record Answer<T>(Code code, T value, Stat stat) {
    public boolean isOk() {
        return code == Code.OK;
    }

    /** Whether it is unknown if the request was done: read again, then decide. */
    public boolean isUnknown() {
        return code == Code.CONNECTIONLOSS || code == Code.OPERATIONTIMEOUT;
    }

    /** Whether the session has ended, so that nothing more comes of it. */
    public boolean isSessionOver() {
        return code == Code.SESSIONEXPIRED || code == Code.SESSIONMOVED || code == Code.AUTHFAILED;
    }
}
