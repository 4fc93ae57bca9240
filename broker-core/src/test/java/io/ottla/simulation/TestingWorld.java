package io.ottla.simulation;

import io.ottla.concurrent.Waiting;
import io.ottla.config.ZooKeeperProperties;
import io.ottla.metrics.Metrics;
import io.ottla.storage.Disk;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import io.ottla.zookeeper.KeptSession;
import io.ottla.zookeeper.SessionFiles;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** The least of a simulation that the modelled ZooKeeper needs: a clock, events, and processes that can die or stop. */
final class TestingWorld implements Later {
    static final long MS = 1_000_000L;
    private static final long START_MS = 1_700_000_000_000L;

    private record Event(long atNs, long number, Runnable task) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int order = Long.compare(atNs, other.atNs);
            return order == 0 ? Long.compare(number, other.number) : order;
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final SplittableRandom random;
    final SimulatedZooKeeper zooKeeper;
    private long nowNs;
    private long number;

    TestingWorld(long seed, SimulatedZooKeeper.Settings settings) {
        this.random = new SplittableRandom(seed);
        this.zooKeeper = new SimulatedZooKeeper(this, random.split(), START_MS, settings);
    }

    @Override
    public long nowNs() {
        return nowNs;
    }

    @Override
    public void after(long delayNs, Runnable task) {
        events.add(new Event(nowNs + delayNs, number++, task));
    }

    /** Goes on until that is so; fails where it is not within an hour of simulated time. */
    void until(BooleanSupplier condition) {
        long endNs = nowNs + TimeUnit.HOURS.toNanos(1);
        while (!condition.getAsBoolean()) {
            Event next = events.poll();
            if (next == null || next.atNs() > endNs) {
                throw new AssertionError("Expected it to happen, but it did not");
            }
            nowNs = next.atNs();
            next.task().run();
        }
    }

    void sleep(long ms) {
        long endNs = nowNs + ms * MS;
        while (!events.isEmpty() && events.peek().atNs() <= endNs) {
            Event next = events.poll();
            nowNs = next.atNs();
            next.task().run();
        }
        nowNs = endNs;
    }

    <T> T get(CompletionStage<T> stage) throws Exception {
        until(() -> stage.toCompletableFuture().isDone());
        return stage.toCompletableFuture().get(0, TimeUnit.MILLISECONDS);
    }

    TestingProcess process() {
        return new TestingProcess();
    }

    /** One process. */
    final class TestingProcess {
        private final List<Runnable> held = new ArrayList<>();
        private boolean paused;
        private boolean dead;
        private ZooKeeperClient client;
        private KeptSession session;

        /** Called once. */
        KeptSession session(ZooKeeperProperties properties, Path folder) {
            client = zooKeeper.client(properties, clock(), timer(), thread());
            session = new KeptSession(
                    properties,
                    new SessionFiles(Disk.system(), List.of(folder), properties.connect()),
                    clock(),
                    new Metrics(),
                    thread(),
                    waiting(),
                    client);
            return session;
        }

        ZooKeeperClient client() {
            return client;
        }

        void kill() {
            dead = true;
            client.killed();
        }

        void pause() {
            paused = true;
        }

        void resume() {
            paused = false;
            List<Runnable> due = new ArrayList<>(held);
            held.clear();
            due.forEach(task -> after(0, () -> perform(task)));
        }

        private void perform(Runnable task) {
            if (paused) {
                held.add(task);
            } else if (!dead) {
                task.run();
            }
        }

        Clock clock() {
            return new Clock() {
                @Override
                public long wallMs() {
                    return START_MS + nowNs / MS;
                }

                @Override
                public long monotonicNs() {
                    return nowNs;
                }
            };
        }

        Timer timer() {
            return (delayMs, task) -> {
                boolean[] over = new boolean[1];
                after(
                        delayMs * MS,
                        () -> perform(() -> {
                            if (!over[0]) {
                                over[0] = true;
                                task.run();
                            }
                        }));
                return () -> {
                    boolean taken = !over[0];
                    over[0] = true;
                    return taken;
                };
            };
        }

        /** One task after the other. */
        Executor thread() {
            ArrayDeque<Runnable> tasks = new ArrayDeque<>();
            return task -> {
                if (dead) {
                    throw new RejectedExecutionException();
                }
                tasks.add(task);
                after(random.nextLong(20_000), () -> perform(() -> tasks.poll().run()));
            };
        }

        Waiting waiting() {
            return new Waiting() {
                @Override
                public <T> T await(CompletionStage<T> stage, long timeoutMs)
                        throws InterruptedException, ExecutionException, TimeoutException {
                    long endNs = nowNs + timeoutMs * MS;
                    after(timeoutMs * MS, () -> {});
                    until(() -> stage.toCompletableFuture().isDone() || nowNs >= endNs);
                    return stage.toCompletableFuture().get(0, TimeUnit.MILLISECONDS);
                }
            };
        }
    }
}
