package io.ottla.storage;

import io.ottla.config.LogProperties;
import io.ottla.types.Failure;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All moves of logs between a broker's log folders: each goes on step by step on a few threads that they share, at a rate that
 * they share. Only its folder is made at once, so that a move that has been promised outlives the process. Thread-safe.
 */
final class LogMoves {
    private static final Logger LOG = LoggerFactory.getLogger(LogMoves.class);
    /** Then it is looked whether it may be faster by now. */
    private static final long MOST_AT_ONCE_MS = 1_000;

    /** A move under way. */
    private static final class Running {
        final LogMove move;
        /** Held by the one thread that works. */
        final ReentrantLock turn = new ReentrantLock();
        /** Its folder is on disk; or why it is not. */
        final CompletableFuture<Failure> begun = new CompletableFuture<>();
        /** Nothing is at work any more. */
        final CompletableFuture<Void> ended = new CompletableFuture<>();

        Running(LogMove move) {
            this.move = move;
        }

        boolean goesTo(FolderLogs to) {
            return move.target().equals(to) && !move.isCancelled();
        }
    }

    private final StorageEnvironment environment;
    private final Supplier<LogProperties> settings;
    private final Predicate<SegmentedLog> isHere;
    private final Function<SegmentedLog, FolderLogs> owner;
    private final IoThrottle throttle;
    private final Map<TopicPartition, Running> running = new ConcurrentHashMap<>();
    private final AtomicInteger failed = new AtomicInteger();
    private volatile boolean isStopping;

    /**
     * @param isHere whether a log is still one of this broker's: it leaves before its move is {@linkplain #end ended}
     * @param owner where a log lies
     */
    LogMoves(
            StorageEnvironment environment,
            Supplier<LogProperties> settings,
            Predicate<SegmentedLog> isHere,
            Function<SegmentedLog, FolderLogs> owner) {
        this.environment = environment;
        this.settings = settings;
        this.isHere = isHere;
        this.owner = owner;
        this.throttle = new IoThrottle(environment.clock());
    }

    /** Moves that were given up because of an error. */
    int failed() {
        return failed.get();
    }

    /** Those that run. */
    Collection<LogMove> all() {
        List<LogMove> all = new ArrayList<>();
        running.values().forEach(each -> all.add(each.move));
        return all;
    }

    /** Where a log is on its way to; null where it is on none. */
    FolderLogs target(TopicPartition partition) {
        Running one = running.get(partition);
        return one == null || one.move.isCancelled() ? null : one.move.target();
    }

    /**
     * Has a log lie in a folder; another move of it ends first. Completes when a crash would not forget it any more: the move
     * has its folder, or the log lies there and goes nowhere else.
     *
     * @param found what a former process has copied; null for nothing
     * @param clean whether that was closed properly
     * @return why it does not; null where it is on its way, or there, or was taken back meanwhile
     */
    CompletableFuture<Failure> begin(SegmentedLog log, FolderLogs to, Path found, boolean clean) {
        Running there = running.get(log.topicPartition());
        return there != null && there.goesTo(to)
                ? there.begun
                : end(log.topicPartition()).thenCompose(_ -> beginAnew(log, to, found, clean));
    }

    private CompletableFuture<Failure> beginAnew(SegmentedLog log, FolderLogs to, Path found, boolean clean) {
        FolderLogs from = owner.apply(log);
        if (from.equals(to)) {
            return CompletableFuture.completedFuture(null);
        }
        LogMove move = new LogMove(log, from, to, found, clean, settings.get(), environment);
        Running one = new Running(move);
        Running runs = running.computeIfAbsent(log.topicPartition(), _ -> {
            log.keepWhole(true);
            return one;
        });
        if (runs != one) {
            return begin(log, to, found, clean);
        }
        if (!owner.apply(log).equals(from)) { // another move has brought it there meanwhile
            return end(log.topicPartition()).thenCompose(_ -> beginAnew(log, to, found, clean));
        }
        if (!isHere.test(log)) {
            move.cancel();
        }
        if (isStopping || move.isCancelled()) {
            handOver(one);
        } else {
            handOver(one, to.folder().background(), () -> makeFolder(one));
        }
        return one.begun;
    }

