package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.record.CheckedBatches;
import io.ottla.types.LeaderEpoch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kafka's own {@code kafka-dump-log} reads our files without complaint.
 *
 * <p>One line of it is no complaint: for each segment but the first the tool says "Non-consecutive offsets in FILE: -1 is
 * followed by BASE", as it begins to count at -1 in each file. It says so of the segments that Kafka itself wrote, too:
 * {@link #shouldSayOfKafkasOwnSegmentsWhatItSaysOfOurs}.
 */
@Tag("full")
class DumpLogTest {
    private static final LeaderEpoch EPOCH = new LeaderEpoch(4);
    private static final Pattern NON_CONSECUTIVE =
            Pattern.compile("Non-consecutive offsets in (\\S+)\\n((?:\\s+-?\\d+ is followed by \\d+\\n)+)");
    private static final List<String> COMPLAINTS = List.of(
            "ismatch",
            "out of order",
            "isvalid: false",
            "isValid: false",
            "Exception",
            "orrupt",
            "bytes of trailing",
            "Non-consecutive",
            "ould not",
            "Unable",
            "WARN",
            "ERROR");

    @TempDir
    Path root;

    /** What the tool said, and how it ended. */
    private record Said(int exit, String text) {
        long lines(String regex) {
            return text.lines().filter(line -> line.matches(regex)).count();
        }
    }

    @BeforeAll
    static void fetchTheTools(@TempDir Path folder) throws IOException, InterruptedException {
        Path empty = Files.createFile(folder.resolve("00000000000000000000.log"));
        Said first = dump(folder, List.of(empty)); // where they are not there yet, Maven has its say too
        assertThat(first.exit()).as(first.text()).isZero();
    }

    private Said dump(List<Path> files, String... options) throws IOException, InterruptedException {
        return dump(root, files, options);
    }

    private static Said dump(Path root, List<Path> files, String... options) throws IOException, InterruptedException {
        Path output = Files.createTempFile(root, "dump", ".txt");
        List<String> command = new ArrayList<>();
        command.add(Path.of("..", "bin", "kafka-dump-log.sh").toString());
        command.add("--files");
        command.add(files.stream().map(Path::toString).collect(Collectors.joining(",")));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new Said(process.waitFor(), Files.readString(output));
    }

    private static List<Path> files(Path folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    /** What was said, without the line that the tool says of each segment but the first. */
    private static String withoutQuirk(String text) {
        Matcher matcher = NON_CONSECUTIVE.matcher(text);
        StringBuilder rest = new StringBuilder();
        while (matcher.find()) {
            String base = Path.of(matcher.group(1)).getFileName().toString().replace(".log", "");
            String quirk = "-1 is followed by " + Long.parseLong(base);
            matcher.appendReplacement(rest, matcher.group(2).strip().equals(quirk) ? "" : "$0");
        }
        return matcher.appendTail(rest).toString();
    }

    private static void assertNoComplaint(Said said) {
        assertThat(said.exit()).as(said.text()).isZero();
        assertThat(withoutQuirk(said.text())).doesNotContain(COMPLAINTS);
    }

    /** Several segments of batches of every kind, closed properly; how many records. */
    private int write(Path folder) throws IOException {
        Files.createDirectories(folder);
        TestingLogs logs = new TestingLogs(folder, Disk.system());
        SegmentedLog log = logs.create(TestingLogs.small(3000, 100));
        int sequence = 0;
        for (int round = 0; round < 6; round++) {
            long now = logs.clock.wallMs();
            for (CompressionType codec : CompressionType.values()) {
                append(log, TestingBatches.compressed(Compression.of(codec).build(), 3, now, 100));
                logs.clock.advance(5);
            }
            append(log, TestingBatches.plain(2, now - 50, 200));
            append(log, TestingBatches.idempotent(7000, 1, sequence, 4, now + 20));
            append(log, TestingBatches.idempotent(7001, 0, sequence, 4, now + 21));
            append(log, TestingBatches.transactional(9000 + round, 2, 0, 3, now + 30));
            append(log, TestingBatches.marker(9000 + round, 2, round % 2 == 0, 5, now + 31));
            sequence += 4;
            logs.clock.advance(100);
        }
        append(log, TestingBatches.transactional(9100, 2, 0, 3, logs.clock.wallMs()));
        int records = (int) log.logEndOffset();
        assertThat(log.segments()).isGreaterThan(3);
        log.close();
        return records;
    }

    private static void append(SegmentedLog log, CheckedBatches batches) {
        assertThat(log.appendAsLeader(batches, EPOCH, TestingBatches.origin(log, batches)))
                .isInstanceOf(AppendResult.Appended.class);
    }

    @Test
    void shouldReadOurSegments() throws Exception {
        // given
        int records = write(root.resolve("ours"));
        List<Path> segments = files(root.resolve("ours/t-0"), ".log");
        // when
        Said deep = dump(segments, "--print-data-log", "--deep-iteration");
        // then  all is there, and nothing is amiss
        assertNoComplaint(deep);
        assertThat(deep.lines("\\| offset: \\d+ .*")).isEqualTo(records);
        assertThat(deep.lines("baseOffset: .* isvalid: true")).isEqualTo(6 * 10 + 1);
        for (CompressionType codec : CompressionType.values()) {
            assertThat(deep.text()).contains("compresscodec: " + codec.name);
        }
        assertThat(deep.lines(".*isControl: true.*")).isEqualTo(6);
        assertThat(deep.lines("baseOffset: .* partitionLeaderEpoch: 4 .*")).isEqualTo(6 * 10 + 1);
        assertThat(deep.lines(".*endTxnMarker: ABORT.*")).isEqualTo(3);
    }

    @Test
    void shouldReadOurIndexes() throws Exception {
        // given
        write(root.resolve("ours"));
        Path folder = root.resolve("ours/t-0");
        List<Path> offsets = files(folder, ".index");
        // when  it compares each entry with the batches, then only looks over each file
        Said compared = dump(Stream.concat(offsets.stream(), files(folder, ".timeindex").stream())
                .toList());
        Said sane = dump(offsets, "--index-sanity-check");
        // then
        assertNoComplaint(compared);
        assertThat(compared.lines("offset: \\d+ position: \\d+")).isGreaterThan(5);
        assertThat(compared.lines("timestamp: \\d+ offset: \\d+")).isGreaterThan(5);
        assertNoComplaint(sane);
        assertThat(sane.lines(".* passed sanity check\\.")).isEqualTo(offsets.size());
    }

    @Test
    void shouldReadOurTransactionsAndProducers() throws Exception {
        // given
        write(root.resolve("ours"));
        Path folder = root.resolve("ours/t-0");
        List<Path> snapshots = files(folder, ".snapshot");
        // when
        Said aborted = dump(files(folder, ".txnindex"));
        Said producers = dump(snapshots);
        Said last = dump(List.of(snapshots.getLast()));
        // then
        assertNoComplaint(aborted);
        assertThat(aborted.lines("version: 0 producerId: 900[135] .*")).isEqualTo(3);
        assertNoComplaint(producers);
        assertNoComplaint(last);
        assertThat(last.lines("producerId: 7000 producerEpoch: 1 coordinatorEpoch: -1 .*empty.* lastSequence: 23 .*"))
                .isOne();
        assertThat(last.lines("producerId: 9100 .* currentTxnFirstOffset: OptionalLong\\[174] .*"))
                .isOne();
    }

    @Test
    void shouldReadSegmentsOfTheOldFormats() throws Exception {
        // given
        Path folder = Files.createDirectories(root.resolve("old"));
        TestingLogs logs = new TestingLogs(folder, Disk.system());
        SegmentedLog log = logs.create(TestingLogs.small(1500, 100));
        for (byte magic = 0; magic < 2; magic++) {
            for (Compression codec :
                    List.<Compression>of(Compression.NONE, Compression.gzip().build())) {
                for (int i = 0; i < 4; i++) {
                    long next = log.logEndOffset();
                    assertThat(log.appendAsFollower(
                                    TestingBatches.legacy(magic, next, codec, 3, logs.clock.wallMs() + next)))
                            .isInstanceOf(AppendResult.Appended.class);
                }
            }
        }
        long records = log.logEndOffset();
        assertThat(log.segments()).isGreaterThan(1);
        log.close();
        // when
        List<Path> all = new ArrayList<>(files(folder.resolve("t-0"), ".log"));
        Said deep = dump(all, "--print-data-log", "--deep-iteration");
        Said indexes = dump(files(folder.resolve("t-0"), ".index"));
        // then
        assertNoComplaint(deep);
        assertThat(deep.lines("\\| offset: \\d+ .*")).as(deep.text()).isEqualTo(records);
        assertNoComplaint(indexes);
    }

    @Test
    void shouldReadSegmentsThatAreCompacted() throws Exception {
        // given  batches of every kind, compacted several times, tombstones and markers on their way out among them
        TestingLogs logs = new TestingLogs(Files.createDirectories(root.resolve("compacted")), Disk.system());
        CompactedLog log = new CompactedLog(
                logs,
                new Random(5),
                new TestingTopic()
                        .segmentBytes(3000)
                        .indexIntervalBytes(100)
                        .delete(false)
                        .compact(true)
                        .deleteRetentionMs(2000)
                        .properties());
        for (int i = 0; i < 4; i++) {
            for (int write = 0; write < 100; write++) {
                log.write();
            }
            log.settle();
            log.compact(100);
        }
        logs.timer.run(Long.MAX_VALUE);
        log.log.close();
        // when
        List<Path> segments = files(logs.path(), ".log");
        Said deep = dump(segments, "--print-data-log", "--deep-iteration");
        List<Path> rest = new ArrayList<>(files(logs.path(), "index"));
        rest.addAll(files(logs.path(), ".snapshot"));
        Said indexes = dump(rest);
        // then  nothing is amiss but that offsets are missing
        assertThat(deep.exit()).as(deep.text()).isZero();
        assertThat(NON_CONSECUTIVE.matcher(deep.text()).replaceAll("")).doesNotContain(COMPLAINTS);
        assertThat(deep.lines("baseOffset: .* count: 0 .* isvalid: true")).isPositive();
        assertThat(deep.lines("baseOffset: .* deleteHorizonMs: OptionalLong\\[\\d+\\] .*"))
                .isPositive();
        assertThat(indexes.exit()).as(indexes.text()).isZero();
        assertThat(indexes.text()).doesNotContain(COMPLAINTS);
    }

    @Test
    void shouldSayOfKafkasOwnSegmentsWhatItSaysOfOurs() throws Exception {
        // given  segments that Kafka 3.9 wrote
        KafkaFolder.unpack(root.resolve("kafka"));
        List<Path> segments = files(root.resolve("kafka/data/plain-0"), ".log");
        assertThat(segments).hasSizeGreaterThan(2);
        // when
        Said said = dump(segments, "--print-data-log", "--deep-iteration");
        // then  of all but the first, and nothing else
        assertThat(said.lines("Non-consecutive offsets in .*")).isEqualTo(segments.size() - 1);
        assertNoComplaint(said);
    }

    @Test
    void shouldComplainWhereAFileIsDamaged() throws Exception {
        // given  a flipped bit in a value: the test above can fail
        write(root.resolve("ours"));
        Path segment = files(root.resolve("ours/t-0"), ".log").getFirst();
        byte[] bytes = Files.readAllBytes(segment);
        bytes[120] ^= 1;
        Files.write(segment, bytes);
        // when
        Said said = dump(List.of(segment), "--print-data-log", "--deep-iteration");
        // then
        assertThat(COMPLAINTS).anyMatch(said.text()::contains);
    }
}
