package io.ottla.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** How fast the members of one group are answered while others ask to join and are gone before the answer comes. */
final class JoinStorm {
    private static final int GROUPS = 10;
    private static final int JOINS_A_LINK = 100;
    private static final long BETWEEN_BEATS_NS = 5_000_000;

    private final int port;

    JoinStorm(int port) {
        this.port = port;
    }

    /** First calm, then with so many joins a second. */
    void run(int joinsASecond, int seconds) throws Exception {
        try (Link link = new Link(port);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            GroupLoad.Member quiet = GroupLoad.enter(link, "quiet", 1);
            beats(quiet, 2);
            long[] calm = beats(quiet, seconds);
            long end = System.nanoTime() + seconds * 1_000_000_000L;
            Future<Integer> storm = threads.submit(() -> storm(joinsASecond, end));
            long[] stormy = beats(quiet, seconds);
            GroupLoad.say(
                    "\"workload\":\"storm\",\"joins_s\":%d,\"calm_p50_us\":%d,\"calm_p99_us\":%d,\"storm_p50_us\":%d,"
                            + "\"storm_p99_us\":%d",
                    storm.get() / seconds, part(calm, 0.5), part(calm, 0.99), part(stormy, 0.5), part(stormy, 0.99));
        }
    }

    /** Nanoseconds that each heartbeat took, ascending. */
    private static long[] beats(GroupLoad.Member member, int seconds) throws IOException {
        long[] took = new long[(int) (seconds * 1_000_000_000L / BETWEEN_BEATS_NS)];
        long due = System.nanoTime();
        for (int i = 0; i < took.length; i++) {
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            long sent = System.nanoTime();
            HeartbeatResponseData answer =
                    (HeartbeatResponseData) member.link().ask(ApiKeys.HEARTBEAT, 2, member.beat());
            took[i] = System.nanoTime() - sent;
            if (answer.errorCode() != 0) {
                throw new IOException("Expected that the quiet member is served, but: error " + answer.errorCode());
            }
            due += BETWEEN_BEATS_NS;
        }
        Arrays.sort(took);
        return took;
    }

    private int storm(int joinsASecond, long end) throws IOException {
        int joins = 0;
        long due = System.nanoTime();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(due - System.nanoTime());
            due += JOINS_A_LINK * 1_000_000_000L / joinsASecond;
            try (Link vanishing = new Link(port)) {
                for (int i = 0; i < JOINS_A_LINK; i++) {
                    // Every other one with a version in which it is a member at once.
                    short version = (short) (i % 2 == 0 ? 5 : 3);
                    vanishing.send(ApiKeys.JOIN_GROUP, version, GroupLoad.joining("storm-" + joins % GROUPS, ""));
                    joins++;
                }
                vanishing.flush();
            }
        }
        return joins;
    }

    private static long part(long[] sorted, double part) {
        return sorted[(int) (sorted.length * part)] / 1000;
    }
}
