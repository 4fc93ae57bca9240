package io.ottla.simulation;

/** A session as the modelled ensemble has it: it ends when nothing is heard of it for its timeout. */
final class ServedSession {
    private final SimulatedZooKeeper ensemble;
    private final long id;
    private final byte[] password;
    private int timeoutMs;
    private long deadlineMs;
    private boolean checking;
    private boolean over;
    private ZooKeeperLink link;

    ServedSession(SimulatedZooKeeper ensemble, long id, byte[] password) {
        this.ensemble = ensemble;
        this.id = id;
        this.password = password;
    }

    long id() {
        return id;
    }

    byte[] password() {
        return password.clone();
    }

    int timeoutMs() {
        return timeoutMs;
    }

    ZooKeeperLink link() {
        return link;
    }

    boolean isOver() {
        return over;
    }

    void end() {
        over = true;
    }

    void agree(int timeout) {
        timeoutMs = timeout;
    }

    void moveTo(ZooKeeperLink to) {
        link = to;
    }

    /** Something was heard of it. */
    void touch() {
        deadlineMs = ensemble.nextTickMs(timeoutMs);
        if (!checking) {
            checking = true;
            ensemble.afterMs(deadlineMs - ensemble.nowMs(), this::check);
        }
    }

    private void check() {
        checking = false;
        if (over || !ensemble.isUp()) {
            return;
        }
        long leftMs = deadlineMs - ensemble.nowMs();
        if (leftMs <= 0) {
            ensemble.expire(id);
        } else {
            checking = true;
            ensemble.afterMs(leftMs, this::check);
        }
    }
}
