package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.TestingLines;
import io.ottla.config.LogProperties;
import io.ottla.config.TopicProperties;
import io.ottla.metrics.Metrics;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogFoldersTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final TopicPartition PAYMENTS = new TopicPartition("payments", 3);
    private static final TopicId ID = new TopicId(1, 2);
    private static final LeaderEpoch EPOCH = new LeaderEpoch(0);

    @TempDir
    Path root;

    private final TestingTimer timer = new TestingTimer();
    private final TestingThreads threads = new TestingThreads();
    private final TestingClock clock = new TestingClock();
    private final List<String> offline = new ArrayList<>();
    private TestingDisk disk;
    private Metrics metrics;
    private LogProperties settings;

    @BeforeEach
    void begin() {
        disk = new TestingDisk(new Random(1));
        settings = LogProperties.DEFAULTS.withLogDirs(List.of(root.resolve("a"), root.resolve("b")));
    }

    private LogFolders open() throws IOException {
        return open(topic -> TopicProperties.DEFAULTS);
    }

    private LogFolders open(KnownTopics topics) throws IOException {
        metrics = new Metrics();
        FolderLocks locks =
                FolderLocks.lock(settings, new StorageEnvironment(disk, clock, timer, threads, new Random(1), metrics));
        try {
            locks.identify(1, "cluster");
            LogFolders folders =
                    locks.logs((folder, logs) -> offline.add(folder.path().getFileName() + " " + logs.size()));
            folders.open(topics);
            return folders;
        } catch (IOException e) {
            locks.release();
            throw e;
        }
    }

    private static PartitionLog create(LogFolders folders, TopicPartition partition) {
        CreateResult result = folders.create(partition, ID, TopicProperties.DEFAULTS, true)
                .toCompletableFuture()
                .join();
        return ((CreateResult.Created) result).log();
    }

    private AppendResult append(PartitionLog log) {
        return log.appendAsLeader(TestingBatches.plain(3, clock.wallMs(), 20), EPOCH, AppendOrigin.CLIENT);
    }

    @Test
    void shouldOpenAfterACleanStopWhatWasThere() throws IOException {
        // given
        LogFolders folders = open();
        PartitionLog orders = create(folders, ORDERS);
        append(orders);
        append(orders);
        orders.advanceHighWatermark(4);
        orders.advanceLogStart(2);
        create(folders, PAYMENTS);
        // when
        folders.close(17);
        assertThat(Files.readString(root.resolve("a/.kafka_cleanshutdown")))
                .isEqualTo("{\"version\":0,\"brokerEpoch\":17}");
        LogFolders again = open();
        // then
        PartitionLog found = again.find(ORDERS);
        assertThat(found.logStartOffset()).isEqualTo(2);
        assertThat(found.logEndOffset()).isEqualTo(6);
        assertThat(found.highWatermark()).isEqualTo(4);
        assertThat(found.topicId()).isEqualTo(ID);
        assertThat(again.find(PAYMENTS).logEndOffset()).isZero();
        assertThat(root.resolve("a/.kafka_cleanshutdown")).doesNotExist();
        assertThat(disk.opened("00000000000000000000.index")).isLessThanOrEqualTo(4);
        again.close(18);
    }

    @Test
    void shouldSayOfTornLogsThatTheyWereUntilAControllerKnows() throws IOException {
        // given  folders that were closed in order, and then were not
        LogFolders folders = open();
        create(folders, ORDERS);
        folders.close(17);
        LogFolders killed = open();
        assertThat(killed.closedUnder()).isEqualTo(17);
        killed.close(18);
        Files.delete(root.resolve("a/.kafka_cleanshutdown"));
        LogFolders torn = open();
        assertThat(torn.closedUnder()).isEqualTo(-1);
        // when   the broker is stopped before it could tell anybody
        torn.close(torn.closedUnder());
        // then   it has still to tell, though there is nothing to recover
        assertThat(root.resolve("a/.kafka_cleanshutdown")).exists();
        LogFolders again = open();
        assertThat(again.closedUnder()).isEqualTo(-1);
        // when   it could
        again.close(19);
        // then
        LogFolders told = open();
        assertThat(told.closedUnder()).isEqualTo(19);
        told.close(20);
        // and    what Kafka writes that has no epoch says that nothing is missing
        Files.writeString(root.resolve("a/.kafka_cleanshutdown"), "{\"version\":0,\"brokerEpoch\":-1}");
        LogFolders kafkas = open();
        assertThat(kafkas.closedUnder()).isZero();
        kafkas.close(21);
    }

    @Test
    void shouldWriteALogStartDownBeforeItCounts() throws IOException {
        // given
        LogFolders folders = open();
        PartitionLog orders = create(folders, ORDERS);
        append(orders);
        orders.advanceHighWatermark(3);
        orders.advanceLogStart(2);
        Path checkpoint = orders.folder().path().resolve("log-start-offset-checkpoint");

        // when
        boolean kept = orders.keepLogStart().toCompletableFuture().join();

        // then
        assertThat(kept).isTrue();
        assertThat(Files.readString(checkpoint)).isEqualTo("0\n1\norders 0 2\n");

        // and    where it can't be written, it does not count
        disk.failWrites(orders.folder().path(), "No space left on device");
        assertThat(orders.keepLogStart().toCompletableFuture().join()).isFalse();
        folders.close(1);
    }

    @Test
    void shouldSayInFewLinesHowFarRecoveryIs() throws IOException {
        // given  many logs, and a stop that was none
        LogFolders folders = open();
        for (int i = 0; i < 20; i++) {
            append(create(folders, new TopicPartition("orders", i)));
        }
        folders.close(1);
        Files.delete(root.resolve("a/.kafka_cleanshutdown"));
        Files.delete(root.resolve("b/.kafka_cleanshutdown"));

        // when   each disk takes seconds for each log
        clock.advanceWithEachLook(500);
        try (TestingLines lines = TestingLines.of(FolderOpening.class)) {
            open().close(1);

            // then   how far it is is said now and then, not of each log
            assertThat(lines.all())
                    .filteredOn(line -> line.contains("Opening 10 logs"))
                    .hasSize(2);
            assertThat(lines.all())
                    .filteredOn(line -> line.contains("still to come"))
                    .hasSizeBetween(2, 10);
            assertThat(lines.all())
                    .filteredOn(line -> line.matches("INFO Recovered 10 logs in .* in \\d+ ms: 10 segments read"))
                    .hasSize(2);
            assertThat(lines.all()).hasSizeLessThan(15);
        }
    }

    @Test
    void shouldSpreadNewLogsAndNameTheirSizes() throws IOException {
        LogFolders folders = open();
        create(folders, ORDERS);
        create(folders, PAYMENTS);
        append(folders.find(ORDERS));
        assertThat(folders.find(ORDERS).folder())
                .isNotSameAs(folders.find(PAYMENTS).folder());
        List<FolderView> views = folders.describe().toCompletableFuture().join();
        assertThat(views).allSatisfy(view -> assertThat(view.usableBytes()).isPositive());
        assertThat(views.getFirst().logs())
                .containsExactly(
                        new FolderView.LogView(ORDERS, folders.find(ORDERS).sizeBytes()));
        assertThat(value("kafka_log_log_logendoffset")).contains(3.0);
        folders.close(1);
    }

    private List<Double> value(String name) {
        return metrics.read().stream()
                .filter(family -> family.name().equals(name))
                .flatMap(family -> family.samples().stream())
                .map(sample -> ((Metrics.Sample.Level) sample).value())
                .toList();
    }

    @Test
    void shouldPreferTheFolderWithFewestLogs() throws IOException {
        LogFolders folders = open();
        disk.usable(root.resolve("a"), 600);
        disk.usable(root.resolve("b"), 1000);
        // when   several are made at once
        threads.holdBackground();
        List<CompletableFuture<CreateResult>> making = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            making.add(folders.create(new TopicPartition("t", i), TopicId.ZERO, TopicProperties.DEFAULTS, true)
                    .toCompletableFuture());
        }
        threads.runBackground();
        // then
        assertThat(making)
                .extracting(made -> ((CreateResult.Created) made.join())
                        .log()
                        .folder()
                        .path()
                        .getFileName()
                        .toString())
                .containsExactly("b", "a", "b", "a");
        folders.close(1);
    }

    @Test
    void shouldLeaveAFolderAloneThatHasMuchLessRoomThanAnother() throws IOException {
        LogFolders folders = open();
        disk.usable(root.resolve("a"), 400);
        disk.usable(root.resolve("b"), 1000);
        assertThat(create(folders, ORDERS).folder().path()).endsWith(Path.of("b"));
        assertThat(create(folders, PAYMENTS).folder().path()).endsWith(Path.of("b"));
        folders.close(1);
    }

    @Test
    void shouldGoOnWithoutANewFolderThatTakesNoName() throws IOException {
        // given  a disk that is full
        disk.failWrites(root.resolve("a/meta.properties.tmp"), "No space left on device");
        try (TestingLines lines = TestingLines.of(FolderLocks.class)) {
            // when
            LogFolders folders = open();

            // then
            assertThat(folders.offlineFolders()).isEqualTo(1);
            assertThat(create(folders, ORDERS).folder().path()).endsWith(Path.of("b"));
            assertThat(lines.all()).singleElement().asString().contains("/a can't be used", "No space left on device");
            folders.close(1);
        }

        // and    where none is left, it says so
        disk.failWrites(root.resolve("b/meta.properties.tmp"), "No space left on device");
        Files.delete(root.resolve("b/meta.properties"));
        assertThatThrownBy(this::open).hasMessageContaining("at least one log folder that works");
    }

    @Test
    void shouldDeleteALogAtOnceAndItsFilesLater() throws IOException {
        LogFolders folders = open();
        append(create(folders, ORDERS));
        folders.delete(ORDERS).toCompletableFuture().join();
        assertThat(folders.find(ORDERS)).isNull();
        assertThat(append(create(folders, ORDERS))).isInstanceOf(AppendResult.Appended.class);
        assertThat(names("a")).anyMatch(name -> name.matches("orders-0\\.[0-9a-f]{32}-delete"));
        timer.run(60_000);
        assertThat(names("a")).noneMatch(name -> name.endsWith("-delete"));
        folders.close(1);
    }

    @Test
    void shouldDeleteAfterARestartWhatWasToBeDeleted() throws IOException {
        LogFolders folders = open();
        append(create(folders, ORDERS));
        folders.delete(ORDERS).toCompletableFuture().join();
        folders.close(1);
        LogFolders again = open();
        timer.run(60_000);
        assertThat(names("a")).noneMatch(name -> name.endsWith("-delete"));
        again.close(1);
    }

    @Test
    void shouldSetALogOfAnotherTopicAsideAndNeverDeleteIt() throws IOException {
        // given
        LogFolders folders = open();
        append(create(folders, ORDERS));
        // when  the name is another topic's now
        folders.setAside(ORDERS, new TopicId(9, 9)).toCompletableFuture().join();
        // then  the old log is out of the way, whole, and the name is free
        assertThat(folders.find(ORDERS)).isNull();
        Path stray = onlyStray("a");
        assertThat(value("kafka_log_log_logendoffset")).isEmpty();
        assertThat(create(folders, ORDERS).logEndOffset()).isZero();
        // and  so it stays, over time and restarts
        timer.run(Long.MAX_VALUE);
        folders.close(1);
        LogFolders again = open();
        timer.run(Long.MAX_VALUE);
        assertThat(again.logs()).extracting(PartitionLog::topicPartition).containsExactly(ORDERS);
        assertThat(again.find(ORDERS).logEndOffset()).isZero();
        again.close(1);
        assertThat(onlyStray("a")).isEqualTo(stray);
        assertThat(stray.resolve("00000000000000000000.log")).isNotEmptyFile();
        // and  by its old name it would be read again
        Files.move(root.resolve("a/orders-0"), root.resolve("elsewhere"));
        Files.move(stray, root.resolve("a/orders-0"));
        LogFolders third = open();
        assertThat(TestingLogs.offsets(third.find(ORDERS), 0, 1000)).containsExactly(0L, 1L, 2L);
        third.close(1);
    }

    private Path onlyStray(String folder) throws IOException {
        List<String> strays = names(folder).stream()
                .filter(name -> name.matches("orders-0\\.[0-9a-f]{32}-stray"))
                .toList();
        assertThat(strays).hasSize(1);
        return root.resolve(folder).resolve(strays.getFirst());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    void shouldSetAsideAtStartOfTwoLogsOfAPartitionTheOneOfAnotherTopic(String old) throws IOException {
        // given  a log in one folder, and one of the topic that has the name now in the other
        TopicId now = new TopicId(9, 9);
        LogFolders folders = open();
        append(create(folders, ORDERS));
        folders.setAside(ORDERS, now).toCompletableFuture().join();
        folders.create(ORDERS, now, TopicProperties.DEFAULTS, true)
                .toCompletableFuture()
                .join();
        folders.close(1);
        Path stray = onlyStray("a");
        Path current = root.resolve(old.equals("a") ? "b" : "a").resolve("orders-0");
        if (old.equals("a")) {
            Files.move(root.resolve("a/orders-0"), current);
        }
        Files.move(stray, root.resolve(old).resolve("orders-0"));
        // when  nobody knows which it is
        assertThatThrownBy(this::open)
                .isInstanceOf(UnusableFolderException.class)
                .hasMessageContaining("orders-0 in one log folder");
        // and   the cluster knows the topic
        LogFolders again = open(new KnownTopics() {
            @Override
            public TopicProperties properties(String topic) {
                return TopicProperties.DEFAULTS;
            }

            @Override
            public TopicId id(String topic) {
                return now;
            }
        });
        // then
        assertThat(again.find(ORDERS).topicId()).isEqualTo(now);
        assertThat(again.find(ORDERS).folder().path()).isEqualTo(current.getParent());
        assertThat(onlyStray(old).resolve("00000000000000000000.log")).isNotEmptyFile();
        again.close(1);
    }

    private List<String> names(String folder) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(folder))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void shouldTakeAFailingFolderOfflineAndGoOnWithTheOther() throws IOException {
        // given
        LogFolders folders = open();
        PartitionLog orders = create(folders, ORDERS);
        PartitionLog payments = create(folders, PAYMENTS);
        append(orders);
        // when  the disk is full
        disk.failWrites(root.resolve("a"), "No space left on device");
        AppendResult refused = append(orders);
        // then
        assertThat(((AppendResult.Refused) refused).failure().error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(offline).containsExactly("a 1");
        assertThat(value("kafka_log_logmanager_offlinelogdirectorycount")).containsExactly(1.0);
        assertThat(orders.read(0, 3, 100, true)).isInstanceOf(ReadResult.Refused.class);
        assertThat(append(payments)).isInstanceOf(AppendResult.Appended.class);
        TopicPartition other = new TopicPartition("other", 0);
        assertThat(create(folders, other).folder()).isSameAs(payments.folder());
        assertThat(folders.create(new TopicPartition("old", 0), ID, TopicProperties.DEFAULTS, false)
                        .toCompletableFuture()
                        .join())
                .isInstanceOf(CreateResult.Refused.class);
        folders.close(1);
        assertThat(root.resolve("a/.kafka_cleanshutdown")).doesNotExist();
        assertThat(root.resolve("b/.kafka_cleanshutdown")).exists();
    }

    @Test
    void shouldRefuseForeignFoldersOthersIdentityAndASecondBroker() throws IOException {
        LogFolders folders = open();
        assertThatThrownBy(this::open)
                .isInstanceOf(UnusableFolderException.class)
                .hasMessageContaining(".lock");
        folders.close(1);
        Files.createDirectory(root.resolve("a/lost+found"));
        assertThatThrownBy(this::open)
                .isInstanceOf(UnusableFolderException.class)
                .hasMessageContaining("lost+found");
        Files.delete(root.resolve("a/lost+found"));
        Files.writeString(root.resolve("b/meta.properties"), "version=0\nbroker.id=2\ncluster.id=cluster\n");
        assertThatThrownBy(this::open)
                .isInstanceOf(UnusableFolderException.class)
                .hasMessageContaining("broker 2");
        Files.writeString(
                root.resolve("b/meta.properties"), "version=1\nnode.id=1\ncluster.id=cluster\ndirectory.id=x\n");
        open().close(1);
    }

    @Test
    void shouldWriteNothingAnywhereWhereOneFolderHoldsWhatIsNoBrokers() throws IOException {
        // given  somebody's photographs, some of them in a folder that bears a partition's name by chance
        Files.createDirectories(root.resolve("a/for/photos"));
        Files.createDirectories(root.resolve("b/photos-2020"));
        Files.writeString(root.resolve("b/photos-2020/a.jpg"), "a");
        Files.writeString(root.resolve("b/photos-2020/sync.log"), "a");

        // then   both are named, and not even a lock is made
        assertThatThrownBy(this::open)
                .isInstanceOf(UnusableFolderException.class)
                .hasMessageContaining("found " + root.resolve("a/for"))
                .hasMessageContaining(root.resolve("b/photos-2020").toString())
                .hasMessageContaining("partition 2020 of topic photos");
        assertThat(names("a")).containsExactly("for");
        assertThat(names("b")).containsExactly("photos-2020");
        assertThat(names("b/photos-2020")).containsExactlyInAnyOrder("a.jpg", "sync.log");
    }

    @Test
    void shouldOpenPartitionsThatACrashLeftUnfinished() throws IOException {
        // given  one that is empty, one that has only its metadata, one that lost all but an index
        open().close(1);
        Files.createDirectories(root.resolve("a/empty-0"));
        Files.createDirectories(root.resolve("a/named-0"));
        Files.writeString(root.resolve("a/named-0/partition.metadata"), "version: 0\ntopic_id: " + ID + "\n");
        Files.createDirectories(root.resolve("a/index-0"));
        Files.writeString(root.resolve("a/index-0/00000000000000000000.index"), "");
        Files.writeString(root.resolve("a/index-0/leader-epoch-checkpoint"), "0\n0\n");

        // then
        LogFolders folders = open();
        assertThat(folders.logs()).extracting(PartitionLog::topicPartition).hasSize(3);
        folders.close(1);
    }

    @Test
    void shouldSayWhereALogFolderIsAFile() throws IOException {
        // given
        Files.writeString(root.resolve("a"), "");
        Files.writeString(root.resolve("b"), "");

        // then
        assertThatThrownBy(this::open)
                .isInstanceOf(UnusableFolderException.class)
                .hasMessageContaining(root.resolve("a") + " is no folder")
                .hasMessageContaining(root.resolve("b") + " is no folder");
        Files.delete(root.resolve("b"));
        LogFolders folders = open();
        assertThat(folders.offlineFolders()).isEqualTo(1);
        folders.close(1);
    }

    @Test
    void shouldLoseNothingToCorruptCheckpoints() throws IOException {
        for (String content : List.of("", "0\n1\n", "garbage", "0\n1\norders 0 99999999\n", "0\n1\norders 0 -5\n")) {
            // given
            LogFolders folders = open();
            PartitionLog orders = create(folders, ORDERS);
            append(orders);
            long end = orders.logEndOffset();
            orders.advanceHighWatermark(end);
            folders.close(1);
            // when
            for (String name : List.of(
                    "recovery-point-offset-checkpoint",
                    "replication-offset-checkpoint",
                    "log-start-offset-checkpoint",
                    "orders-0/leader-epoch-checkpoint",
                    "orders-0/partition.metadata")) {
                Path file = orders.folder().path().resolve(name);
                Files.writeString(file, content, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
            }
            Files.deleteIfExists(orders.folder().path().resolve(".kafka_cleanshutdown"));
            LogFolders again = open();
            // then
            PartitionLog found = again.find(ORDERS);
            found.advanceHighWatermark(end);
            ((SegmentedLog) found).retain();
            assertThat(found.logStartOffset()).as(content).isZero();
            assertThat(found.logEndOffset()).as(content).isEqualTo(end);
            assertThat(found.latestEpoch()).as(content).isEqualTo(EPOCH);
            assertThat(TestingLogs.offsets(found, 0, 1 << 20)).hasSize((int) end);
            again.close(1);
        }
    }
}
