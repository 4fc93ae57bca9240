package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.LogProperties;
import io.ottla.metrics.Metrics;
import io.ottla.record.CheckedBatches;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A folder that Kafka 3.9 wrote opens and serves, whatever became of the files beside its segments. */
class KafkaFolderTest {
    private static final LeaderEpoch EPOCH = new LeaderEpoch(4);
    private static final List<String> CHECKPOINTS = List.of(
            "recovery-point-offset-checkpoint",
            "replication-offset-checkpoint",
            "log-start-offset-checkpoint",
            "cleaner-offset-checkpoint");

    /** What became of the folder after Kafka was stopped. */
    enum Fate {
        UNTOUCHED,
        KILLED,
        WITHOUT_INDEXES,
        KILLED_AND_WITHOUT_INDEXES,
        KILLED_AND_WITHOUT_CHECKPOINTS,
        ONLY_SEGMENTS;

        boolean knowsLogStarts() {
            return this != KILLED_AND_WITHOUT_CHECKPOINTS && this != ONLY_SEGMENTS;
        }
    }

    @TempDir
    Path root;

    private final TestingClock clock = new TestingClock();
    private KafkaFolder kafka;
    private Path data;

    @BeforeEach
    void unpack() throws IOException {
        kafka = KafkaFolder.unpack(root);
        data = root.resolve("data");
    }

    private LogFolders open() throws IOException {
        LogProperties settings = LogProperties.DEFAULTS.withLogDirs(List.of(data));
        FolderLocks locks = FolderLocks.lock(
                settings,
                new StorageEnvironment(
                        Disk.system(), clock, new TestingTimer(), new TestingThreads(), new Random(1), new Metrics()));
        locks.identify(1, locks.identities().values().iterator().next().clusterId());
        LogFolders folders = locks.logs((folder, logs) -> {
            throw new AssertionError("Expected no folder to fail, but " + folder + " did");
        });
        folders.open(topic -> TestingLogs.small(1500, 200));
        return folders;
    }

    private void befall(Fate fate) throws IOException {
        switch (fate) {
            case UNTOUCHED -> {}
            case KILLED -> delete("\\.kafka_cleanshutdown");
            case WITHOUT_INDEXES -> delete(".*index");
            case KILLED_AND_WITHOUT_INDEXES -> delete("\\.kafka_cleanshutdown|.*index");
            case KILLED_AND_WITHOUT_CHECKPOINTS -> delete("\\.kafka_cleanshutdown|.*checkpoint");
            case ONLY_SEGMENTS -> delete("\\.kafka_cleanshutdown|.*checkpoint|.*index|.*snapshot");
        }
    }

    private void delete(String names) throws IOException {
        for (Path file : allFiles()) {
            if (file.getFileName().toString().matches(names)) {
                Files.delete(file);
            }
        }
    }

