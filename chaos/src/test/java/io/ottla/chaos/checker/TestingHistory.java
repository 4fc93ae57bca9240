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
import java.util.Arrays;
import java.util.List;

/** A history that is written down by hand; each operation takes a millisecond. */
final class TestingHistory {
    static final LogName A = new LogName("a", 0);
    static final LogName B = new LogName("b", 0);

    private final List<Event> events = new ArrayList<>();
    private long nowUs;

    static Step.Send sent(LogName log, long value, long offset) {
        return new Step.Send(log, value, Outcome.DONE, offset, Step.UNTOLD);
    }

    static Step.Send refused(LogName log, long value) {
        return new Step.Send(log, value, Outcome.REFUSED, Step.UNTOLD, Step.UNTOLD);
    }

    static Step.Send unknown(LogName log, long value) {
        return new Step.Send(log, value, Outcome.UNKNOWN, Step.UNTOLD, Step.UNTOLD);
    }

    static Read read(LogName log, long offset, long value) {
        return new Read(log, offset, value);
    }

    static Step.Poll poll(Read... reads) {
        return new Step.Poll(List.of(), List.of(reads));
    }

    static Step.Poll rebalanced(Rebalance.Change change, LogName log, Read... reads) {
        return new Step.Poll(List.of(new Rebalance(change, List.of(log))), List.of(reads));
    }

    static Step.Offsets moved(LogName log, long offset) {
        return new Step.Offsets("group", List.of(new Position(log, offset)));
    }

    TestingHistory work(long client, Step... steps) {
        return did(client, new Action.Work(Arrays.asList(steps)));
    }

    TestingHistory transaction(long client, Outcome outcome, Step... steps) {
        return did(client, new Action.Transaction(outcome, Arrays.asList(steps)));
    }

    TestingHistory assign(long client, boolean fromBeginning, LogName... logs) {
        return did(client, new Action.Assign(Arrays.asList(logs), fromBeginning));
    }

    TestingHistory commit(long client, LogName log, long offset) {
        return did(client, new Action.Commit(List.of(new Position(log, offset))));
    }

    TestingHistory subscribe(long client, LogName log) {
        return did(client, new Action.Subscribe("group", List.of(log.topic())));
    }

    TestingHistory crash(long client) {
        return did(client, new Action.Crash());
    }

    TestingHistory breakdown(String what) {
        events.add(new Event.Breakdown(nowUs, what));
        return this;
    }

    TestingHistory hanging(LogName log, long offset) {
        events.add(new Event.Hanging(nowUs, log, offset, "producer 7 has a transaction"));
        return this;
    }

    /** Where the group is in the end. */
    TestingHistory standing(LogName log, long offset) {
        events.add(new Event.Standing(nowUs, "group", List.of(new Position(log, offset))));
        return this;
    }

    TestingHistory did(long client, Action action) {
        events.add(new Event.Operation(client, nowUs, nowUs + 1_000, action));
        nowUs += 1_000;
        return this;
    }

    /** Acknowledged at a time. */
    TestingHistory acknowledged(LogName log, long value, long offset, long atUs) {
        return work(1, new Step.Send(log, value, Outcome.DONE, offset, atUs));
    }

    TestingHistory fault(String kind, long startUs, long endUs) {
        events.add(new Event.Fault(kind, "broker 1", startUs, endUs, "it was dead"));
        return this;
    }

    TestingHistory event(Event event) {
        events.add(event);
        return this;
    }

    TestingHistory finalReads() {
        events.add(new Event.FinalReads(nowUs));
        return this;
    }

    List<Event> events() {
        return events;
    }

    Judgement judge() {
        return Checker.judge(events);
    }
}
