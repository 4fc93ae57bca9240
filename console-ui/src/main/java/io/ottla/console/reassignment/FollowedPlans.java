package io.ottla.console.reassignment;

import io.ottla.console.access.Action;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ManagedCluster;
import io.ottla.console.moves.Difference;
import io.ottla.console.state.ConsoleStore;
import io.ottla.console.state.Folder;
import io.ottla.console.state.Json;
import io.ottla.console.state.KeptOfCluster;
import io.ottla.console.state.KnownEntries;
import io.ottla.console.words.Wording;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plans that are followed to their end, one at each cluster: those that move in batches, or whose throttle goes when all has
 * arrived. They are kept for all consoles, so that each of them shows, refuses and calls off by the same, and
 * {@link PlanDriver} goes on wherever it runs.
 *
 * <p>Every change names the version that it is made of, so that of two who change one at once a single one does.
 *
 * <p>Thread-safe; each call asks the store, and fails with a {@link ClusterFailure} where that can't be reached.
 */
public final class FollowedPlans implements KeptOfCluster {
    private static final Logger log = LoggerFactory.getLogger(FollowedPlans.class);

    /** After this long pieces that belong to no plan are those of somebody who ended amid it. */
    private static final Duration ORPHANED = Duration.ofMinutes(10);

    private static final int NONE = -1;

    /**
     * How far a plan has come, for people.
     *
     * @param step which of them runs, from 1
     * @param leftOut partitions that were no longer as they were when the plan was made
     * @param problem why it goes on no more; null where it does
     */
    public record State(int step, int steps, boolean clears, int leftOut, Wording problem) {}

    /** A plan that is followed, whoever may see it, as it was at one version. */
    record Followed(KeptPlan plan, PlanSteps content, int version) {
        /** What runs, or is about to. */
        Difference current() {
            return content.steps().get(plan.step());
        }
    }

    private final KnownEntries entries;
    private final InstantSource clock;
    private final Map<String, Content> contents = new ConcurrentHashMap<>();
    private final Map<String, Instant> orphans = new HashMap<>();

    /** What was read last of a cluster's plan. */
    private record Content(String plan, PlanSteps steps) {}

    FollowedPlans(KnownEntries entries, InstantSource clock) {
        this.entries = entries;
        this.clock = clock;
    }

    /** That of a cluster, at most two seconds old. */
    Optional<Followed> find(String cluster) {
        return read(cluster, entries.find(Folder.PLANS, cluster));
    }

    /** That of a cluster as it is now, for who decides by it. */
    Optional<Followed> ask(String cluster) {
        return read(cluster, entries.ask(Folder.PLANS, cluster));
    }

    /** Keys of clusters that have one, or had. */
    List<String> clusters() {
        return entries.names(Folder.PLANS);
    }

    /** What is done at a cluster, if anything, and the visitor may see all topics that it is done to. */
    public Optional<State> state(Visit visit) {
        return find(visit.key())
                .filter(followed ->
                        followed.content().topics().stream().allMatch(topic -> visit.may(Action.VIEW_TOPIC, topic)))
                .map(Followed::plan)
                .map(plan -> new State(
                        plan.calledOff() ? 1 : plan.step() + 1,
                        plan.calledOff() ? 1 : plan.steps(),
                        plan.clears(),
                        plan.leftOut(),
                        plan.problem() == null ? null : plan.problem().wording()));
    }

    /** Whether steps are to come at a cluster. */
    boolean goesOn(Visit visit) {
        return ask(visit.key()).filter(followed -> followed.plan().goesOn()).isPresent();
    }

    /** @throws ClusterFailure where steps of another plan are still to come */
    void requireIdle(Visit visit) {
        requireIdle(ask(visit.key()));
    }

    private static void requireIdle(Optional<Followed> found) {
        KeptPlan plan = found.map(Followed::plan).orElse(KeptPlan.NONE);
        if (plan.clearing()) {
            throw new ClusterFailure(ClusterFailure.Kind.OUTDATED, Wording.of("moves.busy.clearing"));
        }
        if (plan.goesOn()) {
            throw busy(plan.step() + 1, plan.steps());
        }
    }

    private static ClusterFailure busy(int step, int steps) {
        return new ClusterFailure(ClusterFailure.Kind.OUTDATED, Wording.of("moves.busy", step, steps));
    }

