package io.ottla.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * Load by groups, on any broker that speaks Kafka's protocol; start that with {@code group.initial.rebalance.delay.ms=200}.
 * Prints one JSON line. CPU is what the process with the given id used.
 *
 * <pre>
 *   GroupLoad PORT PID steady  GROUPS MEMBERS SECONDS   members that report every 3 s and commit every 5 s
 *   GroupLoad PORT PID commits CONNECTIONS FLIGHT SECONDS   commits of one group, so many in flight on each connection
 *   GroupLoad PORT PID beats   CONNECTIONS FLIGHT SECONDS   heartbeats, likewise, each connection of a group of its own
 *   GroupLoad PORT PID join    MEMBERS   members of one group, until all have their assignment
 *   GroupLoad PORT PID storm   JOINS SECONDS   heartbeats of one group, calm and while so many a second join and vanish
 *   GroupLoad PORT PID fill    GROUPS OFFSETS   groups without members that have committed so many offsets each
 *   GroupLoad PORT 0   await   GROUPS OFFSETS   waits for a broker that is about to start until all of these are answered
 * </pre>
 */
public final class GroupLoad {
    private static final String TOPIC = "group-load";
    private static final int PARTITIONS = 10;
    private static final int SESSION_MS = 45_000;
    private static final int BEAT_MS = 3_000;
    private static final int COMMIT_MS = 5_000;
    private static final long MS = 1_000_000L;

    private final int port;
    private final long pid;

    private GroupLoad(int port, String pid) {
        this.port = port;
        this.pid = Long.parseLong(pid);
    }

    public static void main(String[] arguments) throws Exception {
        GroupLoad load = new GroupLoad(Integer.parseInt(arguments[0]), arguments[1]);
        int[] numbers = Arrays.stream(arguments, 3, arguments.length)
                .mapToInt(Integer::parseInt)
                .toArray();
        StoredOffsets stored = new StoredOffsets(load.port);
        if (arguments[2].equals("await")) {
            stored.await(numbers[0], numbers[1]);
            return;
        }
        load.prepare();
        switch (arguments[2]) {
            case "storm" -> new JoinStorm(load.port).run(numbers[0], numbers[1]);
            case "fill" -> stored.fill(numbers[0], numbers[1]);
            case "steady" -> load.steady(numbers[0], numbers[1], numbers[2]);
            case "commits" -> load.closed(true, numbers[0], numbers[1], numbers[2]);
            case "beats" -> load.closed(false, numbers[0], numbers[1], numbers[2]);
            case "join" -> load.join(numbers[0]);
            default ->
                throw new IllegalArgumentException(
                        "Expected steady, commits, beats, join, storm, fill or await, but got " + arguments[2]);
        }
    }

    private void prepare() throws IOException {
        try (Link link = new Link(port)) {
            link.create(TOPIC, PARTITIONS);
            link.awaitCoordinators();
        }
    }

    /** A member of a group on a connection. */
    record Member(Link link, String group, String id, int generation) {
        HeartbeatRequestData beat() {
            return new HeartbeatRequestData().setGroupId(group).setMemberId(id).setGenerationId(generation);
        }

