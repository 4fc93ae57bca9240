package io.ottla.chaos.checker;

import io.ottla.chaos.history.Action;
import io.ottla.chaos.history.Event;
import io.ottla.chaos.history.LogName;
import io.ottla.chaos.history.Outcome;
import io.ottla.chaos.history.Position;
import io.ottla.chaos.history.Read;
import io.ottla.chaos.history.Rebalance;
import io.ottla.chaos.history.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A history such as a sound cluster makes: two logs in memory, to which producers append, with sends that are refused, or whose outcome
 * nobody is told, transactions that abort, and readers who follow them, by assignment or in a group of one.
 */
final class ModelledRun {
    static final List<LogName> LOGS = List.of(new LogName("a", 0), new LogName("a", 1));
    private static final int PRODUCERS = 3;

    private final Random random;
    private final List<Event> events = new ArrayList<>();
    /** The committed records; a place that nobody is given holds a marker, or a record that was aborted. */
    private final Map<LogName, TreeMap<Long, Long>> records = new HashMap<>();

    private final Map<LogName, Long> ends = new HashMap<>();
    private final Map<Long, Map<LogName, Long>> positions = new HashMap<>();
    private final Map<LogName, Long> committed = new HashMap<>();
    private long value;
    private long nowUs;

    private ModelledRun(long seed) {
        random = new Random(seed);
        LOGS.forEach(log -> {
            records.put(log, new TreeMap<>());
            ends.put(log, 0L);
        });
    }

    static List<Event> of(long seed) {
        ModelledRun run = new ModelledRun(seed);
        int operations = 20 + run.random.nextInt(200);
        for (int i = 0; i < operations; i++) {
            run.step();
        }
        run.readAll();
        return run.events;
    }

    private void step() {
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> send(1 + random.nextInt(PRODUCERS));
            case 4 -> transact(1 + PRODUCERS + random.nextInt(2));
            case 5 -> did(1 + random.nextInt(PRODUCERS), new Action.Crash());
            case 6 -> assign(20 + random.nextInt(2));
            case 7 -> rebalance();
            default -> poll(random.nextInt(3) == 0 ? 30 : 20 + random.nextInt(2));
        }
    }

    private void did(long client, Action action) {
        events.add(new Event.Operation(client, nowUs, nowUs + 10, action));
        nowUs += 10;
    }

    private long append(LogName log, long record, boolean visible) {
        long offset = ends.merge(log, 1L, Long::sum) - 1;
        if (visible) {
            records.get(log).put(offset, record);
        }
        return offset;
    }

    private LogName draw() {
        return LOGS.get(random.nextInt(LOGS.size()));
    }

    private void send(long client) {
        List<Step> sends = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            LogName log = draw();
            long record = ++value;
            sends.add(
                    switch (random.nextInt(6)) {
                        case 0 -> new Step.Send(log, record, Outcome.REFUSED, Step.UNTOLD, Step.UNTOLD);
                        case 1 -> {
                            if (random.nextBoolean()) {
                                append(log, record, true);
                            }
                            yield new Step.Send(log, record, Outcome.UNKNOWN, Step.UNTOLD, Step.UNTOLD);
                        }
                        default -> new Step.Send(log, record, Outcome.DONE, append(log, record, true), nowUs + 5);
                    });
        }
        did(client, new Action.Work(sends));
    }

    private void transact(long client) {
        boolean commits = random.nextBoolean();
        boolean told = random.nextInt(3) > 0;
        Outcome outcome = told ? commits ? Outcome.DONE : Outcome.REFUSED : Outcome.UNKNOWN;
        List<Step> sends = new ArrayList<>();
        for (LogName log : LOGS) {
            long record = ++value;
            sends.add(new Step.Send(log, record, outcome, append(log, record, commits), nowUs + 5));
        }
        LOGS.forEach(log -> append(log, 0, false));
        did(client, new Action.Transaction(outcome, sends));
    }

    private void assign(long client) {
        List<LogName> chosen = random.nextBoolean() ? LOGS : List.of(draw());
        boolean fromBeginning = random.nextBoolean();
        Map<LogName, Long> now = new HashMap<>();
        Map<LogName, Long> before = positions.getOrDefault(client, Map.of());
        chosen.forEach(log -> now.put(log, fromBeginning ? 0 : before.getOrDefault(log, 0L)));
        positions.put(client, now);
        did(client, new Action.Assign(chosen, fromBeginning));
    }

    /** The member of the group is told that it has everything anew, and goes on where somebody has committed. */
    private void rebalance() {
        if (!positions.containsKey(30L)) {
            did(30, new Action.Subscribe("group", List.of("a")));
        }
        Map<LogName, Long> now = new HashMap<>();
        LOGS.forEach(log -> {
            long from = committed.getOrDefault(log, 0L);
            now.put(log, from + random.nextLong(ends.get(log) - from + 1));
        });
        positions.put(30L, now);
        if (random.nextBoolean()) {
            commit();
        }
        did(
                30,
                new Action.Work(
                        List.of(new Step.Poll(List.of(new Rebalance(Rebalance.Change.ASSIGNED, LOGS)), List.of()))));
    }

    /** Where the member is. */
    private void commit() {
        committed.putAll(positions.get(30L));
        did(
                30,
                new Action.Commit(positions.get(30L).entrySet().stream()
                        .map(each -> new Position(each.getKey(), each.getValue()))
                        .toList()));
    }

    private void poll(long client) {
        Map<LogName, Long> at = positions.get(client);
        if (at == null) {
            return;
        }
        List<Step> polls = new ArrayList<>();
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            List<Read> reads = new ArrayList<>();
            at.replaceAll((log, position) -> {
                long next = position;
                int most = random.nextInt(6);
                for (Map.Entry<Long, Long> each :
                        records.get(log).tailMap(position).entrySet()) {
                    if (most-- == 0) {
                        break;
                    }
                    reads.add(new Read(log, each.getKey(), each.getValue()));
                    next = each.getKey() + 1;
                }
                return next;
            });
            polls.add(new Step.Poll(List.of(), reads));
        }
        did(client, new Action.Work(polls));
        if (client == 30 && random.nextInt(3) == 0) {
            commit();
        }
    }

    private void readAll() {
        events.add(new Event.FinalReads(nowUs));
        did(40, new Action.Assign(LOGS, true));
        List<Read> reads = new ArrayList<>();
        LOGS.forEach(log -> records.get(log).forEach((offset, record) -> reads.add(new Read(log, offset, record))));
        did(40, new Action.Work(List.of(new Step.Poll(List.of(), reads))));
    }
}
