package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.concurrent.Threads;
import io.ottla.config.LogProperties;
import io.ottla.config.TopicProperties;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.TopicImage;
import io.ottla.metrics.Metrics;
import io.ottla.storage.Disk;
import io.ottla.storage.FolderLocks;
import io.ottla.storage.LogFolders;
import io.ottla.storage.StorageEnvironment;
import io.ottla.storage.StoragePools;
import io.ottla.time.Clock;
import io.ottla.time.TimerWheel;
import io.ottla.types.BrokerId;
import io.ottla.types.DeletedLog;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import io.ottla.zookeeper.DeletedLogs;
import io.ottla.zookeeper.TestingSessions;
import io.ottla.zookeeper.TestingZooKeeper;
import io.ottla.zookeeper.ZooKeeperSession;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pcollections.TreePVector;

class DeletionNotesTest {
    private static final BrokerId SELF = new BrokerId(1);
    private static final TopicId GONE = new TopicId(1, 1);
    private static final TopicId STAYS = new TopicId(2, 2);

    @AutoClose
    private final TestingZooKeeper zooKeeper = new TestingZooKeeper();

    @AutoClose
    private final TestingSessions sessions = new TestingSessions();

    @AutoClose
    private final TimerWheel timer = new TimerWheel(Clock.system(), Threads.named("test-timer"));

    @AutoClose
    private final StoragePools pools = new StoragePools(1, 1);

    private LogFolders folders;
    private ZooKeeperSession session;
    private DeletedLogs stored;
    private DeletionNotes notes;

    @BeforeEach
    void open(@TempDir Path root) throws Exception {
        folders = FolderLocks.lock(
                        LogProperties.DEFAULTS.withLogDirs(List.of(root)),
                        new StorageEnvironment(
                                Disk.system(), Clock.system(), timer, pools, new Random(1), new Metrics()))
                .logs((_, _) -> {});
        folders.open(_ -> TopicProperties.DEFAULTS);
        create("gone", GONE);
        create("stays", STAYS);
        session = sessions.open(zooKeeper.address(), 10_000, root);
        stored = new DeletedLogs(session, sessions.executor());
        notes = new DeletionNotes(SELF, stored, folders);
        for (String path : List.of("/ottla", "/ottla/deleted_logs", "/ottla/deleted_logs/1")) {
            make(path, "");
        }
    }

    @AfterEach
    void close() {
        folders.close(1);
    }

    private void create(String topic, TopicId id) {
        folders.create(new TopicPartition(topic, 0), id, TopicProperties.DEFAULTS, true)
                .toCompletableFuture()
                .join();
    }

    private void make(String path, String data) throws Exception {
        session.requests(Runnable::run)
                .create(
                        path,
                        data.getBytes(StandardCharsets.UTF_8),
                        session.acls().of(path),
                        CreateMode.PERSISTENT)
                .get();
    }

    @Test
    void shouldDeleteWhatCameBetweenTheLookAtTheNotesAndTheFirstImage() throws Exception {
        // given  the notes were read; then one came, and one of a topic whose end the cluster has yet to tell
        assertThat(notes.read().toCompletableFuture().get()).isEmpty();
        make("/ottla/deleted_logs/1/" + GONE, "gone");
        make("/ottla/deleted_logs/1/" + STAYS, "stays");
        // when
        notes.lookAgain(ClusterImage.EMPTY.with(
                new MetadataChange.TopicSet(new TopicImage("stays", STAYS, TreePVector.empty(), true))));
        // then
        await().until(() -> stored.of(SELF).toCompletableFuture().get().equals(Set.of(DeletedLog.allOf(STAYS))));
        assertThat(folders.find(new TopicPartition("gone", 0))).isNull();
        assertThat(folders.find(new TopicPartition("stays", 0))).isNotNull();
    }
}