    /** Takes a move back. Completes when nothing of it is under way any more; at once where there is none. */
    CompletableFuture<Void> end(TopicPartition partition) {
        Running one = running.get(partition);
        if (one == null) {
            return CompletableFuture.completedFuture(null);
        }
        one.move.cancel();
        handOver(one);
        return one.ended;
    }

    /** Lets all rest where they are, to go on after the next start. Completes when nothing is at work. */
    CompletableFuture<Void> stop() {
        isStopping = true;
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (Running one : running.values()) {
            all.add(one.ended);
            handOver(one);
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    private void handOver(Running one) {
        handOver(one, environment.threads().moving(settings.get().moves().threads()), () -> run(one));
    }

    private void handOver(Running one, Executor to, Runnable work) {
        try {
            to.execute(work);
        } catch (RejectedExecutionException closing) {
            ended(one);
        }
    }

    /** Waits neither for other moves nor until it may copy. What has been cancelled or stops is handed over by whoever did that. */
    private void makeFolder(Running one) {
        one.turn.lock();
        try {
            if (one.ended.isDone() || one.move.isCancelled() || isStopping) {
                return;
            }
            one.move.makeFolder();
        } catch (IOException | RuntimeException e) {
            failed(one.move, e);
            ended(one);
            return;
        } finally {
            one.turn.unlock();
        }
        one.begun.complete(null);
        handOver(one);
    }

    private void run(Running one) {
        LogMove.Progress progress;
        one.turn.lock();
        try {
            if (one.ended.isDone()) {
                return;
            }
            progress = isStopping ? rest(one.move) : step(one.move);
            if (!(progress instanceof LogMove.Progress.GoingOn)) {
                ended(one);
            }
        } finally {
            one.turn.unlock();
        }
        switch (progress) {
            case LogMove.Progress.GoingOn(long afterMs) -> goOn(one, afterMs);
            case LogMove.Progress.Done() -> {}
            case LogMove.Progress.GivenUp(String why) ->
                LOG.info(
                        "{} moves to {} no more: {}",
                        one.move.log(),
                        one.move.target().folder(),
                        why);
        }
    }

    private void goOn(Running one, long afterMs) {
        if (afterMs == 0) {
            handOver(one);
        } else {
            environment.timer().schedule(afterMs, () -> handOver(one));
        }
    }

    private void ended(Running one) {
        SegmentedLog log = one.move.log();
        running.computeIfPresent(log.topicPartition(), (_, runs) -> {
            if (runs == one) {
                log.keepWhole(false);
            }
            return runs == one ? null : runs;
        });
        one.begun.complete(
                one.move.isCancelled()
                        ? null
                        : Failure.of(
                                Errors.KAFKA_STORAGE_ERROR,
                                "Expected to make a folder for " + log + " in "
                                        + one.move.target().folder() + ", but that failed, or the broker stops"));
        one.ended.complete(null);
    }

    private LogMove.Progress step(LogMove move) {
        long waitMs = throttle.waitMs((double) settings.get().moves().bytesPerSecond());
        if (waitMs > 0 && !move.isCancelled()) {
            return new LogMove.Progress.GoingOn(Math.min(waitMs, MOST_AT_ONCE_MS));
        }
        LogMove.Progress progress;
        try {
            progress = move.step(throttle);
        } catch (IOException | RuntimeException e) {
            return failed(move, e);
        }
        if (progress instanceof LogMove.Progress.GivenUp) {
            discard(move);
        }
        return progress;
    }

    private LogMove.Progress failed(LogMove move, Exception e) {
        failed.incrementAndGet();
        if (e instanceof IOException disk) {
            move.target().folder().fail("Moving " + move.log() + " there", disk);
        } else {
            LOG.error("The move of {} to {} broke", move.log(), move.target().folder(), e);
        }
        discard(move);
        return new LogMove.Progress.GivenUp("it failed");
    }

    private static LogMove.Progress rest(LogMove move) {
        try {
            move.rest();
        } catch (IOException e) {
            LOG.warn("Could not close what was copied of {}; it will be checked at the next start", move.log(), e);
        }
        return new LogMove.Progress.GivenUp("the broker stops; it goes on after the next start");
    }

    private static void discard(LogMove move) {
        try {
            move.discard();
        } catch (IOException e) {
            move.target().folder().fail("Deleting what was copied of " + move.log(), e);
        }
    }
}
