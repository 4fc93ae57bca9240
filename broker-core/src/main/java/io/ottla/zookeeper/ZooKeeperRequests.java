package io.ottla.zookeeper;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.ACL;

/**
 * Single requests to ZooKeeper, each sent once: nothing is ever sent again without its caller's decision. Requests of
 * one caller reach the server in the order in which they were made. Answers and changes come on the caller's executor,
 * word of a change before any answer that could show it. Thread-safe; no call blocks.
 */
public interface ZooKeeperRequests {
    /** A node's data; null where it was made without. */
    CompletableFuture<Answer<byte[]>> getData(String path);

    /**
     * A node's data, and word of its next change or deletion.
     *
     * @param changed run at most once; a watch ends with its session. Not set where there is no such node
     */
    CompletableFuture<Answer<byte[]>> getData(String path, Runnable changed);

    /** Whether there is such a node ({@link Code#NONODE} says no). */
    CompletableFuture<Answer<Void>> exists(String path);

    /** As {@link #exists(String)}, with word of the node's next creation, change or deletion. */
    CompletableFuture<Answer<Void>> exists(String path, Runnable changed);

    /** Names of a node's children, without order. */
    CompletableFuture<Answer<List<String>>> getChildren(String path);

    /** As {@link #getChildren(String)}, with word of the next child that comes or goes, or of the node's deletion. */
    CompletableFuture<Answer<List<String>>> getChildren(String path, Runnable changed);

    /** Makes a node; the answer is its path, which a sequential mode completes. */
    CompletableFuture<Answer<String>> create(String path, byte[] data, List<ACL> acl, CreateMode mode);

    /** @param version the version to replace; -1 for any */
    CompletableFuture<Answer<Void>> setData(String path, byte[] data, int version);

    /** @param version the version to delete; -1 for any */
    CompletableFuture<Answer<Void>> delete(String path, int version);

    /** All or nothing. Where nothing was done the code is that of the operation that failed first. */
    CompletableFuture<Answer<List<OpResult>>> multi(List<Op> operations);

    /**
     * Has the server we speak to catch up with the ensemble, so that what is read next is no older than what anybody
     * else was told before.
     */
    CompletableFuture<Answer<Void>> sync(String path);
}
