package io.ottla.simulation;

import io.ottla.simulation.ZooKeeperMessage.Reply;
import io.ottla.simulation.ZooKeeperMessage.What;
import io.ottla.zookeeper.Answer;
import io.ottla.zookeeper.RequestWindow;
import io.ottla.zookeeper.ZooKeeperRequests;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.common.PathUtils;
import org.apache.zookeeper.data.ACL;

/** Requests to the modelled ZooKeeper, in the present session of a process. */
final class ModelledRequests implements ZooKeeperRequests {
    private final ZooKeeperClient client;
    private final RequestWindow window;
    private final Executor executor;

    ModelledRequests(ZooKeeperClient client, RequestWindow window, Executor executor) {
        this.client = client;
        this.window = window;
        this.executor = executor;
    }

    @Override
    public CompletableFuture<Answer<byte[]>> getData(String path) {
        return read(What.DATA, path, null, byte[].class::cast);
    }

    @Override
    public CompletableFuture<Answer<byte[]>> getData(String path, Runnable changed) {
        return read(What.DATA, path, changed, byte[].class::cast);
    }

    @Override
    public CompletableFuture<Answer<Void>> exists(String path) {
        return read(What.EXISTENCE, path, null, nothing -> null);
    }

    @Override
    public CompletableFuture<Answer<Void>> exists(String path, Runnable changed) {
        return read(What.EXISTENCE, path, changed, nothing -> null);
    }

    @Override
    public CompletableFuture<Answer<List<String>>> getChildren(String path) {
        return read(What.CHILDREN, path, null, ModelledRequests::names);
    }

    @Override
    public CompletableFuture<Answer<List<String>>> getChildren(String path, Runnable changed) {
        return read(What.CHILDREN, path, changed, ModelledRequests::names);
    }

    @Override
    public CompletableFuture<Answer<String>> create(String path, byte[] data, List<ACL> acl, CreateMode mode) {
        return write(path, mode.isSequential(), Op.create(path, data, acl, mode), String.class::cast);
    }

    @Override
    public CompletableFuture<Answer<Void>> setData(String path, byte[] data, int version) {
        return write(path, false, Op.setData(path, data, version), nothing -> null);
    }

    @Override
    public CompletableFuture<Answer<Void>> delete(String path, int version) {
        return write(path, false, Op.delete(path, version), nothing -> null);
    }

    @Override
    public CompletableFuture<Answer<List<OpResult>>> multi(List<Op> operations) {
        return send(
                () -> {}, new ZooKeeperMessage.Write(List.copyOf(operations), true), null, ModelledRequests::results);
    }

    @Override
    public CompletableFuture<Answer<Void>> sync(String path) {
        return send(() -> {}, new ZooKeeperMessage.Sync(), null, nothing -> null);
    }

    /** No two servers name children in the same order. */
    private static List<String> names(Object value) {
        List<String> names = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(name -> names.add((String) name));
        }
        Collections.reverse(names);
        return names;
    }

    private static List<OpResult> results(Object value) {
        List<OpResult> results = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(result -> results.add((OpResult) result));
        }
        return results;
    }

    private <T> CompletableFuture<Answer<T>> read(What what, String path, Runnable changed, Function<Object, T> value) {
        Runnable word = changed == null ? null : () -> handOver(changed);
        return send(
                () -> PathUtils.validatePath(path),
                new ZooKeeperMessage.Read(what, path, changed != null),
                word,
                value);
    }

    private <T> CompletableFuture<Answer<T>> write(
            String path, boolean sequential, Op operation, Function<Object, T> value) {
        return send(
                () -> PathUtils.validatePath(path, sequential),
                new ZooKeeperMessage.Write(List.of(operation), false),
                null,
                value);
    }

    /** @param valid throws where it can't be asked for */
    private <T> CompletableFuture<Answer<T>> send(
            Runnable valid, ZooKeeperMessage message, Runnable changed, Function<Object, T> value) {
        CompletableFuture<Answer<T>> answer = new CompletableFuture<>();
        window.begin(() -> {
            try {
                valid.run();
                client.handle().submit(message, changed, reply -> {
                    handOver(() -> answer.complete(answer(reply, value)));
                    window.end();
                });
            } catch (KeeperException closed) {
                handOver(() -> {
                    window.end();
                    answer.complete(new Answer<>(closed.code(), null, null));
                });
            } catch (IllegalArgumentException invalid) {
                handOver(() -> {
                    window.end();
                    answer.completeExceptionally(invalid);
                });
            }
        });
        return answer;
    }

    private static <T> Answer<T> answer(Reply reply, Function<Object, T> value) {
        return new Answer<>(reply.code(), reply.code() == Code.OK ? value.apply(reply.value()) : null, reply.stat());
    }

    private void handOver(Runnable task) {
        if (client.isDead()) {
            return;
        }
        try {
            executor.execute(task);
        } catch (RejectedExecutionException closed) {
            task.run(); // Who is closing must not wait for ever.
        }
    }
}
