package io.ottla.app.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.app.BrokerMake;
import io.ottla.app.ThreeBrokers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Does all that {@code docs/operations.md} says, in its order, against three brokers with two folders each. Comments on the
 * page, which nobody sees who reads it, say what comes to pass between the commands, and what the last ones have to have printed.
 */
class OperationsPageTest {
    private static final Path PAGE = Path.of("../docs/operations.md");
    private static final Path METRICS = Path.of("../docs/metrics.md");
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Pattern COMMENT = Pattern.compile("<!-- (\\w+) ?(.*) -->");

    private static final String TOPICS = "bin/kafka-topics.sh --bootstrap-server localhost:9092 ";
    private static final String MOVES = "bin/kafka-reassign-partitions.sh --bootstrap-server localhost:9092 ";
    private static final String CONFIGS = "bin/kafka-configs.sh --bootstrap-server localhost:9092 --describe ";

    /** Of a kilobyte each: many times what a throttled replica gets in one go. */
    private static final int RECORDS_OF_A_PARTITION = 10_000;

    @TempDir
    Path folder;

    private ThreeBrokers brokers;

    /** What the commands have printed that stand in one block, one below the other. */
    private final List<String> said = new ArrayList<>();

    private final Set<Integer> running = new TreeSet<>(Set.of(1, 2, 3));
    private String lastCommand = "";
    private boolean isBlockOver;
    private boolean isSlow;

    /** Where the page has the only replica that it moves between folders go to. */
    private Path second;

