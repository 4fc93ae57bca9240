package io.ottla.console.clusters;

/** What the console asks a ZooKeeper. The process implements it, since it has the client. */
public interface ZooKeeperPort {
    /**
     * Where the brokers listen that are registered there.
     *
     * @param connect {@code host:port,…/chroot}
     * @return {@code host:port,…} of those that a client can reach without TLS, else of all
     * @throws ClusterFailure when it does not answer, or no broker is registered
     */
    String bootstrap(String connect);
}
