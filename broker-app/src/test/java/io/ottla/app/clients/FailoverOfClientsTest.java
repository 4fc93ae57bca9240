package io.ottla.app.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.app.ReplicatedTopic;
import io.ottla.app.ThreeBrokers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What idempotent producers, Java's of several releases and librdkafka's, see when the broker that they send to is killed. */
@Tag("full")
class FailoverOfClientsTest {
    private static final Set<Integer> ALL = Set.of(1, 2, 3);
    private static final String LIBRDKAFKA = "librdkafka";

    /** As Debian packages it. */
    private static final List<String> CONFLUENT_LOAD =
            List.of("/usr/bin/python3", "src/test/resources/io/ottla/app/clients/confluent_load.py");

    @TempDir
    static Path folder;

    private static ThreeBrokers brokers;

    @BeforeAll
    static void start() throws Exception {
        brokers = ThreeBrokers.start(folder);
    }

    @AfterAll
    static void stop() {
        brokers.close();
    }

    private static ForeignLoad load(String client, String topic, int partitions)
            throws IOException, InterruptedException {
        String[] arguments = {brokers.bootstrap(), topic, Integer.toString(partitions), "4"};
        if (!client.equals(LIBRDKAFKA)) {
            return new ForeignLoad(folder, ClientRelease.of(client).command(ClientLoad.class, arguments));
        }
        List<String> command = new ArrayList<>(CONFLUENT_LOAD);
        command.addAll(List.of(arguments));
        return new ForeignLoad(folder, command.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1", "2.3.1", "2.8.2", "4.4.0", LIBRDKAFKA})
    void shouldFailNothingInASteadyFlow(String client) throws Exception {
        shouldFailNothing(client, "steady-" + client, 1);
    }

    /** The new leader knows some of these producers not at all, and they have sent more than one batch. */
    @ParameterizedTest
    @ValueSource(strings = {"1.1.1", "2.3.1", "2.8.2", "4.4.0", LIBRDKAFKA})
    void shouldFailNothingWherePartitionsAreWrittenToForTheFirstTime(String client) throws Exception {
        shouldFailNothing(client, "first-" + client, 300);
    }

    private static void shouldFailNothing(String client, String name, int partitions) throws Exception {
        ReplicatedTopic topic = ReplicatedTopic.create(brokers, name, partitions, List.of(1, 2, 3));
        try (ForeignLoad load = load(client, name, partitions)) {
            // given  a flow of numbers
            load.awaitMore(200);

            // when   their leader is killed, and comes back
            int leader = topic.leader();
            brokers.kill(leader);
            load.awaitMore(400);
            brokers.start(leader);
            topic.awaitInSync(ALL);
            load.awaitMore(200);
            load.stop();

            // then   nothing has failed, is missing, twice, or out of order
            assertThat(load.complaints()).isEmpty();
            topic.assertKept(load.acknowledged());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1", "2.3.1", "2.8.2", "4.4.0", LIBRDKAFKA})
    void shouldFailNothingWhereTheNewLeaderHasForgottenTheProducer(String client) throws Exception {
        String name = "forgotten-" + client;
        ReplicatedTopic topic = ReplicatedTopic.create(brokers, name, 1, List.of(1, 2, 3));
        try (ForeignLoad load = load(client, name, 1)) {
            // given  a producer that has made a pause, and whose records were deleted meanwhile
            load.awaitMore(200);
            load.pause();
            topic.deleteAll();
            int before = load.acknowledged().size();

            // and    followers that have lost their disks since then
            int leader = topic.leader();
            for (int id : ALL) {
                if (id != leader) {
                    brokers.kill(id);
                    brokers.loseLogs(id, name);
                    brokers.start(id);
                    topic.awaitInSync(ALL);
                }
            }

            // when   the leader is killed, and the producer goes on
            brokers.kill(leader);
            load.goOn();
            load.awaitMore(200);
            brokers.start(leader);
            topic.awaitInSync(ALL);
            load.stop();

            // then   nothing has failed, is missing, twice, or out of order
            assertThat(load.complaints()).isEmpty();
            List<Long> acknowledged = load.acknowledged();
            topic.assertKept(acknowledged.subList(before, acknowledged.size()));
        }
    }
}
