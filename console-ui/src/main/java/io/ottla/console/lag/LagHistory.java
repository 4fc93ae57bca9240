package io.ottla.console.lag;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the samples of a cluster tell: the last figures of each group, how they came about, and which groups read a topic.
 * Bounded: past {@link #MAX_BYTES} of history its points become coarser, in all lines alike.
 *
 * <p>Thread-safe.
 */
public final class LagHistory {
    /** Of all lines together. */
    static final long MAX_BYTES = 48L << 20;

    /** A longer time without a sample is a gap: collecting paused, and nobody knows what was meanwhile. */
    static final Duration GAP = Duration.ofMinutes(6);

    private static final int MAX_GAPS = 100;
    private static final int COARSEST = 64;

    private final Duration retain;
    private final long maxBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<GroupKey, Tracked> groups = new HashMap<>();
    private final Map<String, Set<GroupKey>> byTopic = new HashMap<>();
    private final Deque<long[]> gaps = new ArrayDeque<>();
    private final Set<GroupKey> seenInWhole = new HashSet<>();
    private long lastS;
    private long thinnedS;
    private int coarseness = 1;

    /** A group's last figures and its lines by topic. */
    private record Tracked(GroupFigures figures, Map<String, Series> lines) {}

    public LagHistory(Duration retain) {
        this(retain, MAX_BYTES);
    }

    LagHistory(Duration retain, long maxBytes) {
        this.retain = retain;
        this.maxBytes = maxBytes;
    }

    /** Takes a sample, or a part of one. One that is older than what is known tells nothing new, unless it is whole. */
    void apply(SampleCodec.Chunk chunk) {
        lock.lock();
        try {
            Sample sample = chunk.sample();
            long atS = sample.atMs() / 1000;
            if (!sample.whole() && atS < lastS) {
                return;
            }
            if (lastS > 0 && atS - lastS > GAP.toSeconds()) {
                gaps.addLast(new long[] {lastS, atS});
                if (gaps.size() > MAX_GAPS) {
                    gaps.removeFirst();
                }
            }
            if (chunk.first()) {
                seenInWhole.clear();
            }
            sample.groups().forEach(group -> put(group, atS));
            sample.gone().forEach(this::remove);
            if (sample.whole()) {
                sample.groups().forEach(group -> seenInWhole.add(group.group()));
                if (chunk.last()) {
                    List.copyOf(groups.keySet()).stream()
                            .filter(group -> !seenInWhole.contains(group))
                            .forEach(this::remove);
                    seenInWhole.clear();
                }
            }
            lastS = Math.max(lastS, atS);
            if (lastS - thinnedS >= Series.FRESH_S) {
                thin();
            }
        } finally {
            lock.unlock();
        }
    }

    private void put(GroupFigures figures, long atS) {
        Tracked before = groups.get(figures.group());
        Map<String, Series> lines = new HashMap<>();
        for (TopicFigures topic : figures.topics()) {
            Series line = before == null ? null : before.lines().get(topic.topic());
            line = line == null ? new Series() : line;
            line.add(atS, topic.committed(), topic.lag(), coarseness);
            lines.put(topic.topic(), line);
            byTopic.computeIfAbsent(topic.topic(), none -> new HashSet<>()).add(figures.group());
        }
        if (before != null) {
            before.lines().keySet().stream()
                    .filter(topic -> !lines.containsKey(topic))
                    .forEach(topic -> leave(topic, figures.group()));
        }
        groups.put(figures.group(), new Tracked(figures, lines));
    }

    private void remove(GroupKey group) {
        Tracked gone = groups.remove(group);
        if (gone != null) {
            gone.lines().keySet().forEach(topic -> leave(topic, group));
        }
    }

    private void leave(String topic, GroupKey group) {
        byTopic.computeIfPresent(topic, (name, readers) -> {
            readers.remove(group);
            return readers.isEmpty() ? null : readers;
        });
    }

    private void thin() {
        thinnedS = lastS;
        long bytes = thinAll();
        while (bytes > maxBytes && coarseness < COARSEST) {
            coarseness *= 2;
            bytes = thinAll();
        }
        if (coarseness > 1 && bytes < maxBytes / 4) {
            coarseness /= 2;
        }
        long fromS = lastS - retain.toSeconds();
        gaps.removeIf(gap -> gap[1] < fromS);
    }

    private long thinAll() {
        long bytes = 0;
        for (Tracked group : groups.values()) {
            for (Series line : group.lines().values()) {
                line.thin(lastS, lastS - retain.toSeconds(), coarseness);
                bytes += line.bytes();
            }
        }
        return bytes;
    }

    /** Forgets everything. */
    void clear() {
        lock.lock();
        try {
            groups.clear();
            byTopic.clear();
            gaps.clear();
            seenInWhole.clear();
            lastS = 0;
            thinnedS = 0;
            coarseness = 1;
        } finally {
            lock.unlock();
        }
    }

    /** When the last sample was taken. */
    public Optional<Instant> lastSample() {
        lock.lock();
        try {
            return lastS == 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(lastS));
        } finally {
            lock.unlock();
        }
    }

    /** The last figures of all groups. */
    public Map<GroupKey, GroupFigures> figures() {
        lock.lock();
        try {
            Map<GroupKey, GroupFigures> figures = HashMap.newHashMap(groups.size());
            groups.forEach((name, group) -> figures.put(name, group.figures()));
            return figures;
        } finally {
            lock.unlock();
        }
    }

    /** The last figures of the groups that have committed in a topic, by group. */
    public Map<GroupKey, GroupFigures> readersOf(String topic) {
        lock.lock();
        try {
            Map<GroupKey, GroupFigures> readers = new TreeMap<>();
            byTopic.getOrDefault(topic, Set.of())
                    .forEach(group -> readers.put(group, groups.get(group).figures()));
            return readers;
        } finally {
            lock.unlock();
        }
    }

    /** How a group went, by topic. */
    public Map<String, Course> courses(GroupKey group, Instant from, Instant to, int steps) {
        lock.lock();
        try {
            Tracked tracked = groups.get(group);
            Map<String, Course> courses = new TreeMap<>();
            if (tracked != null) {
                tracked.lines().forEach((topic, line) -> courses.put(topic, course(line, from, to, steps)));
            }
            return courses;
        } finally {
            lock.unlock();
        }
    }

    private Course course(Series line, Instant from, Instant to, int steps) {
        long fromS = from.getEpochSecond();
        double step = Math.max(1.0, (double) (to.getEpochSecond() - fromS)) / steps;
        Steps told = new Steps(steps);
        line.forEach((atS, committed, lag) -> {
            // A step has its end and not its begin.
            if (atS <= fromS) {
                told.before(committed, lag);
            } else if (atS <= to.getEpochSecond()) {
                told.in(Math.clamp((long) Math.ceil((atS - fromS) / step) - 1, 0, steps - 1), committed, lag);
            }
        });
        return told.course(from, to, i -> isUnknown(fromS + i * step, fromS + (i + 1) * step));
    }

    /** Whether nobody knows: in a gap, and after the last sample. */
    private boolean isUnknown(double beginS, double endS) {
        if (beginS > lastS) {
            return true;
        }
        for (long[] gap : gaps) {
            if (beginS >= gap[0] && endS < gap[1]) {
                return true;
            }
        }
        return false;
    }

    /** Bytes of all lines together. */
    long bytes() {
        lock.lock();
        try {
            return groups.values().stream()
                    .flatMap(group -> group.lines().values().stream())
                    .mapToLong(Series::bytes)
                    .sum();
        } finally {
            lock.unlock();
        }
    }
}