    /**
     * Follows a plan whose first step is about to begin, in the place of one that has no steps to come: its throttle goes with
     * that of this one.
     *
     * @param ids of its topics
     * @param rate bytes per second, of these brokers; 0 for no bound
     * @throws ClusterFailure where steps of another one are to come
     */
    Followed follow(
            Visit visit,
            Plan plan,
            List<Difference> steps,
            Map<String, String> ids,
            boolean clears,
            long rate,
            Set<Integer> brokers) {
        String cluster = visit.key();
        Optional<ConsoleStore.Entry> entry = entries.ask(Folder.PLANS, cluster);
        Optional<Followed> before = read(cluster, entry);
        requireIdle(before);
        boolean clearsBefore = before.isPresent() && before.get().plan().clears();
        Set<String> throttled = new TreeSet<>(clears ? plan.topics() : Set.of());
        before.ifPresent(replaced -> throttled.addAll(replaced.content().throttled()));
        Set<Integer> bounded = new TreeSet<>(brokers);
        before.ifPresent(replaced -> bounded.addAll(replaced.plan().bounded()));
        PlanSteps content = new PlanSteps(List.copyOf(steps), plan.folders(), Set.copyOf(throttled), Map.copyOf(ids));
        List<byte[]> parts = content.write();
        KeptPlan kept = KeptPlan.first(
                UUID.randomUUID().toString(),
                visit.visitor().name(),
                visit.managed().id(),
                parts.size(),
                steps.size(),
                clears || clearsBefore,
                rate,
                bounded);
        if (entries.names(Folder.PLAN_PARTS).size() + parts.size() > Folder.PLAN_PARTS.limit()) {
            throw new ClusterFailure(ClusterFailure.Reason.REFUSED, Wording.of("moves.plan.too-large"));
        }
        for (int part = 0; part < parts.size(); part++) {
            entries.create(Folder.PLAN_PARTS, part(cluster, kept, part), parts.get(part));
        }
        int version = entry.map(ConsoleStore.Entry::version).orElse(NONE);
        byte[] head = Json.write(kept);
        boolean first = version == NONE
                ? entries.create(Folder.PLANS, cluster, head)
                : entries.update(Folder.PLANS, cluster, head, version);
        if (!first) {
            deleteParts(cluster, kept);
            requireIdle(visit);
            throw busy(1, 1); // It ended meanwhile.
        }
        before.ifPresent(replaced -> deleteParts(cluster, replaced.plan()));
        contents.put(cluster, new Content(kept.id(), content));
        return new Followed(kept, content, version + 1);
    }

    /** The same with another state; empty where it is no longer as it was. */
    Optional<Followed> update(String cluster, Followed before, KeptPlan now) {
        return entries.update(Folder.PLANS, cluster, Json.write(now), before.version())
                ? Optional.of(new Followed(now, before.content(), before.version() + 1))
                : Optional.empty();
    }

    /**
     * Notes that the step has been asked for.
     *
     * @param leftOut partitions of it that were not
     * @return whether that was right: false where it was called off meanwhile, so that it must be again
     */
    boolean begun(String cluster, Followed followed, int leftOut) {
        if (update(cluster, followed, followed.plan().withBegun(leftOut)).isPresent()) {
            return true;
        }
        Optional<Followed> now = ask(cluster);
        return now.isPresent()
                && now.get().plan().id().equals(followed.plan().id())
                && !now.get().plan().calledOff();
    }

    /** Follows it no more. False where it is no longer as it was. */
    boolean end(String cluster, Followed followed) {
        // Not deleted, so that versions go on, and nobody takes the next plan for this one.
        boolean ended = update(cluster, followed, KeptPlan.NONE).isPresent();
        if (ended) {
            deleteParts(cluster, followed.plan());
        }
        return ended;
    }

    /**
     * Goes on no more, for all to see, until somebody calls it off or begins another. One that was called off already, of which only
     * the throttle is left, is followed no more: who lets verify tries again to take that away.
     */
    void fail(String cluster, Followed followed, Wording why) {
        boolean noted = false;
        for (Optional<Followed> now = ask(cluster); !noted && isSame(now, followed); now = ask(cluster)) {
            noted = followed.plan().calledOff()
                    ? end(cluster, now.get())
                    : update(cluster, now.get(), now.get().plan().withProblem(Said.of(why)))
                            .isPresent();
        }
    }

    /** Whether it is this plan, and has not been called off since. */
    private static boolean isSame(Optional<Followed> now, Followed followed) {
        return now.isPresent()
                && now.get().plan().id().equals(followed.plan().id())
                && now.get().plan().calledOff() == followed.plan().calledOff();
    }

    /** No more steps begin at this cluster. Refused where they are of topics that he may not move. */
    void stop(Visit visit) {
        Optional<Followed> now = ask(visit.key());
        while (now.isPresent()) {
            visit.requireOfAll(Action.REASSIGN, now.get().content().topics());
            if (giveUp(visit.key(), now.get())) {
                return;
            }
            now = ask(visit.key());
        }
    }

