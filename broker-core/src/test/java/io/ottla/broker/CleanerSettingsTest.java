package io.ottla.broker;

import static io.ottla.broker.TopicBehaviours.always;
import static io.ottla.broker.TopicBehaviours.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.BrokerConfig;
import io.ottla.config.CleanerProperties;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a broker compacts, as it is set at start, and, where it can be, while it runs. */
final class CleanerSettingsTest {
    private static final Map<String, String> COMPACTED =
            Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0");
    private static final long ROLL_MS = TimeUnit.DAYS.toMillis(8);

    @TempDir
    Path folder;

    private TopicScene start(String name, String value) throws Exception {
        TopicScene scene = new TopicScene(folder, false, Map.of(name, value));
        scene.begin(1);
        scene.set(COMPACTED);
        return scene;
    }

    /** Two segments that can be compacted, and the active one. */
    private static void write(TopicScene scene) throws Exception {
        long old = System.currentTimeMillis() - 3 * ROLL_MS;
        for (int i = 0; i < 3; i++) {
            scene.write(10_000, old + i * ROLL_MS);
        }
    }

    private static boolean isCompacted(TopicScene scene) throws Exception {
        return scene.checkpoint("cleaner-offset-checkpoint") == 2 && scene.oldRecords() == 1;
    }

    private static boolean isUntouched(TopicScene scene) throws Exception {
        return scene.files(".log").size() == 3 && scene.oldRecords() == 1;
    }

    @Test
    void shouldNotCompactWhereItIsSwitchedOff() throws Exception {
        try (TopicScene scene = start("log.cleaner.enable", "false")) {
            write(scene);
            always(() -> isUntouched(scene));
        }
    }

    @Test
    void shouldCompactOnceThereIsAThreadForIt() throws Exception {
        try (TopicScene scene = start("log.cleaner.threads", "0")) {
            write(scene);
            always(() -> isUntouched(scene));
            scene.ofBrokers(Map.of("log.cleaner.threads", "2"));
            until(() -> isCompacted(scene));
        }
    }

    @Test
    void shouldMoveNoMoreBytesThanItMay() throws Exception {
        try (TopicScene scene = start("log.cleaner.io.max.bytes.per.second", "1")) {
            write(scene);
            scene.begin(1); // the first log owes hours, whatever is done to the next
            scene.set(COMPACTED);
            write(scene);
            always(() -> isUntouched(scene));
            scene.ofBrokers(Map.of("log.cleaner.io.max.bytes.per.second", "1000000000"));
            until(() -> isCompacted(scene));
        }
    }

    @Test
    void shouldRestWhereThereIsNothingToDo() throws Exception {
        // given  a thread that has looked once, and rests for an hour
        try (TopicScene scene = start("log.cleaner.backoff.ms", "3600000")) {
            write(scene);
            always(() -> isUntouched(scene));
        }
    }

    @Test
    void shouldGoByWhatIsConfigured() {
        BrokerConfig config = BrokerConfig.of(Map.of(
                "log.cleaner.threads", "3",
                "log.cleaner.io.max.bytes.per.second", "1e6",
                "log.cleaner.dedupe.buffer.size", "5000000",
                "log.cleaner.io.buffer.size", "70000",
                "log.cleaner.io.buffer.load.factor", "0.7",
                "log.cleaner.backoff.ms", "11"));
        assertThat(config.log().cleaner()).isEqualTo(new CleanerProperties(true, 3, 1e6, 5_000_000, 70_000, 0.7, 11));
        assertThat(BrokerConfig.of(Map.of()).log().cleaner()).isEqualTo(CleanerProperties.DEFAULTS);
    }
}
