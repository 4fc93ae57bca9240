package io.ottla.console.reassignment;

import io.ottla.console.access.Action;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.moves.Difference;
import io.ottla.console.words.Wording;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows plans to their end: starts the next step when one has arrived, and takes the throttle away after the last. In the
 * memory of this console: when it ends, moves that run go on in the cluster, but no step follows, and the throttle stays until
 * somebody lets verify.
 *
 * <p>Owner thread: one of its own, which the first plan starts.
 */
public final class StepRunner implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StepRunner.class);

    /**
     * How far a plan has come.
     *
     * @param step which of them runs, from 1
     * @param problem why it goes on no more; null where it does
     */
    public record State(int step, int steps, boolean clears, Wording problem) {}

    /**
     * A plan that is followed, whoever may see it.
     *
     * @param step which of them runs, from 0
     */
    record Followed(Plan plan, List<Difference> steps, int step) {}

    private static final class Job {
        private final Visit visit;
        private final Plan plan;
        private final List<Difference> steps;
        private final boolean clears;
        private final AtomicInteger current = new AtomicInteger();
        private volatile Wording problem;
        private volatile boolean over;

        Job(Visit visit, Plan plan, List<Difference> steps, boolean clears) {
            this.visit = visit;
            this.plan = plan;
            this.steps = steps;
            this.clears = clears;
        }

        boolean active() {
            return problem == null && !over;
        }

        boolean goesOn() {
            return active() && current.get() + 1 < steps.size();
        }
    }

    private final Duration interval;
    private final Map<String, Job> jobs = new ConcurrentHashMap<>();
    private ScheduledExecutorService timer;

    /** @param interval between two looks */
    public StepRunner(Duration interval) {
        this.interval = interval;
    }

    /** What it does for a cluster, if anything, and the visitor may see all topics that it is done to. */
    public Optional<State> state(Visit visit) {
        return Optional.ofNullable(jobs.get(visit.key()))
                .filter(job -> !job.over)
                .filter(job -> job.plan.topics().stream().allMatch(topic -> visit.may(Action.VIEW_TOPIC, topic)))
                .map(job -> new State(job.current.get() + 1, job.steps.size(), job.clears, job.problem));
    }

    /** The plan that it follows at a cluster, also one that goes on no more while nobody has called it off. */
    Optional<Followed> followed(Visit visit) {
        return Optional.ofNullable(jobs.get(visit.key()))
                .filter(job -> !job.over)
                .map(job -> new Followed(job.plan, job.steps, job.current.get()));
    }

    /** Whether it has steps to begin at a cluster. */
    boolean goesOn(Visit visit) {
        Job job = jobs.get(visit.key());
        return job != null && job.goesOn();
    }

    /** @throws ClusterFailure where steps of another plan are still to come */
    void requireIdle(Visit visit) {
        Job job = jobs.get(visit.key());
        if (job != null && job.goesOn()) {
            throw new ClusterFailure(
                    ClusterFailure.Kind.OUTDATED, Wording.of("moves.busy", job.current.get() + 1, job.steps.size()));
        }
    }

    /** Follows a plan whose first step has begun. */
    void follow(Visit visit, Plan plan, List<Difference> steps, boolean clears) {
        if (steps.size() > 1 || clears) {
            jobs.put(visit.key(), new Job(visit, plan, steps, clears));
            start();
        }
    }

    /** Starts no more steps at this cluster. Refused where they are of topics that he may not move. */
    void stop(Visit visit) {
        Job job = jobs.get(visit.key());
        if (job != null && !job.over) {
            visit.requireOfAll(Action.REASSIGN, job.plan.topics());
            job.over = !job.clears && (job.problem != null || job.steps.size() <= job.current.get() + 1);
            if (!job.over) {
                // What was throttled is still to be cleared when what was called off has gone.
                jobs.put(visit.key(), last(job));
            }
        }
    }

    private static Job last(Job job) {
        return new Job(job.visit, job.plan, List.of(job.steps.get(job.current.get())), job.clears);
    }

    private synchronized void start() {
        if (timer == null) {
            timer = Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("console-moves").factory());
            timer.scheduleWithFixedDelay(this::look, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        for (Map.Entry<String, Job> entry : jobs.entrySet()) {
            Job job = entry.getValue();
            if (job.active()) {
                try {
                    advance(job);
                } catch (ClusterFailure failure) {
                    if (failure.reason() == ClusterFailure.Reason.NO_ANSWER) {
                        log.info("The moves of {} are looked at again later: {}", entry.getKey(), failure.getMessage());
                    } else {
                        log.warn("The moves of {} go on no more: {}", entry.getKey(), failure.getMessage());
                        job.problem = failure.wording();
                    }
                } catch (RuntimeException unexpected) {
                    log.error("The moves of {} go on no more", entry.getKey(), unexpected);
                    job.problem = Wording.quoted(unexpected.toString());
                }
            }
            jobs.values().removeIf(each -> each.over);
        }
    }

    private static void advance(Job job) {
        Set<TopicPartition> running = new HashSet<>(MoveWatch.list(job.visit).keySet());
        boolean arrived =
                job.steps.get(job.current.get()).moves().stream().noneMatch(move -> running.contains(move.partition()));
        if (!arrived) {
            return;
        }
        if (job.current.get() + 1 < job.steps.size()) {
            Executions.move(job.visit, job.steps.get(job.current.get() + 1), job.plan.folders());
            job.current.incrementAndGet();
        } else {
            if (job.clears) {
                // Others may run under the same bound.
                if (!running.isEmpty()) {
                    return;
                }
                Throttles.clear(job.visit, job.plan.topics());
            }
            job.over = true;
        }
    }

    @Override
    public synchronized void close() {
        if (timer != null) {
            timer.shutdownNow();
        }
    }
}
