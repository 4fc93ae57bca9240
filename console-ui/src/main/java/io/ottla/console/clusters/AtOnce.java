package io.ottla.console.clusters;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Asks several clusters at the same time: one that does not answer holds up no other, and nobody for long. What it says later
 * is for who asks next.
 *
 * <p>Thread-safe.
 */
public final class AtOnce implements AutoCloseable {
    /** For so long who asks waits for all together. */
    private static final Duration PATIENCE = Duration.ofMillis(900);

    private final ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor();

    AtOnce() {}

    /**
     * Asks all of them.
     *
     * @param question answers within a bounded time, and throws nothing that is expected
     * @return in their order; empty where there is no answer yet
     */
    public <Q, A> List<Optional<A>> ask(List<Q> asked, Function<Q, A> question) {
        return ask(asked, question, each -> false);
    }

    /** @param own those that are waited for as long as they take: what runs in this process is slow only as it starts */
    public <Q, A> List<Optional<A>> ask(List<Q> asked, Function<Q, A> question, Predicate<Q> own) {
        List<Future<A>> answers = asked.stream()
                .map(each -> asking.submit(() -> question.apply(each)))
                .toList();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<Optional<A>> told = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            long rest = own.test(asked.get(i)) ? Long.MAX_VALUE : Math.max(0, deadline - System.nanoTime());
            told.add(await(answers.get(i), rest));
        }
        return told;
    }

    private static <A> Optional<A> await(Future<A> answer, long nanos) {
        try {
            return Optional.of(answer.get(nanos, TimeUnit.NANOSECONDS));
        } catch (TimeoutException late) {
            return Optional.empty();
        } catch (ExecutionException broken) {
            throw new IllegalStateException(broken.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The console stops", stopped);
        }
    }

    /** Nobody is answered any more. */
    @Override
    public void close() {
        asking.shutdownNow();
    }
}