    /**
     * What was throttled is still cleared when nothing moves any more, unless that was given up before. False where the plan is
     * no longer as it was.
     */
    boolean giveUp(String cluster, Followed followed) {
        boolean clears = followed.plan().clears() && !followed.plan().calledOff();
        return clears && !followed.content().isLost()
                ? update(cluster, followed, followed.plan().withCalledOff()).isPresent()
                : end(cluster, followed);
    }

    /** Refused while one is followed there, unless the cluster is out of reach, so that nobody can call it off. */
    @Override
    public void requireFree(ManagedCluster cluster) {
        if (!cluster.definition().enabled() || ask(cluster.key()).isEmpty()) {
            return;
        }
        try {
            cluster.describe();
        } catch (ClusterFailure away) {
            log.info("The cluster {} is taken away amid a plan: it does not answer", cluster.key(), away);
            return;
        }
        throw new ClusterFailure(ClusterFailure.Kind.OUTDATED, Wording.of("moves.plan.holds-cluster"));
    }

    @Override
    public void forget(String key) {
        try {
            for (Optional<Followed> now = ask(key); now.isPresent() && !end(key, now.get()); now = ask(key)) {
                log.debug("The plan of {} has changed meanwhile", key);
            }
        } catch (ClusterFailure away) {
            log.warn("The cluster {} is taken away, but not what was planned there: {}", key, away.getMessage());
        }
    }

    private Optional<Followed> read(String cluster, Optional<ConsoleStore.Entry> entry) {
        Optional<KeptPlan> kept =
                entry.flatMap(found -> Json.read(found, KeptPlan.class)).filter(KeptPlan::isOne);
        if (kept.isEmpty()) {
            contents.remove(cluster);
            return Optional.empty();
        }
        int version = entry.get().version();
        Optional<PlanSteps> content = content(cluster, kept.get());
        if (content.isPresent() && kept.get().isOf(content.get())) {
            return Optional.of(new Followed(kept.get(), content.get(), version));
        }
        // It may have ended between the two readings.
        Optional<ConsoleStore.Entry> now = entries.ask(Folder.PLANS, cluster);
        if (now.isEmpty() || now.get().version() != version) {
            return read(cluster, now);
        }
        return Optional.of(
                new Followed(kept.get().withProblem(Said.of(Wording.of("moves.plan.lost"))), PlanSteps.LOST, version));
    }

    private Optional<PlanSteps> content(String cluster, KeptPlan kept) {
        Content known = contents.get(cluster);
        if (known != null && known.plan().equals(kept.id())) {
            return Optional.of(known.steps());
        }
        List<byte[]> parts = new ArrayList<>();
        for (int part = 0; part < kept.parts(); part++) {
            Optional<ConsoleStore.Entry> read = entries.store().read(Folder.PLAN_PARTS, part(cluster, kept, part));
            if (read.isEmpty()) {
                return Optional.empty();
            }
            parts.add(read.get().content());
        }
        Optional<PlanSteps> content = PlanSteps.read(parts);
        content.ifPresent(steps -> contents.put(cluster, new Content(kept.id(), steps)));
        return content;
    }

    private void deleteParts(String cluster, KeptPlan plan) {
        for (int part = 0; part < plan.parts(); part++) {
            try {
                entries.delete(Folder.PLAN_PARTS, part(cluster, plan, part), -1);
            } catch (ClusterFailure away) {
                log.debug("A piece of the plan {} is deleted later", plan.id(), away);
            }
        }
    }

    /** Deletes what belongs to no plan since somebody ended amid it. By one thread. */
    void sweep() {
        Set<String> plans = new HashSet<>();
        for (ConsoleStore.Entry entry : entries.all(Folder.PLANS)) {
            Json.read(entry, KeptPlan.class)
                    .filter(KeptPlan::isOne)
                    .ifPresent(plan -> plans.add(prefix(entry.name(), plan)));
        }
        Set<String> orphaned = entries.names(Folder.PLAN_PARTS).stream()
                .filter(name -> plans.stream().noneMatch(name::startsWith))
                .collect(Collectors.toSet());
        orphans.keySet().retainAll(orphaned);
        Instant now = clock.instant();
        for (String name : orphaned) {
            if (now.isAfter(orphans.computeIfAbsent(name, first -> now).plus(ORPHANED))) {
                entries.delete(Folder.PLAN_PARTS, name, -1);
            }
        }
    }

    private static String part(String cluster, KeptPlan plan, int part) {
        return prefix(cluster, plan) + String.format(Locale.ROOT, "%04d", part);
    }

    private static String prefix(String cluster, KeptPlan plan) {
        return cluster + "." + plan.id() + ".";
    }
}
