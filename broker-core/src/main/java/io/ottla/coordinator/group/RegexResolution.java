package io.ottla.coordinator.group;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.ottla.coordinator.Answer;
import io.ottla.coordinator.Effects;
import io.ottla.coordinator.Operation;
import io.ottla.coordinator.ShardContext;
import io.ottla.metadata.ClusterImage;
import io.ottla.time.Clock;
import io.ottla.types.Shown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the topics that regular expressions of consumer groups match, on a pool: at once for one that is new to the
 * group, for all when topics have come or gone, but not more often than every 10 s, and now and then, since rights change.
 * A topic that the client may not see is not found. Belongs to the shard's executor.
 */
final class RegexResolution {
    private static final Logger LOG = LoggerFactory.getLogger(RegexResolution.class);

    private static final int REFRESH_NOT_BEFORE_MS = 10_000;

    /** What is known of a group's expressions besides what is stored. */
    private static final class Watch {
        private final List<Operation<GroupMachine, GroupRecord>> waiting = new ArrayList<>();
        private boolean isRunning;
        /** Topics may have come or gone since. */
        private boolean isStale = true;

        private boolean wasResolved;
        private long resolvedAtMs;
    }

    private final ShardContext<GroupMachine, GroupRecord> context;
    private final Supplier<ClusterImage> image;
    private final Executor pool;
    private final Clock clock;
    private final int refreshMs;
    private final GroupMeter meter;
    private final Map<String, Watch> watches = new HashMap<>();

    /** @param refreshMs how often all are resolved again in any case */
    RegexResolution(
            ShardContext<GroupMachine, GroupRecord> context,
            Supplier<ClusterImage> image,
            Executor pool,
            Clock clock,
            int refreshMs,
            GroupMeter meter) {
        this.context = context;
        this.image = image;
        this.pool = pool;
        this.clock = clock;
        this.refreshMs = refreshMs;
        this.meter = meter;
    }

    /**
     * Has expressions of a group resolved, where that is needed.
     *
     * @param sees whether the client may know of a topic
     * @param waiting what goes on when an expression that was not resolved yet is
     * @return whether it waits
     */
    boolean await(
            String group,
            ConsumerGroupState state,
            String regex,
            Predicate<String> sees,
            Operation<GroupMachine, GroupRecord> waiting) {
        if (state.usedRegexes().isEmpty()) {
            watches.remove(group);
            return false;
        }
        boolean isNew = !regex.isEmpty() && !state.regexes().containsKey(regex);
        Watch watch = watches.computeIfAbsent(group, _ -> new Watch());
        if (!watch.isRunning && (isNew || isDue(watch)) && !start(group, watch, state, sees)) {
            return false;
        }
        if (isNew && watch.isRunning) {
            watch.waiting.add(waiting);
            return true;
        }
        return false;
    }

    private boolean isDue(Watch watch) {
        if (!watch.wasResolved) {
            return true;
        }
        long agoMs = clock.monotonicMs() - watch.resolvedAtMs;
        return agoMs >= (watch.isStale ? REFRESH_NOT_BEFORE_MS : refreshMs);
    }

    private boolean start(String group, Watch watch, ConsumerGroupState state, Predicate<String> sees) {
        Set<String> regexes = Set.copyOf(state.usedRegexes());
        ClusterImage now = image.get();
        try {
            pool.execute(() -> {
                Map<String, Set<String>> found = resolve(regexes, now, sees);
                context.submit(new Found(group, watch, found, now.version().number()));
            });
        } catch (RejectedExecutionException busy) {
            LOG.warn(
                    "Regular expressions of group {} are resolved later: too much is computed at a time",
                    Shown.of(group));
            return false;
        }
        watch.isRunning = true;
        watch.isStale = false;
        return true;
    }

    /** On the pool. */
    private static Map<String, Set<String>> resolve(Set<String> regexes, ClusterImage image, Predicate<String> sees) {
        Map<String, Pattern> patterns = new HashMap<>();
        Map<String, Set<String>> found = new HashMap<>();
        for (String regex : regexes) {
            found.put(regex, new HashSet<>());
            try {
                patterns.put(regex, Pattern.compile(regex));
            } catch (PatternSyntaxException e) {
                LOG.warn(
                        "A group subscribes by the regular expression {}, which can't be read: {}",
                        Shown.of(regex),
                        e.getDescription());
            }
        }
        for (String topic : image.topics().keySet()) {
            List<String> matching = new ArrayList<>(0);
            patterns.forEach((regex, pattern) -> {
                if (pattern.matches(topic)) {
                    matching.add(regex);
                }
            });
            if (!matching.isEmpty() && sees.test(topic)) {
                matching.forEach(regex -> found.get(regex).add(topic));
            }
        }
        return found;
    }

    /** Topics have been found. */
    private final class Found implements Operation<GroupMachine, GroupRecord> {
        private final String group;
        private final Watch watch;
        private final Map<String, Set<String>> found;
        private final long version;

        Found(String group, Watch watch, Map<String, Set<String>> found, long version) {
            this.group = group;
            this.watch = watch;
            this.found = found;
            this.version = version;
        }

        @Override
        public Effects<GroupRecord> decide(GroupMachine machine) {
            watch.isRunning = false;
            watch.wasResolved = true;
            watch.resolvedAtMs = clock.monotonicMs();
            List<Operation<GroupMachine, GroupRecord>> all = List.copyOf(watch.waiting);
            watch.waiting.clear();
            Effects<GroupRecord> effects =
                    machine.group(group) instanceof ConsumerGroup present ? store(present) : Effects.none();
            all.forEach(context::submit);
            return effects;
        }

        private Effects<GroupRecord> store(ConsumerGroup present) {
            ConsumerDraft draft = ConsumerDraft.of(present);
            found.forEach((regex, topics) -> {
                ResolvedRegex known = present.state().regexes().get(regex);
                if (present.state().isUsed(regex)
                        && (known == null || !known.topics().equals(topics))) {
                    draft.regex(regex, new ResolvedRegex(topics, version, clock.wallMs()));
                }
            });
            if (draft.records().isEmpty()) {
                return Effects.none();
            }
            draft.bump(TopicHashes.of(image.get(), draft.state().subscribedTopics()));
            meter.rebalancedConsumers();
            return Effects.write(draft.records(), Answer.NONE).onRevert(() -> watch.isStale = true);
        }

        @Override
        public void refuse(Errors error) {
            // The shard is over: who waits is told so by close.
        }
    }

    /** Topics have come or gone. */
    void markStale() {
        watches.values().forEach(watch -> watch.isStale = true);
    }

    /** A group is gone. */
    void forget(String group) {
        Watch watch = watches.remove(group);
        if (watch != null) {
            watch.waiting.forEach(context::submit);
        }
    }

    /** The leadership is over. */
    void close() {
        for (Watch watch : watches.values()) {
            watch.waiting.forEach(each -> each.refuse(Errors.NOT_COORDINATOR));
        }
        watches.clear();
    }
}