        OffsetCommitRequestData commit(long offset) {
            List<OffsetCommitRequestPartition> partitions = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                partitions.add(new OffsetCommitRequestPartition()
                        .setPartitionIndex((int) ((offset + i) % PARTITIONS))
                        .setCommittedOffset(offset)
                        .setCommittedMetadata(""));
            }
            return new OffsetCommitRequestData()
                    .setGroupId(group)
                    .setMemberId(id)
                    .setGenerationIdOrMemberEpoch(generation)
                    .setTopics(List.of(
                            new OffsetCommitRequestTopic().setName(TOPIC).setPartitions(partitions)));
        }
    }

    static JoinGroupRequestData joining(String group, String id) {
        JoinGroupRequestData request = new JoinGroupRequestData()
                .setGroupId(group)
                .setMemberId(id)
                .setProtocolType("load")
                .setSessionTimeoutMs(SESSION_MS)
                .setRebalanceTimeoutMs(SESSION_MS);
        request.protocols()
                .add(new JoinGroupRequestData.JoinGroupRequestProtocol()
                        .setName("all")
                        .setMetadata(new byte[64]));
        return request;
    }

    /** Joins until the group has that many members in one generation and each has its assignment. */
    static Member enter(Link link, String group, int members) throws IOException {
        String id = "";
        while (true) {
            JoinGroupResponseData joined = (JoinGroupResponseData) link.ask(ApiKeys.JOIN_GROUP, 3, joining(group, id));
            if (joined.errorCode() != 0) {
                id = "";
                continue;
            }
            id = joined.memberId();
            boolean leads = joined.leader().equals(id);
            if (leads && joined.members().size() < members) {
                // Too early: the leader waits for the others and has all join again.
                LockSupport.parkNanos(20 * MS);
                continue;
            }
            SyncGroupRequestData sync =
                    new SyncGroupRequestData().setGroupId(group).setMemberId(id).setGenerationId(joined.generationId());
            List<SyncGroupRequestAssignment> assignments = new ArrayList<>();
            joined.members()
                    .forEach(each -> assignments.add(new SyncGroupRequestAssignment()
                            .setMemberId(each.memberId())
                            .setAssignment(new byte[64])));
            sync.setAssignments(assignments);
            SyncGroupResponseData synced = (SyncGroupResponseData) link.ask(ApiKeys.SYNC_GROUP, 3, sync);
            if (synced.errorCode() == 0) {
                return new Member(link, group, id, joined.generationId());
            }
        }
    }

    private void steady(int groups, int size, int seconds) throws Exception {
        int sets = Math.min(groups, 20);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Member>>> entering = new ArrayList<>();
            for (int set = 0; set < sets; set++) {
                int first = set;
                for (int slot = 0; slot < size; slot++) {
                    entering.add(threads.submit(() -> {
                        Link link = new Link(port);
                        List<Member> members = new ArrayList<>();
                        for (int group = first; group < groups; group += sets) {
                            members.add(enter(link, "steady-" + group, size));
                        }
                        return members;
                    }));
                }
            }
            List<List<Member>> all = new ArrayList<>();
            for (Future<List<Member>> each : entering) {
                all.add(each.get());
            }
            LongAdder beats = new LongAdder();
            LongAdder commits = new LongAdder();
            LongAdder failed = new LongAdder();
            long cpu = Processor.cpuMs(pid);
            long start = System.nanoTime();
            long end = start + seconds * 1000L * MS;
            List<Future<?>> running = new ArrayList<>();
            for (List<Member> members : all) {
                running.add(threads.submit(() -> {
                    run(members, end, beats, commits, failed);
                    return null;
                }));
            }
            join(running);
            double took = (System.nanoTime() - start) / 1e9;
            long used = Processor.cpuMs(pid) - cpu;
            for (List<Member> members : all) {
                leave(members);
            }
            say(
                    "\"workload\":\"steady\",\"groups\":%d,\"members\":%d,\"beats_s\":%.0f,\"commits_s\":%.0f,\"failed\":%d,"
                            + "\"cpu_percent\":%.1f",
                    groups, size, beats.sum() / took, commits.sum() / took, failed.sum(), used / took / 10);
        }
    }

    /** Each member reports and commits in its own rhythm, spread evenly. */
    private static void run(List<Member> members, long end, LongAdder beats, LongAdder commits, LongAdder failed)
            throws IOException {
        long[] nextBeat = new long[members.size()];
        long[] nextCommit = new long[members.size()];
        long start = System.nanoTime();
        for (int i = 0; i < nextBeat.length; i++) {
            nextBeat[i] = start + (long) i * BEAT_MS * MS / nextBeat.length;
            nextCommit[i] = start + (long) i * COMMIT_MS * MS / nextBeat.length;
        }
        for (long now = start; now < end; now = System.nanoTime()) {
            for (int i = 0; i < nextBeat.length; i++) {
                Member member = members.get(i);
                if (nextBeat[i] <= now) {
                    nextBeat[i] += BEAT_MS * MS;
                    HeartbeatResponseData answer =
                            (HeartbeatResponseData) member.link().ask(ApiKeys.HEARTBEAT, 2, member.beat());
                    beats.increment();
                    failed.add(answer.errorCode() == 0 ? 0 : 1);
                }
                if (nextCommit[i] <= now) {
                    nextCommit[i] += COMMIT_MS * MS;
                    OffsetCommitResponseData answer = (OffsetCommitResponseData)
                            member.link().ask(ApiKeys.OFFSET_COMMIT, 6, member.commit(now / MS));
                    commits.increment();
                    failed.add(isGood(answer) ? 0 : 1);
                }
            }
            LockSupport.parkNanos(10 * MS);
        }
    }

    private static boolean isGood(OffsetCommitResponseData answer) {
        return answer.topics().stream()
                .allMatch(
                        topic -> topic.partitions().stream().allMatch(each -> each.errorCode() == Errors.NONE.code()));
    }

    private void closed(boolean commits, int connections, int flight, int seconds) throws Exception {
        ApiKeys key = commits ? ApiKeys.OFFSET_COMMIT : ApiKeys.HEARTBEAT;
        short version = (short) (commits ? 6 : 2);
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<Member>> entering = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                String group = commits ? "closed" : "closed-" + i;
                entering.add(threads.submit(() -> enter(new Link(port), group, commits ? connections : 1)));
            }
            List<Member> members = new ArrayList<>();
            for (Future<Member> each : entering) {
                members.add(each.get());
            }
            LongAdder done = new LongAdder();
            LongAdder failed = new LongAdder();
            List<Future<?>> running = new ArrayList<>();
            // A fifth of the time to warm up.
            long start = System.nanoTime() + seconds * 200L * MS;
            long end = start + seconds * 1000L * MS;
            for (Member member : members) {
                running.add(threads.submit(() -> {
                    pump(member, key, version, flight, start, end, done, failed);
                    return null;
                }));
            }
            LockSupport.parkNanos(start - System.nanoTime());
            long cpu = Processor.cpuMs(pid);
            LockSupport.parkNanos(end - System.nanoTime());
            long used = Processor.cpuMs(pid) - cpu;
            join(running);
            leave(members);
            say(
                    "\"workload\":\"%s\",\"connections\":%d,\"flight\":%d,\"per_s\":%.0f,\"failed\":%d,\"cpu_us_each\":%.1f",
                    commits ? "commits" : "beats",
                    connections,
                    flight,
                    done.sum() / (double) seconds,
                    failed.sum(),
                    used * 1000.0 / done.sum());
        }
    }

    private static void pump(
            Member member,
            ApiKeys key,
            short version,
            int flight,
            long start,
            long end,
            LongAdder done,
            LongAdder failed)
            throws IOException {
        long number = 0;
        for (int i = 0; i < flight; i++) {
            member.link().send(key, version, key == ApiKeys.HEARTBEAT ? member.beat() : member.commit(number++));
        }
        member.link().flush();
        for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
            ApiMessage answer = member.link().receive(key, version);
            boolean good = answer instanceof HeartbeatResponseData beat
                    ? beat.errorCode() == 0
                    : isGood((OffsetCommitResponseData) answer);
            failed.add(good ? 0 : 1);
            if (now >= start) {
                done.increment();
            }
            member.link().send(key, version, key == ApiKeys.HEARTBEAT ? member.beat() : member.commit(number++));
            if (!member.link().hasUnread()) {
                member.link().flush();
            }
        }
        member.link().flush();
        for (int i = 0; i < flight; i++) {
            member.link().receive(key, version);
        }
    }

    private void join(int members) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Link> links = new ArrayList<>();
            for (int i = 0; i < members; i++) {
                links.add(new Link(port));
            }
            long cpu = Processor.cpuMs(pid);
            long start = System.nanoTime();
            List<Future<Member>> entering = new ArrayList<>();
            for (Link link : links) {
                entering.add(threads.submit(() -> enter(link, "many-" + start, members)));
            }
            List<Member> entered = new ArrayList<>();
            for (Future<Member> each : entering) {
                entered.add(each.get());
            }
            say(
                    "\"workload\":\"join\",\"members\":%d,\"stable_after_ms\":%d,\"cpu_ms\":%d",
                    members, (System.nanoTime() - start) / MS, Processor.cpuMs(pid) - cpu);
            leave(entered);
        }
    }

    /** So that nothing is left of them that the broker would be busy with later. */
    private static void leave(List<Member> members) throws IOException {
        for (Member member : members) {
            LeaveGroupRequestData request =
                    new LeaveGroupRequestData().setGroupId(member.group()).setMemberId(member.id());
            member.link().ask(ApiKeys.LEAVE_GROUP, 1, request);
        }
    }

    private static void join(List<Future<?>> running) throws InterruptedException, ExecutionException {
        for (Future<?> each : running) {
            each.get();
        }
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency of its own
    static void say(String format, Object... values) {
        System.out.println("{" + String.format(Locale.ROOT, format, values) + "}");
    }
}