    private List<Path> allFiles() throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** The sizes of all segments' files, by name. */
    private Map<String, Long> segments() throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        for (Path file : allFiles()) {
            if (file.toString().endsWith(".log") && Files.size(file) > 0) {
                sizes.put(data.relativize(file).toString(), Files.size(file));
            }
        }
        return sizes;
    }

    private static PartitionLog log(LogFolders folders, String topic) {
        return folders.find(new TopicPartition(topic, 0));
    }

    @ParameterizedTest
    @EnumSource
    void shouldServeWhatKafkaWroteAndGoOn(Fate fate) throws Exception {
        // given
        Map<TopicPartition, List<LeaderEpochs.Entry>> epochs = epochs();
        Map<String, Long> before = segments();
        befall(fate);
        // when
        LogFolders folders = open();
        // then
        assertThat(segments()).isEqualTo(before);
        assertThat(kafka.topics()).hasSize(9);
        for (String topic : kafka.topics()) {
            PartitionLog log = log(folders, topic);
            log.advanceHighWatermark(log.logEndOffset());
            checkOffsets(fate, topic, log);
            checkRecords(topic, log);
            checkCommitted(topic, log);
            checkTimes(topic, log);
            checkProducers(topic, log);
            checkEpochs(fate, epochs.get(log.topicPartition()), log);
            assertThat(log.topicId()).as(topic).isNotEqualTo(TopicId.ZERO);
        }
        // and  it goes on, also after a restart
        int appended = goOn(folders);
        folders.close(1);
        LogFolders again = open();
        for (String topic : kafka.topics()) {
            PartitionLog log = log(again, topic);
            checkRecords(topic, log);
            checkTimes(topic, log);
            assertThat(log.logEndOffset()).as(topic).isGreaterThanOrEqualTo(end(topic) + appended);
            assertThat(log.latestEpoch()).isEqualTo(EPOCH);
        }
        again.close(1);
    }

    private long end(String topic) {
        return Long.parseLong(kafka.of("offsets", topic).getFirst().get(2));
    }

    private void checkOffsets(Fate fate, String topic, PartitionLog log) {
        List<String> offsets = kafka.of("offsets", topic).getFirst();
        long end = Long.parseLong(offsets.get(2));
        long lastStable = Long.parseLong(offsets.get(1));
        long start = Long.parseLong(offsets.get(0));
        assertThat(log.logEndOffset()).as(topic).isEqualTo(end);
        assertThat(log.highWatermark()).as(topic).isEqualTo(end);
        assertThat(log.firstUnstableOffset().orElse(end)).as(topic).isEqualTo(lastStable);
        if (fate.knowsLogStarts()) {
            assertThat(log.logStartOffset()).as(topic).isEqualTo(start);
        } else {
            assertThat(log.logStartOffset()).as(topic).isBetween(0L, start);
        }
    }

    private void checkRecords(String topic, PartitionLog log) throws IOException {
        List<List<String>> expected = kafka.of("record", topic);
        long start = Long.parseLong(kafka.of("offsets", topic).getFirst().get(0));
        List<List<String>> found = new ArrayList<>();
        for (MutableRecordBatch batch : batches(log, start, end(topic))) {
            batch.ensureValid();
            for (Record record : batch) {
                if (!batch.isControlBatch() && record.offset() >= start && record.offset() < end(topic)) {
                    found.add(List.of(
                            Long.toString(record.offset()),
                            Long.toString(record.timestamp()),
                            StandardCharsets.UTF_8.decode(record.key()).toString(),
                            Long.toString(crc(record.value()))));
                }
            }
        }
        assertThat(found).as(topic).isEqualTo(expected);
    }

    private static long crc(ByteBuffer value) {
        CRC32 crc = new CRC32();
        crc.update(value);
        return crc.getValue();
    }

    private static List<MutableRecordBatch> batches(PartitionLog log, long from, long upTo) {
        List<MutableRecordBatch> all = new ArrayList<>();
        long next = from;
        while (next < upTo) {
            ReadResult.Found found = (ReadResult.Found) log.read(next, upTo, 700, true);
            assertThat(found.slices()).isNotEmpty();
            for (FileSlice slice : found.slices()) {
                for (MutableRecordBatch batch : TestingLogs.batches(slice)) {
                    all.add(batch);
                    next = batch.lastOffset() + 1;
                }
                slice.release();
            }
        }
        return all;
    }

    /** As a consumer of committed records does it: up to the last stable offset, without what was aborted. */
    private void checkCommitted(String topic, PartitionLog log) {
        long start = Long.parseLong(kafka.of("offsets", topic).getFirst().get(0));
        long lastStable = log.firstUnstableOffset().orElse(log.logEndOffset());
        List<AbortedTransaction> aborted = log.abortedTransactions(start, lastStable);
        Set<Long> aborting = new HashSet<>();
        List<List<String>> found = new ArrayList<>();
        for (MutableRecordBatch batch : batches(log, start, lastStable)) {
            if (batch.isControlBatch()) {
                Record marker = batch.iterator().next();
                if (ControlRecordType.parse(marker.key()) == ControlRecordType.ABORT) {
                    assertThat(aborting.remove(batch.producerId())).isTrue();
                }
                continue;
            }
            for (AbortedTransaction one : aborted) {
                if (one.producerId() == batch.producerId() && one.firstOffset() == batch.baseOffset()) {
                    aborting.add(one.producerId());
                }
            }
            if (!batch.isTransactional() || !aborting.contains(batch.producerId())) {
                batch.forEach(record -> found.add(List.of(Long.toString(record.offset()))));
            }
        }
        found.removeIf(offset -> Long.parseLong(offset.getFirst()) < start);
        assertThat(aborting).isEmpty();
        assertThat(found).as(topic).isEqualTo(kafka.of("committed", topic));
        assertThat(aborted).hasSize(topic.equals("transactions") ? 6 : 0);
    }

    private void checkTimes(String topic, PartitionLog log) {
        for (List<String> line : kafka.of("time", topic)) {
            long timestamp = Long.parseLong(line.get(0));
            TimestampOffset found = log.offsetForTimestamp(timestamp, end(topic))
                    .toCompletableFuture()
                    .join();
            assertThat(found.offset()).as("%s at %s", topic, timestamp).isEqualTo(Long.parseLong(line.get(1)));
        }
    }

    private void checkProducers(String topic, PartitionLog log) {
        List<List<String>> found = new ArrayList<>();
        for (ProducerView view : log.activeProducers()) {
            found.add(List.of(
                    Long.toString(view.producerId()),
                    Integer.toString(view.producerEpoch()),
                    Integer.toString(view.lastSequence()),
                    Long.toString(view.lastTimestamp()),
                    Long.toString(view.currentTransactionStartOffset())));
        }
        assertThat(found).as(topic).containsExactlyInAnyOrderElementsOf(kafka.of("producer", topic));
    }

    private Map<TopicPartition, List<LeaderEpochs.Entry>> epochs() throws IOException {
        Map<TopicPartition, List<LeaderEpochs.Entry>> epochs = new TreeMap<>();
        for (String topic : kafka.topics()) {
            TopicPartition partition = new TopicPartition(topic, 0);
            Path file = data.resolve(partition.toString()).resolve("leader-epoch-checkpoint");
            List<LeaderEpochs.Entry> entries = new ArrayList<>();
            for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
                String[] words = line.split(" ");
                if (words.length == 2 && Long.parseLong(words[1]) < end(topic)) {
                    entries.add(new LeaderEpochs.Entry(Integer.parseInt(words[0]), Long.parseLong(words[1])));
                }
            }
            epochs.put(partition, entries);
        }
        return epochs;
    }

    private static void checkEpochs(Fate fate, List<LeaderEpochs.Entry> expected, PartitionLog log) {
        boolean oldFormat = log.topicPartition().topic().startsWith("magic");
        if (oldFormat && (fate == Fate.ONLY_SEGMENTS || fate == Fate.KILLED_AND_WITHOUT_CHECKPOINTS)) {
            return; // these batches name no epoch
        }
        for (int i = 0; i < expected.size(); i++) {
            LeaderEpoch epoch = new LeaderEpoch(expected.get(i).epoch());
            long end = i + 1 < expected.size() ? expected.get(i + 1).startOffset() : log.logEndOffset();
            assertThat(log.endOffsetOf(epoch)).as(log.toString()).isEqualTo(new EpochEnd(epoch, end));
            assertThat(log.epochAt(end - 1)).isEqualTo(epoch);
        }
    }

    /** Appends to each log, as those who wrote before it do; how many records to each at least. */
    private int goOn(LogFolders folders) {
        for (String topic : kafka.topics()) {
            PartitionLog log = log(folders, topic);
            long next = log.logEndOffset();
            assertThat(append(log, TestingBatches.plain(3, clock.wallMs(), 50)))
                    .isInstanceOfSatisfying(
                            AppendResult.Appended.class,
                            appended -> assertThat(appended.firstOffset()).isEqualTo(next));
        }
        goOnIdempotently(log(folders, "idempotent"));
        endTransaction(log(folders, "transactions"));
        return 3;
    }

    private void goOnIdempotently(PartitionLog log) {
        long producer = producer("idempotent", 2, "29"); // the one that wrote 0 to 29 in epoch 0
        assertThat(append(log, TestingBatches.idempotent(producer, 0, 31, 1, clock.wallMs())))
                .isInstanceOf(AppendResult.Refused.class);
        assertThat(append(log, TestingBatches.idempotent(producer, 0, 30, 2, clock.wallMs())))
                .isInstanceOf(AppendResult.Appended.class);
        assertThat(append(log, TestingBatches.idempotent(producer, 0, 30, 2, clock.wallMs())))
                .isInstanceOf(AppendResult.Duplicate.class);
    }

    private void endTransaction(PartitionLog log) {
        long first = end("transactions") - 4;
        long producer = producer("transactions", 4, Long.toString(first));
        assertThat(log.firstUnstableOffset()).hasValue(first);
        assertThat(append(log, TestingBatches.transactional(producer, 0, 4, 1, clock.wallMs())))
                .isInstanceOf(AppendResult.Appended.class);
        AppendResult marker = log.appendAsLeader(
                TestingBatches.marker(producer, 0, false, 0, clock.wallMs()), EPOCH, AppendOrigin.COORDINATOR);
        assertThat(marker).isInstanceOf(AppendResult.Appended.class);
        log.advanceHighWatermark(log.logEndOffset());
        assertThat(log.firstUnstableOffset()).isEmpty();
        assertThat(log.abortedTransactions(first, log.logEndOffset()))
                .containsExactly(new AbortedTransaction(producer, first));
    }

    /** The id of the producer of whom the word of that number says so. */
    private long producer(String topic, int word, String says) {
        List<List<String>> found = kafka.of("producer", topic).stream()
                .filter(words -> words.get(word).equals(says))
                .toList();
        assertThat(found).hasSize(1);
        return Long.parseLong(found.getFirst().getFirst());
    }

    private static AppendResult append(PartitionLog log, CheckedBatches batches) {
        return log.appendAsLeader(batches, EPOCH, TestingBatches.origin(log, batches));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0\n1\n",
                "\u0000\u0000\u0000\u0000",
                "0\n1\nplain 0 99999999\n",
                "0\n1\nplain 0 -7\n",
                "1\n0\n"
            })
    void shouldDeleteNothingBecauseOfAnUnreadableCheckpoint(String content) throws IOException {
        for (boolean clean : new boolean[] {true, false}) {
            // given
            kafka = KafkaFolder.unpack(root);
            Map<String, Long> before = segments();
            for (String name : CHECKPOINTS) {
                Files.writeString(data.resolve(name), content);
            }
            for (Path file : allFiles()) {
                if (file.endsWith("leader-epoch-checkpoint")) {
                    Files.writeString(file, content);
                }
            }
            if (!clean) {
                delete("\\.kafka_cleanshutdown");
            }
            // when
            LogFolders folders = open();
            for (PartitionLog log : folders.logs()) {
                ((SegmentedLog) log).retain();
            }
            // then
            assertThat(segments()).isEqualTo(before);
            for (String topic : kafka.topics()) {
                checkRecords(topic, log(folders, topic));
            }
            folders.close(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldLearnTransactionsAgainWhereTheirIndexIsDamaged(boolean clean) throws IOException {
        // given
        for (Path file : allFiles()) {
            if (file.toString().endsWith(".txnindex")) {
                byte[] bytes = Files.readAllBytes(file);
                bytes[bytes.length - 34 + 10] ^= (byte) 0x80; // a sign: of the first offset
                Files.write(file, bytes);
            }
        }
        if (!clean) {
            delete("\\.kafka_cleanshutdown");
        }
        // when
        LogFolders folders = open();
        // then
        PartitionLog log = log(folders, "transactions");
        log.advanceHighWatermark(log.logEndOffset());
        checkCommitted("transactions", log);
        folders.close(1);
    }

    @Test
    void shouldCutATornTailOfEachLogAndNothingElse() throws IOException {
        // given  a killed Kafka whose last write was torn
        delete("\\.kafka_cleanshutdown|recovery-point-offset-checkpoint");
        for (String topic : kafka.topics()) {
            Path last = null;
            for (Path file : allFiles()) {
                if (file.startsWith(data.resolve(topic + "-0"))
                        && file.toString().endsWith(".log")) {
                    last = last == null || last.compareTo(file) < 0 ? file : last;
                }
            }
            byte[] whole = Files.readAllBytes(last);
            byte[] torn = Arrays.copyOf(whole, whole.length + 70);
            System.arraycopy(whole, 0, torn, whole.length, Math.min(whole.length, 40));
            Files.write(last, torn);
        }
        // when
        LogFolders folders = open();
        // then
        for (String topic : kafka.topics()) {
            checkRecords(topic, log(folders, topic));
            assertThat(log(folders, topic).logEndOffset()).as(topic).isEqualTo(end(topic));
        }
        folders.close(1);
    }
}
