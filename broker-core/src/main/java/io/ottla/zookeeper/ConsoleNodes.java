package io.ottla.zookeeper;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;

/**
 * What consoles keep for all of a cluster: small nodes {@code /ottla/console/<folder>/<name>}, each with a version that every
 * change raises. Kafka's own software knows nothing of them, and with {@code zookeeper.set.acl} nobody but brokers reads them.
 *
 * <p>Each call is one decision: what ZooKeeper refuses since somebody was quicker is {@code false}; where it does not answer
 * the future fails with a {@link ZooKeeperUnavailableException}, and then a change may have been made or not. Thread-safe; no
 * call blocks.
 */
public final class ConsoleNodes {
    static final String PARENT = "/ottla/console";
    private static final String ROOT = "/ottla";

    private final ZooKeeperSession session;
    private final ZooKeeperRequests requests;
    private final ZooKeeperRequests reads;
    private final NodeAcls acls;

    /** A node's content. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Entry(int version, byte[] content) {}

    /** @param executor where answers come */
    public ConsoleNodes(ZooKeeperSession session, Executor executor) {
        this.session = session;
        this.requests = session.requests(executor);
        this.reads = session.reads(executor);
        this.acls = session.acls();
    }

    /** Names in a folder, without order; none where there is no such folder yet. */
    public CompletableFuture<List<String>> names(String folder) {
        String path = PARENT + "/" + folder;
        return ask(() -> reads.getChildren(path)).thenCompose(answer -> switch (answer.code()) {
            case OK -> CompletableFuture.completedFuture(answer.value());
            case NONODE -> CompletableFuture.completedFuture(List.of());
            default -> failed("read " + path, answer);
        });
    }

    public CompletableFuture<Optional<Entry>> read(String folder, String name) {
        String path = path(folder, name);
        return ask(() -> reads.getData(path)).thenCompose(answer -> switch (answer.code()) {
            case OK ->
                CompletableFuture.completedFuture(Optional.of(
                        new Entry(answer.stat().getVersion(), answer.value() == null ? new byte[0] : answer.value())));
            case NONODE -> CompletableFuture.completedFuture(Optional.empty());
            default -> failed("read " + path, answer);
        });
    }

    /** False where there is one of that name. */
    public CompletableFuture<Boolean> create(String folder, String name, byte[] content) {
        return make(path(folder, name), content).thenCompose(answer -> {
            if (answer.code() != Code.NONODE) {
                return created(folder, name, answer);
            }
            return makeFolders(folder)
                    .thenCompose(nothing -> make(path(folder, name), content))
                    .thenCompose(again -> created(folder, name, again));
        });
    }

    private CompletableFuture<Answer<String>> make(String path, byte[] content) {
        return ask(() -> requests.create(path, content, acls.of(path), CreateMode.PERSISTENT));
    }

    private CompletableFuture<Boolean> created(String folder, String name, Answer<String> answer) {
        return switch (answer.code()) {
            case OK -> CompletableFuture.completedFuture(true);
            case NODEEXISTS -> CompletableFuture.completedFuture(false);
            default -> failed("make " + path(folder, name), answer);
        };
    }

    /** Whoever makes them, they are there; what is in the way is told by who needs them. */
    private CompletableFuture<Void> makeFolders(String folder) {
        CompletableFuture<Void> made = CompletableFuture.completedFuture(null);
        for (String path : List.of(ROOT, PARENT, PARENT + "/" + folder)) {
            made = made.thenCompose(
                    nothing -> ask(() -> requests.create(path, null, acls.of(path), CreateMode.PERSISTENT))
                            .thenAccept(answer -> {}));
        }
        return made;
    }

    /** False where it is gone, or has another version by now. */
    public CompletableFuture<Boolean> update(String folder, String name, byte[] content, int version) {
        String path = path(folder, name);
        return ask(() -> requests.setData(path, content, version))
                .thenCompose(answer -> changed("change " + path, answer));
    }

    /**
     * False where it is gone, or has another version by now.
     *
     * @param version -1 for any
     */
    public CompletableFuture<Boolean> delete(String folder, String name, int version) {
        String path = path(folder, name);
        return ask(() -> requests.delete(path, version)).thenCompose(answer -> changed("delete " + path, answer));
    }

    private static CompletableFuture<Boolean> changed(String what, Answer<Void> answer) {
        return switch (answer.code()) {
            case OK -> CompletableFuture.completedFuture(true);
            case NONODE, BADVERSION -> CompletableFuture.completedFuture(false);
            default -> failed(what, answer);
        };
    }

    private static String path(String folder, String name) {
        return PARENT + "/" + folder + "/" + name;
    }

    /** Without a connection nothing is sent: it would wait, and be done when nobody expects it any more. */
    private <T> CompletableFuture<Answer<T>> ask(Supplier<CompletableFuture<Answer<T>>> question) {
        return session.isConnected()
                ? question.get()
                : CompletableFuture.failedFuture(
                        new ZooKeeperUnavailableException("Expected a connection to ZooKeeper, but there is none"));
    }

    private static <T> CompletableFuture<T> failed(String what, Answer<?> answer) {
        return CompletableFuture.failedFuture(new ZooKeeperUnavailableException("Expected to " + what
                + ", but ZooKeeper says " + answer.code()
                + (answer.code() == Code.NOAUTH ? "; see zookeeper.set.acl" : "")));
    }
}
