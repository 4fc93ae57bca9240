package io.ottla.zookeeper;

import static io.ottla.zookeeper.ZooKeeperStore.value;

import io.ottla.controller.StoreEvent;
import io.ottla.controller.StoredElections;
import io.ottla.controller.StoredReassignments;
import io.ottla.types.BrokerId;
import io.ottla.types.Shown;
import io.ottla.types.TopicPartition;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.zookeeper.KeeperException.Code;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what people and old tools ask of a controller by nodes below {@code /admin}, and asks to be told when such a
 * node comes, changes or goes. One that nobody can read asks for nothing, so that it is taken away as obeyed.
 */
final class AdminReader {
    private static final Logger LOG = LoggerFactory.getLogger(AdminReader.class);
    private static final int MAX_SHOWN = 1_000;

    private final ZooKeeperRequests requests;
    private final Consumer<StoreEvent> listener;

    AdminReader(ZooKeeperRequests requests, Consumer<StoreEvent> listener) {
        this.requests = requests;
        this.listener = listener;
    }

    CompletableFuture<StoredReassignments> reassignments() {
        return read(
                ReassignmentNode.PATH,
                new StoreEvent.ReassignmentsChanged(),
                ReassignmentNode::decode,
                Map.<TopicPartition, List<BrokerId>>of(),
                StoredReassignments::new);
    }

    CompletableFuture<StoredElections> elections() {
        return read(
                ElectionNode.PATH,
                new StoreEvent.ElectionsChanged(),
                ElectionNode::decode,
                Set.<TopicPartition>of(),
                StoredElections::new);
    }

    /** The watch is on existence, which also tells of a node that is still to come; it is set before the data is read. */
    private <W, S> CompletableFuture<S> read(
            String path, StoreEvent event, Function<byte[], W> decode, W nothing, BiFunction<W, Integer, S> stored) {
        CompletableFuture<Answer<Void>> watched = requests.exists(path, new StoreWord(listener, event));
        return requests.getData(path).thenCombine(watched, (data, watch) -> {
            if (watch.code() != Code.NONODE) {
                value(watch, path);
            }
            if (data.code() == Code.NONODE) {
                return stored.apply(nothing, -1);
            }
            byte[] bytes = value(data, path);
            W wanted = decode.apply(bytes);
            if (wanted == null) {
                LOG.warn("What {} asks for can't be read, so that nothing is done: {}", path, shown(bytes));
            }
            return stored.apply(wanted == null ? nothing : wanted, data.stat().getVersion());
        });
    }

    private static String shown(byte[] data) {
        return data == null || data.length == 0
                ? "it holds nothing"
                : Shown.of(new String(data, 0, Math.min(data.length, MAX_SHOWN), StandardCharsets.UTF_8));
    }
}
