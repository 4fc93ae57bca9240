package io.ottla.bench;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Offsets that a broker has to read when it starts, and how long it takes until it answers with all of them. */
final class StoredOffsets {
    private static final String TOPIC = "stored-offsets";
    private static final short COMMIT = 6;
    private static final short FETCH = 7;
    /** Requests on their way at once. */
    private static final int FLIGHT = 50;

    private static final int TRIES = 200;
    private static final long PAUSE_NS = 50_000_000;

    private final int port;

    StoredOffsets(int port) {
        this.port = port;
    }

    private static String group(int number) {
        return "stored-" + number;
    }

    void fill(int groups, int offsets) throws IOException {
        try (Link link = new Link(port)) {
            link.create(TOPIC, offsets);
            awaitTopic(link, offsets);
            long start = System.nanoTime();
            int answered = 0;
            for (int asked = 0; answered < groups; ) {
                while (asked < groups && asked - answered < FLIGHT) {
                    link.send(ApiKeys.OFFSET_COMMIT, COMMIT, commit(group(asked++), offsets));
                }
                link.flush();
                OffsetCommitResponseData answer =
                        (OffsetCommitResponseData) link.receive(ApiKeys.OFFSET_COMMIT, COMMIT);
                answered++;
                Errors error = error(answer);
                if (error != Errors.NONE) {
                    throw new IllegalStateException("Expected that offsets can be committed, but: " + error);
                }
            }
            GroupLoad.say(
                    "\"workload\":\"fill\",\"groups\":%d,\"offsets\":%d,\"took_ms\":%d",
                    groups, offsets, (System.nanoTime() - start) / 1_000_000);
        }
    }

    /** A broker may know of a topic a moment after it is made. */
    private static void awaitTopic(Link link, int offsets) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            if (error((OffsetCommitResponseData) link.ask(ApiKeys.OFFSET_COMMIT, COMMIT, commit(group(0), offsets)))
                    == Errors.NONE) {
                return;
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    private static Errors error(OffsetCommitResponseData answer) {
        return answer.topics().stream()
                .flatMap(topic -> topic.partitions().stream())
                .map(partition -> Errors.forCode(partition.errorCode()))
                .filter(error -> error != Errors.NONE)
                .findFirst()
                .orElse(Errors.NONE);
    }

    private static OffsetCommitRequestData commit(String group, int offsets) {
        List<OffsetCommitRequestPartition> partitions = new ArrayList<>();
        for (int i = 0; i < offsets; i++) {
            partitions.add(new OffsetCommitRequestPartition()
                    .setPartitionIndex(i)
                    .setCommittedOffset(1000L + i)
                    .setCommittedMetadata(""));
        }
        return new OffsetCommitRequestData()
                .setGroupId(group)
                .setGenerationIdOrMemberEpoch(-1)
                .setTopics(List.of(new OffsetCommitRequestTopic().setName(TOPIC).setPartitions(partitions)));
    }

    /** Prints a line when it waits, and Unix milliseconds when the first group is answered and when all are. */
    void await(int groups, int offsets) throws IOException {
        System.out.println("armed");
        try (Link link = connect()) {
            Deque<Integer> open = new ArrayDeque<>();
            for (int i = 0; i < groups; i++) {
                open.add(i);
            }
            boolean hasFirst = false;
            while (!open.isEmpty()) {
                List<Integer> asked = new ArrayList<>();
                while (!open.isEmpty() && asked.size() < FLIGHT) {
                    asked.add(open.poll());
                    link.send(ApiKeys.OFFSET_FETCH, FETCH, fetch(group(asked.getLast())));
                }
                link.flush();
                boolean refused = false;
                for (int number : asked) {
                    OffsetFetchResponseData answer =
                            (OffsetFetchResponseData) link.receive(ApiKeys.OFFSET_FETCH, FETCH);
                    if (answer.errorCode() == 0 && count(answer) == offsets) {
                        if (!hasFirst) {
                            hasFirst = true;
                            System.out.println("first " + System.currentTimeMillis());
                        }
                    } else {
                        refused = true;
                        open.add(number);
                    }
                }
                if (refused) {
                    LockSupport.parkNanos(2_000_000);
                }
            }
            System.out.println("all " + System.currentTimeMillis());
        }
    }

    private Link connect() {
        while (true) {
            try {
                return new Link(port);
            } catch (IOException e) {
                LockSupport.parkNanos(2_000_000);
            }
        }
    }

    private static int count(OffsetFetchResponseData answer) {
        return answer.topics().stream()
                .mapToInt(topic -> (int) topic.partitions().stream()
                        .filter(partition -> partition.committedOffset() == 1000L + partition.partitionIndex())
                        .count())
                .sum();
    }

    private static OffsetFetchRequestData fetch(String group) {
        return new OffsetFetchRequestData().setGroupId(group).setTopics(null);
    }
}
