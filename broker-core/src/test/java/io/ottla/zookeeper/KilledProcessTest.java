package io.ottla.zookeeper;

import static io.ottla.zookeeper.TestingSessions.get;
import static io.ottla.zookeeper.TestingSessions.properties;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.concurrent.Waiting;
import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.BrokerImage.Endpoint;
import io.ottla.time.Clock;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.zookeeper.BrokerRegistration.Outcome;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed with {@code kill -9} leaves its session open; the next one must not wait for its end. */
class KilledProcessTest {
    private static final int SESSION_TIMEOUT_MS = 60_000;

    @TempDir
    Path folder;

    @Test
    void shouldRegisterAgainAtOnceAfterAKill() throws Exception {
        Path broker = Files.createDirectory(folder.resolve("broker"));
        try (TestingZooKeeper server = new TestingZooKeeper();
                TestingSessions sessions = new TestingSessions()) {
            // given  a broker in a process of its own, which is killed
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            KilledProcessTest.class.getName(),
                            server.address(),
                            broker.toString())
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader output = process.inputReader()) {
                String line = output.readLine();
                while (line != null && !line.startsWith("Registered")) {
                    line = output.readLine();
                }
                assertThat(line).startsWith("Registered");
            } finally {
                process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
            assertThat(server.hasNode("/brokers/ids/1")).isTrue();

            // when   the next process starts on the same folder
            long startNs = System.nanoTime();
            Outcome outcome = register(sessions, server.address(), broker);
            long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);

            // then   it is registered long before the session's end
            assertThat(outcome).isInstanceOf(Outcome.Registered.class);
            assertThat(tookMs).isLessThan(SESSION_TIMEOUT_MS / 10);

            // and    another folder with the same id still has to keep away
            assertThat(register(sessions, server.address(), Files.createDirectory(folder.resolve("other"))))
                    .isInstanceOf(Outcome.HeldBy.class);
        }
    }

    /** The process that gets killed. */
    public static void main(String[] arguments) throws Exception {
        TestingSessions sessions = new TestingSessions();
        Outcome outcome = register(sessions, arguments[0], Path.of(arguments[1]));
        System.out.println(outcome);
        Thread.currentThread().join();
    }

    private static Outcome register(TestingSessions sessions, String address, Path broker) throws Exception {
        ZooKeeperSession session = sessions.open(address, SESSION_TIMEOUT_MS, broker);
        new ClusterNodes(
                        session,
                        properties(address, 20_000),
                        Clock.system(),
                        new Random(1),
                        sessions.executor(),
                        Waiting.blocking())
                .prepare(Map.of());
        BrokerImage self = new BrokerImage(
                new BrokerId(1),
                BrokerEpoch.NONE,
                List.of(new Endpoint("PLAINTEXT", SecurityProtocol.PLAINTEXT, "127.0.0.1", 9092)),
                null,
                Map.of());
        BrokerRegistration registration =
                new BrokerRegistration(session, self, -1, Clock.system(), sessions.timer(), sessions.executor());
        return get(registration.register(5_000, later -> {}).toCompletableFuture());
    }
}
