package io.ottla.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.app.zookeeper.EmbeddedZooKeeper;
import io.ottla.console.clusters.ZooKeeperPort.Member;
import io.ottla.console.words.Wording;
import io.ottla.time.Clock;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FourLetterWordsTest {
    @Test
    void shouldAskARealServer(@TempDir Path folder) throws Exception {
        try (EmbeddedZooKeeper server =
                new EmbeddedZooKeeper(folder, 0, Clock.system(), (delayMs, task) -> () -> true, Runnable::run)) {
            server.start();

            Member member = FourLetterWords.ask(server.address());

            assertThat(member.answers()).isTrue();
            assertThat(member.mode()).isEqualTo("standalone");
            assertThat(member.version()).startsWith("3.9.");
            assertThat(member.nodes()).isPositive();
            assertThat(member.watches()).isNotNegative();
            assertThat(member.note()).isNull();
        }
    }

    @Test
    void shouldMakeDoWithTheWordThatIsOnByDefault() {
        Member member = FourLetterWords.ofSrvr("zk:2181", """
                Zookeeper version: 3.9.5-abc, built on 2026-01-01
                Latency min/avg/max: 0/0.6053/12
                Received: 77
                Sent: 76
                Connections: 3
                Outstanding: 1
                Zxid: 0x4e
                Mode: follower
                Node count: 141
                """);

        assertThat(member)
                .isEqualTo(new Member(
                        "zk:2181",
                        true,
                        "follower",
                        "3.9.5",
                        0.6053,
                        12,
                        3,
                        1,
                        -1,
                        141,
                        -1,
                        Wording.of("zookeeper.no-mntr")));
    }

    @Test
    void shouldSayThatNobodyAnswers() {
        Member member = FourLetterWords.ask("127.0.0.1:1");

        assertThat(member.answers()).isFalse();
        assertThat(member.note().toString()).contains("does not answer", "refused");
    }
}
