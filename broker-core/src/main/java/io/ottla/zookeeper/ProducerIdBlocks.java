package io.ottla.zookeeper;

import io.ottla.peer.ProducerIds;
import io.ottla.time.Timer;
import io.ottla.types.BrokerId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.apache.zookeeper.KeeperException.Code;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Producer ids out of blocks that are taken from {@code /latest_producer_id_block} by a write at the version that was
 * read. The next block is taken before the present one is used up, so that nobody waits. A block whose taking was not
 * confirmed and can't be found again is left unused: ids have gaps, and none is handed out twice. Thread-safe.
 */
public final class ProducerIdBlocks implements ProducerIds {
    private static final Logger LOG = LoggerFactory.getLogger(ProducerIdBlocks.class);
    private static final int MAX_WAITING = 10_000;
    private static final int MAX_ATTEMPTS = 50;
    private static final long RETRY_MS = 100;
    /** The next block is taken when so many ids are left. */
    private static final int LOW = ProducerIdBlock.SIZE / 10;

    private final BrokerId self;
    private final Timer timer;
    private final ZooKeeperRequests requests;
    private final Executor executor;

    private final Object lock = new Object();
    private final ArrayDeque<CompletableFuture<Long>> waiting = new ArrayDeque<>();
    private long next;
    private long end = -1;
    private ProducerIdBlock spare;
    private boolean taking;

    /** @param executor on which blocks are taken and those who wait go on; it runs one task after the other */
    public ProducerIdBlocks(ZooKeeperSession session, BrokerId self, Timer timer, Executor executor) {
        this.self = self;
        this.timer = timer;
        this.executor = executor;
        this.requests = session.requests(executor);
    }

    /** Takes the first block ahead, so that producers get ids also where ZooKeeper goes away before the first one comes. */
    public void prepare() {
        boolean take;
        synchronized (lock) {
            take = needsBlock();
            taking |= take;
        }
        if (take) {
            executor.execute(() -> take(1));
        }
    }

    @Override
    public CompletionStage<Long> next() {
        CompletableFuture<Long> result = new CompletableFuture<>();
        boolean take;
        long id = -1;
        boolean full = false;
        synchronized (lock) {
            if (hasId()) {
                id = next++;
            } else if (waiting.size() < MAX_WAITING) {
                waiting.add(result);
            } else {
                full = true;
            }
            take = needsBlock();
            taking |= take;
        }
        if (id >= 0) {
            result.complete(id);
        } else if (full) {
            result.completeExceptionally(new CoordinatorLoadInProgressException(
                    "Expected at most " + MAX_WAITING + " to wait for a block of producer ids, but there are more"));
        }
        if (take) {
            executor.execute(() -> take(1));
        }
        return result;
    }

    private boolean hasId() {
        if (next > end && spare != null) {
            next = spare.first();
            end = spare.last();
            spare = null;
        }
        return next <= end;
    }

    private boolean needsBlock() {
        return !taking && spare == null && end - next < LOW;
    }

    private void take(int attempt) {
        requests.getData(ProducerIdBlock.PATH).whenComplete((answer, failure) -> {
            if (failure != null) {
                fail("ZooKeeper could not be asked: " + failure);
            } else if (answer.isOk()) {
                take(attempt, answer.value(), answer.stat().getVersion());
            } else {
                again(attempt, answer.code());
            }
        });
    }

    private void take(int attempt, byte[] present, int version) {
        ProducerIdBlock block;
        if (present == null || present.length == 0) {
            block = ProducerIdBlock.firstOf(self);
        } else {
            ProducerIdBlock last = ProducerIdBlock.decode(present);
            if (last == null) {
                fail("Expected " + ProducerIdBlock.PATH + " to hold a block of producer ids, but nobody can read it");
                return;
            }
            block = last.nextOf(self);
            if (block == null) {
                fail("Expected producer ids to be left, but the last one, " + last.last() + ", is taken");
                return;
            }
        }
        byte[] data = block.encode();
        requests.setData(ProducerIdBlock.PATH, data, version).whenComplete((answer, failure) -> {
            if (failure != null) {
                fail("ZooKeeper could not be asked: " + failure);
            } else if (answer.isOk()) {
                taken(block);
            } else if (answer.isUnknown()) {
                timer.schedule(RETRY_MS, () -> executor.execute(() -> lookFor(attempt, block, data, version + 1)));
            } else {
                again(attempt, answer.code());
            }
        });
    }

    /** The answer was lost: the write was done if the node holds it, in the version it would have made. */
    private void lookFor(int attempt, ProducerIdBlock block, byte[] data, int version) {
        requests.getData(ProducerIdBlock.PATH).whenComplete((answer, failure) -> {
            if (failure != null) {
                fail("ZooKeeper could not be asked: " + failure);
            } else if (answer.isOk() && answer.stat().getVersion() == version && Arrays.equals(answer.value(), data)) {
                taken(block);
            } else if (answer.isUnknown() && attempt < MAX_ATTEMPTS) {
                timer.schedule(RETRY_MS, () -> executor.execute(() -> lookFor(attempt + 1, block, data, version)));
            } else {
                again(attempt, answer.code());
            }
        });
    }

    private void again(int attempt, Code code) {
        if (attempt >= MAX_ATTEMPTS || code == Code.NONODE || code == Code.NOAUTH) {
            fail("Expected a block of producer ids from ZooKeeper, but it says " + code + " about "
                    + ProducerIdBlock.PATH);
        } else if (code == Code.OK || code == Code.BADVERSION) {
            take(attempt + 1); // Somebody else took that block.
        } else {
            timer.schedule(RETRY_MS, () -> executor.execute(() -> take(attempt + 1)));
        }
    }

    private void taken(ProducerIdBlock block) {
        LOG.info("Took producer ids {} to {}", block.first(), block.last());
        List<CompletableFuture<Long>> served = new ArrayList<>();
        List<Long> ids = new ArrayList<>();
        boolean more;
        synchronized (lock) {
            taking = false;
            spare = block;
            while (!waiting.isEmpty() && hasId()) {
                served.add(waiting.poll());
                ids.add(next++);
            }
            more = needsBlock();
            taking = more;
        }
        for (int i = 0; i < served.size(); i++) {
            served.get(i).complete(ids.get(i));
        }
        if (more) {
            take(1);
        }
    }

    /** Who waits is told to come again; the next to come tries anew. */
    private void fail(String why) {
        LOG.warn("No producer ids to be had: {}", why);
        List<CompletableFuture<Long>> failed;
        synchronized (lock) {
            taking = false;
            failed = new ArrayList<>(waiting);
            waiting.clear();
        }
        for (CompletableFuture<Long> one : failed) {
            one.completeExceptionally(new CoordinatorLoadInProgressException(why));
        }
    }
}
