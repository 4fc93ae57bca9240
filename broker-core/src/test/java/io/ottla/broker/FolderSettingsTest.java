package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.zookeeper.TestingZooKeeper;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a broker keeps its logs, by what it tells its clients of its folders. */
final class FolderSettingsTest {
    private static final int PARTITIONS = 6;

    @TempDir
    Path folder;

    @AutoClose
    private final TestingZooKeeper zooKeeper = new TestingZooKeeper();

    @Test
    void shouldKeepLogsInTheOneFolderWhereNoOthersAreNamed() throws Exception {
        Path one = folder.resolve("one");

        assertThat(folders(Map.of("log.dirs", "", "log.dir", one.toString()))).containsOnlyKeys(one.toString());
    }

    @Test
    void shouldUseAllFoldersThatAreNamedAndNotTheOneBeside() throws Exception {
        Path one = folder.resolve("one");
        Path other = folder.resolve("other");

        Map<String, LogDirDescription> folders = folders(Map.of(
                "log.dirs",
                one + "," + other,
                "log.dir",
                folder.resolve("beside").toString()));

        assertThat(folders).containsOnlyKeys(one.toString(), other.toString());
        assertThat(folder.resolve("beside")).doesNotExist();
    }

    /** What a broker with these settings says of its folders when it has a topic. */
    private Map<String, LogDirDescription> folders(Map<String, String> settings) throws Exception {
        try (TestingBroker ottla = new TestingBroker(zooKeeper.address(), folder.resolve("logs"), settings);
                Admin admin = ottla.admin()) {
            admin.createTopics(List.of(new NewTopic("spread", PARTITIONS, (short) 1)))
                    .all()
                    .get();
            Map<String, LogDirDescription> folders =
                    admin.describeLogDirs(List.of(1)).allDescriptions().get().get(1);
            assertThat(folders.values().stream()
                            .mapToInt(each -> each.replicaInfos().size())
                            .sum())
                    .isEqualTo(PARTITIONS);
            return folders;
        }
    }
}