    /** Something that the page has the reader do: a command, or, in a comment, what comes to pass meanwhile. */
    private static List<String> steps() throws IOException {
        List<String> steps = new ArrayList<>();
        boolean isCode = false;
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("```")) {
                isCode = line.equals("```sh");
            } else if (isCode || line.startsWith("<!--")) {
                steps.add(line);
            }
        }
        return steps;
    }

    @AfterEach
    void stop() {
        if (brokers != null) {
            brokers.close();
        }
    }

    @Test
    @Tag("full")
    void shouldDoWhatThePageSays() throws Exception {
        List<String> steps = steps();
        assertThat(steps).hasSizeGreaterThan(60);
        brokers = ThreeBrokers.start(
                folder,
                BrokerMake.OTTLA,
                "log.dirs=OWN/first,OWN/second",
                "offsets.topic.replication.factor=2",
                "offsets.topic.num.partitions=5");
        for (String step : steps) {
            Matcher comment = COMMENT.matcher(step);
            if (comment.matches()) {
                isBlockOver = true;
                meanwhile(comment.group(1), comment.group(2));
            } else {
                if (isBlockOver) {
                    said.clear();
                    isBlockOver = false;
                }
                lastCommand = step;
                said.addAll(run(step));
            }
        }
    }

    private void meanwhile(String what, String subject) throws Exception {
        switch (what) {
            case "said" -> assertThat(said).as(lastCommand).anyMatch(line -> line.contains(subject));
            case "silent" -> assertThat(said).as(lastCommand).isEmpty();
            case "until" -> until(subject);
            case "records" -> produce(subject);
            case "group" -> join(subject);
            case "slowly" -> isSlow = true;
            case "quickly" -> isSlow = false;
            case "throttled" -> assertThat(throttles()).anyMatch(line -> line.contains("rate=" + subject + " "));
            case "unthrottled" -> assertThat(throttles()).isEmpty();
            case "move" -> {
                run(MOVES + "--execute --reassignment-json-file " + subject);
                awaitMove(subject);
            }
            case "moved" -> {
                assertThat(second.resolve(subject)).isDirectory();
                assertThat(other(second).resolve(subject)).doesNotExist();
            }
            case "setting" ->
                run(
                        "bin/kafka-configs.sh --bootstrap-server localhost:9092 --alter --entity-type brokers --entity-name "
                                + subject + " --add-config num.io.threads=4");
            case "restart" -> {
                brokers.restart(Integer.parseInt(subject));
                await().atMost(LONG)
                        .until(() -> run(TOPICS + "--describe --under-replicated-partitions")
                                .isEmpty());
            }
            case "stop" -> {
                brokers.stop(Integer.parseInt(subject));
                running.remove(Integer.valueOf(subject));
            }
            case "gone" -> assertThat(run(TOPICS + "--list")).doesNotContain(subject);
            default -> throw new AssertionError("Expected something that a test can do, but the page says " + what);
        }
    }

    private void until(String subject) {
        if (subject.startsWith("complete ")) {
            awaitMove(subject.substring("complete ".length()));
        } else {
            String text = subject.substring("unsaid ".length());
            await().atMost(LONG).until(() -> {
                said.clear();
                said.addAll(run(lastCommand));
                return said.stream().noneMatch(line -> line.contains(text));
            });
        }
    }

    private void awaitMove(String file) {
        await().atMost(LONG)
                .until(() -> run(MOVES + "--verify --reassignment-json-file " + file).stream()
                        .noneMatch(line -> line.contains("still in progress")));
    }

    /** What is set of throttles, of all brokers and of the topic of the page. */
    private List<String> throttles() throws Exception {
        List<String> all = new ArrayList<>(run(CONFIGS + "--entity-type topics --entity-name orders"));
        for (int id : running) {
            all.addAll(run(CONFIGS + "--entity-type brokers --entity-name " + id));
        }
        assertThat(all).hasSizeGreaterThan(running.size()); // a heading at least of each
        return all.stream()
                .filter(line -> line.contains("throttled") || line.contains("io.max.bytes"))
                .toList();
    }

    private void produce(String topic) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers.alive(), "linger.ms", 50),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int partition = 0; partition < producer.partitionsFor(topic).size(); partition++) {
                for (int i = 0; i < RECORDS_OF_A_PARTITION; i++) {
                    byte[] value = (i + "x".repeat(1000)).getBytes(StandardCharsets.UTF_8);
                    producer.send(new ProducerRecord<>(topic, partition, null, value));
                }
            }
        }
    }

    private void join(String group) throws Exception {
        assertThat(run("bin/kafka-console-consumer.sh --bootstrap-server localhost:9092 --topic orders --from-beginning"
                        + " --max-messages 1 --group " + group))
                .hasSize(1);
    }

    private Path other(Path one) {
        return one.resolveSibling(one.endsWith("first") ? "second" : "first");
    }

    private List<String> run(String command) throws IOException, InterruptedException {
        String here = command.replace("localhost:9092", brokers.alive())
                .replace("bin/kafka", Path.of("..").toAbsolutePath().normalize() + "/bin/kafka");
        if (isSlow) {
            here = here.replaceAll("(--throttle \\d)0+", "$1");
        }
        if (here.contains("/data/second")) {
            Path first = brokers.own(1).resolve("first");
            second = Files.isDirectory(first.resolve("orders-0")) ? other(first) : first;
            here = here.replace("/data/second", second.toString());
        }
        List<String> printed =
                ForeignProgram.run("bash", "-euo", "pipefail", "-c", "cd \"$1\"; " + here, "page", folder.toString());
        assertThat(printed).as(command).noneMatch(line -> line.startsWith("Error"));
        return printed.stream().map(line -> line.replace('\t', ' ')).toList();
    }

    @Test
    void shouldNameMetricsThatThereAre() throws IOException {
        String known = Files.readString(METRICS);
        List<String> named = new ArrayList<>();
        Matcher name = Pattern.compile("`((kafka|ottla)_[a-z_]+)`").matcher(Files.readString(PAGE));
        while (name.find()) {
            named.add(name.group(1));
        }
        assertThat(named).hasSizeGreaterThan(10).allMatch(metric -> known.contains("`" + metric + "`"));
    }
}
