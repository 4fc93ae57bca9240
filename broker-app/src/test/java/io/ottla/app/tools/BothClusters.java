package io.ottla.app.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.app.BrokerMake;
import io.ottla.app.KafkaRelease;
import io.ottla.app.ThreeBrokers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Three brokers of Ottla and three of Kafka, to which the same is done, and of which a tool has to say the same. */
final class BothClusters implements AutoCloseable {
    private static final Duration LONG = Duration.ofSeconds(90);

    /** What both makes would else have different defaults for, or do by themselves at a time of their own. */
    private static final String[] SETTINGS = {
        "offsets.topic.replication.factor=3",
        "offsets.topic.num.partitions=5",
        "group.initial.rebalance.delay.ms=0",
        "auto.leader.rebalance.enable=false",
    };

    private final ThreeBrokers ottla;
    private final ThreeBrokers kafka;

    private BothClusters(ThreeBrokers ottla, ThreeBrokers kafka) {
        this.ottla = ottla;
        this.kafka = kafka;
    }

    static BothClusters start(Path folder, BrokerMake make, String... more) throws IOException, InterruptedException {
        String[] settings =
                Stream.concat(Arrays.stream(SETTINGS), Arrays.stream(more)).toArray(String[]::new);
        ThreeBrokers ottla =
                ThreeBrokers.start(Files.createDirectories(folder.resolve("ottla")), BrokerMake.OTTLA, settings);
        try {
            return new BothClusters(
                    ottla, ThreeBrokers.start(Files.createDirectories(folder.resolve("kafka")), make, settings));
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            ottla.close();
            throw e;
        }
    }

    /** What is done to a cluster. */
    interface Deed {
        void on(ThreeBrokers cluster) throws Exception;
    }

    void both(Deed deed) throws Exception {
        deed.on(ottla);
        deed.on(kafka);
    }

    /** What starts a tool on a cluster. */
    interface Tool {
        List<String> on(ThreeBrokers cluster, List<String> arguments) throws IOException, InterruptedException;
    }

    /** One of bin/, given a {@code --bootstrap-server}: the brokers that run, since the tool warns of others as it meets them. */
    static Tool tool(String name) {
        return (cluster, arguments) -> {
            List<String> command = new ArrayList<>(List.of("../bin/" + name));
            command.addAll(arguments);
            command.addAll(List.of("--bootstrap-server", cluster.alive()));
            return command;
        };
    }

    /** A program of an old release, given {@code --zookeeper}. */
    static Tool old(KafkaRelease release, String program) {
        return (cluster, arguments) -> {
            List<String> command = release.command(program, "--zookeeper", cluster.zooKeeper());
            command.addAll(arguments);
            return command;
        };
    }

    /** One of bin/, given a file in which FOLDER-1 and so on are the brokers' own. */
    static Tool tool(String name, String option, String content) {
        return (cluster, arguments) -> {
            String own = content;
            for (int id = 1; id <= 3; id++) {
                own = own.replace("FOLDER-" + id, cluster.own(id).toString());
            }
            Path file = Files.writeString(cluster.own(1).resolve("given.json"), own);
            List<String> command = tool(name).on(cluster, arguments);
            command.addAll(List.of(option, file.toString()));
            return command;
        };
    }

    /** Runs it on both, and returns what both have said but for what is {@link Unequal}. */
    String same(Tool tool, String... arguments) throws Exception {
        return same("", tool, arguments);
    }

    String same(String name, String... arguments) throws Exception {
        return same("", tool(name), arguments);
    }

    /** The same with what the tool reads. */
    String same(String input, Tool tool, String... arguments) throws Exception {
        Both said = each(input, tool, arguments);
        assertThat(said.ottla).as(String.join(" ", arguments)).isEqualTo(said.kafka);
        return said.ottla;
    }

    /** The same where there is one difference. */
    String sameBut(Difference difference, Tool tool, String... arguments) throws Exception {
        Both said = each("", tool, arguments);
        assertThat(said.ottla).as(difference + " is a difference no more").isNotEqualTo(said.kafka);
        assertThat(difference.settle(said.ottla))
                .as(String.join(" ", arguments))
                .isEqualTo(difference.settle(said.kafka));
        return said.ottla;
    }

    String sameBut(Difference difference, String name, String... arguments) throws Exception {
        return sameBut(difference, tool(name), arguments);
    }

    /** Runs it again and again until it has said on both what it has to, and returns that, which is the same. */
    String sameWhen(Predicate<String> awaited, Tool tool, String... arguments) throws Exception {
        await(awaited, tool, arguments);
        return same(tool, arguments);
    }

    String sameWhen(Predicate<String> awaited, String name, String... arguments) throws Exception {
        return sameWhen(awaited, tool(name), arguments);
    }

    /** Runs it again and again until it has said on both what it has to. */
    void await(Predicate<String> awaited, Tool tool, String... arguments) {
        for (ThreeBrokers cluster : List.of(ottla, kafka)) {
            Awaitility.await()
                    .atMost(LONG)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> run(cluster, "", tool, arguments), awaited);
        }
    }

    /** The same, run again and again until it has said on both what it has to. */
    String sameButWhen(Difference difference, Predicate<String> awaited, Tool tool, String... arguments)
            throws Exception {
        await(awaited, tool, arguments);
        return sameBut(difference, tool, arguments);
    }

    /** What it says of Ottla, as it is. */
    String ofOttla(Tool tool, String... arguments) throws IOException, InterruptedException {
        return Said.by(tool.on(ottla, Arrays.asList(arguments)), "").all();
    }

    /** What a tool has said of each, but for what is {@link Unequal}. */
    record Both(String ottla, String kafka) {
        Both map(UnaryOperator<String> change) {
            return new Both(change.apply(ottla), change.apply(kafka));
        }

        /** What both have said, which is the same. */
        String agreed() {
            assertThat(ottla).isEqualTo(kafka);
            return ottla;
        }
    }

    Both each(String input, Tool tool, String... arguments) throws IOException, InterruptedException {
        List<String> all = Arrays.asList(arguments);
        Said first = Said.by(tool.on(ottla, all), input); // both at once
        Said second = Said.by(tool.on(kafka, all), input);
        return new Both(Unequal.without(first.all(), ottla), Unequal.without(second.all(), kafka));
    }

    private static String run(ThreeBrokers cluster, String input, Tool tool, String... arguments)
            throws IOException, InterruptedException {
        return Unequal.without(
                Said.by(tool.on(cluster, Arrays.asList(arguments)), input).all(), cluster);
    }

    @Override
    public void close() {
        ottla.close();
        kafka.close();
    }
}
