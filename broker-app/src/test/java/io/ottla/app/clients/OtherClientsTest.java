package io.ottla.app.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.app.OttlaProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that are not written in Java, as Debian ships them. */
@Tag("full")
class OtherClientsTest {
    private static final Path SCRIPTS = Path.of("src/test/resources/io/ottla/app/clients");

    /** Debian's own, which has the modules of Debian's packages. */
    private static final String PYTHON = "/usr/bin/python3";

    @TempDir
    static Path folder;

    private static OttlaProcess broker;

    @BeforeAll
    static void start() {
        broker = OttlaProcess.serve(folder);
        broker.awaitReady();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void shouldServePythonKafka() throws IOException, InterruptedException {
        // when
        List<String> said = python("python_kafka.py");

        // then
        assertThat(said)
                .containsExactly(
                        "created",
                        "produced None",
                        "produced gzip",
                        "produced snappy",
                        "produced lz4",
                        "consumed all",
                        "listed offsets",
                        "shared in a group",
                        "deleted");
    }

    @Test
    void shouldServePythonConfluentKafka() throws IOException, InterruptedException {
        // when
        List<String> said = python("python_confluent.py");

        // then
        assertThat(said)
                .containsExactly(
                        "created",
                        "produced none",
                        "produced none idempotent",
                        "produced gzip",
                        "produced gzip idempotent",
                        "produced snappy",
                        "produced snappy idempotent",
                        "produced lz4",
                        "produced lz4 idempotent",
                        "produced zstd",
                        "produced zstd idempotent",
                        "consumed all",
                        "listed offsets",
                        "shared in a group",
                        "deleted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void shouldServeKcat(String codec) throws IOException, InterruptedException {
        // given: a topic that is made by the first record
        String topic = "kcat-" + codec;
        List<String> lines = IntStream.range(0, 500)
                .mapToObj(i -> "key-" + i + "=value-" + i)
                .toList();

        // when
        ForeignProgram.runWithInput(
                String.join("\n", lines) + "\n", kcat("-P", "-t", topic, "-p", "0", "-K", "=", "-z", codec));
        List<String> read = ForeignProgram.run(kcat("-C", "-t", topic, "-p", "0", "-o", "beginning", "-e", "-K", "="));
        List<String> last = ForeignProgram.run(kcat("-C", "-t", topic, "-p", "0", "-o", "-1", "-e", "-f", "%o\\n"));
        List<String> end = ForeignProgram.run(kcat("-Q", "-t", topic + ":0:-1"));
        List<String> metadata = ForeignProgram.run(kcat("-L", "-t", topic));
        String[] member = kcat("-X", "auto.offset.reset=earliest", "-G", "group-" + codec, "-e", "-K", "=", topic);
        List<String> first = ForeignProgram.run(member);
        List<String> again = ForeignProgram.run(member);

        // then
        assertThat(read).isEqualTo(lines);
        assertThat(first).isEqualTo(lines);
        assertThat(again).isEmpty();
        assertThat(last).containsExactly("499");
        assertThat(end).containsExactly(topic + " [0] offset 500");
        assertThat(metadata)
                .anyMatch(line -> line.contains("at " + broker.bootstrap()))
                .anyMatch(line -> line.contains("topic \"" + topic + "\" with 1 partitions"));
    }

    private static List<String> python(String script) throws IOException, InterruptedException {
        return ForeignProgram.run(
                PYTHON, SCRIPTS.resolve(script).toString(), broker.bootstrap(), script.replace('.', '-'));
    }

    private static String[] kcat(String... arguments) {
        String[] command = new String[arguments.length + 4];
        command[0] = "kcat";
        command[1] = "-q";
        command[2] = "-b";
        command[3] = broker.bootstrap();
        System.arraycopy(arguments, 0, command, 4, arguments.length);
        return command;
    }
}
