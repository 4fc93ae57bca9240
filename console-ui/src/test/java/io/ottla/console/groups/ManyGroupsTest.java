package io.ottla.console.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.console.TestingCluster;
import io.ottla.console.TestingConsole;
import io.ottla.console.TestingPassword;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** 5,000 groups of 20 partitions each, behind an Admin client that takes 5 ms for each question. */
class ManyGroupsTest {
    private static final Logger log = LoggerFactory.getLogger("ottla.test");
    private static final int GROUPS = 5_000;
    private static final int MOST_QUESTIONS = 4;
    private static final Duration SOON = Duration.ofSeconds(1);

    private final TestingCluster topics = new TestingCluster();
    private final TestingGroups cluster = new TestingGroups(topics);

    @TempDir
    Path folder;

    @Test
    void shouldAskForAPageOfGroupsOnly() throws Exception {
        // given
        for (int topic = 0; topic < 100; topic++) {
            topics.with("topic-" + topic, 10);
        }
        for (int i = 0; i < GROUPS; i++) {
            TestingGroups.Held group =
                    cluster.with("group-" + i, i % 2 == 0 ? GroupType.CLASSIC : GroupType.CONSUMER, GroupState.STABLE);
            for (int partition = 0; partition < 10; partition++) {
                group.at("topic-" + i % 100, partition, 999 - i % 900);
                group.at("topic-" + (i + 1) % 100, partition, 999);
            }
        }
        cluster.before = () -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        try (TestingConsole console = TestingConsole.start(
                TestingPassword.in(folder), cluster.cluster(), Map.of("console.lag.refresh", "0"))) {
            console.logIn(TestingPassword.PASSWORD);
            console.get("/clusters/ottla/groups?page=2");

            for (String path :
                    new String[] {"", "?page=100", "?q=77&type=CONSUMER", "?sort=lag&dir=desc", "/group-4711"}) {
                // when
                cluster.calls.clear();
                long begun = System.nanoTime();
                String page = console.get("/clusters/ottla/groups" + path).body();
                Duration took = Duration.ofNanos(System.nanoTime() - begun);

                // then
                log.info("{}: {} ms, {}", path, took.toMillis(), cluster.calls);
                assertThat(page).contains("group-");
                assertThat(cluster.calls()).as(path).isLessThanOrEqualTo(MOST_QUESTIONS);
                assertThat(took).as(path).isLessThan(SOON);
            }
        }
    }
}
