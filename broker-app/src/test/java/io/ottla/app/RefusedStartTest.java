package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts that end before anything is touched. */
class RefusedStartTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void shouldListAllBadValuesExitWithOneAndCreateNothing() throws IOException, InterruptedException {
        // given
        List<String> arguments = List.of(
                "server",
                "--override",
                "num.partitions=none",
                "--override",
                "log.segment.bytes=1",
                "--override",
                "server.port=http",
                "--override",
                "logging.level.root=FOO",
                "--override",
                "zookeeper.connect=bad:host:port");

        // when
        try (OttlaProcess process = OttlaProcess.run(folder, List.of(), arguments)) {
            int exitCode = process.exitCode(SOON);

            // then
            assertThat(exitCode).isEqualTo(1);
            assertThat(process.output())
                    .contains("5 problems", "num.partitions = none", "log.segment.bytes = 1", "server.port = http")
                    .contains("logging.level.root = FOO", "zookeeper.connect = bad:host:port")
                    .doesNotContain("\tat ");
            assertThatNothingWasMade();
        }
    }

    @Test
    void shouldSayWhichLineOfTheFileIsWrong() throws IOException, InterruptedException {
        // given
        Path file = Files.writeString(folder.resolve("my.properties"), "# mine\n\nlog.retention.ms=0\n");

        // when
        try (OttlaProcess process = OttlaProcess.run(folder, List.of(), List.of("server", file.toString()))) {
            int exitCode = process.exitCode(SOON);

            // then
            assertThat(exitCode).isEqualTo(1);
            assertThat(process.output()).contains("log.retention.ms = 0: ", "(from " + file + " line 3)");
            Files.delete(file);
            assertThatNothingWasMade();
        }
    }

    @Test
    void shouldPrintWhatHoldsForBrokerAndProcessAndStartNothing() throws IOException, InterruptedException {
        // given  settings from a file, from the command, from the JVM and from the environment
        Path file = Files.writeString(folder.resolve("my.properties"), """
                num.partitions=7
                zookeeper.ssl.keystore.password=hunter2
                server.port=9999
                server.ssl.key-store-password=hunter3
                logging.level.io.ottla.Some=debug
                """);
        List<String> arguments =
                List.of("server", file.toString(), "--print-config", "--override", "console.timeout=20s");

        // when
        try (OttlaProcess process = OttlaProcess.run(
                folder,
                List.of("-Dmanagement.open=true"),
                arguments,
                Map.of("SERVER_ADDRESS", "127.0.0.9", "SERVER_PORT", "7777"))) {
            int exitCode = process.exitCode(SOON);

            // then
            assertThat(exitCode).as(process.output()).isZero();
            assertThat(process.output())
                    .contains("\n# from " + file + " line 1\nnum.partitions=7\n")
                    .contains("\nzookeeper.ssl.keystore.password=[hidden]\n")
                    .contains("\nserver.ssl.key-store-password=[hidden]\n")
                    .contains("\n# from " + file + " line 3\nserver.port=9999\n")
                    .contains("\n# from SERVER_ADDRESS\nserver.address=127.0.0.9\n")
                    .contains("\n# from --override\nconsole.timeout=20s\n")
                    .contains("\n# from -Dmanagement.open\nmanagement.open=true\n")
                    .contains("\n# from " + file + " line 5\nlogging.level.io.ottla.Some=debug\n")
                    .contains("\nserver.shutdown=graceful\n", "\n#console.data=\n")
                    .doesNotContain("hunter", "7777", "spring.application.pid");
            Files.delete(file);
            assertThatNothingWasMade();
        }
    }

    @Test
    void shouldPrintWhatWouldHoldAndBelowItWhyItWouldNotStart() throws IOException, InterruptedException {
        // given  protection that is not there yet, and values that are none
        List<String> arguments = new ArrayList<>(List.of("server", "--print-config"));
        for (String setting : List.of(
                "ssl.keystore.location=/etc/keystore",
                "ssl.keystore.password=hunter2",
                "num.partitions=many",
                "logging.level.root=FOO",
                "server.port=http")) {
            arguments.addAll(List.of("--override", setting));
        }

        // when
        try (OttlaProcess process = OttlaProcess.run(folder, List.of(), arguments)) {
            int exitCode = process.exitCode(SOON);

            // then
            assertThat(exitCode).isEqualTo(1);
            String output = process.output();
            assertThat(output)
                    .contains("\nssl.keystore.location=/etc/keystore\n", "\nssl.keystore.password=[hidden]\n")
                    .contains("\nnum.partitions=many\n", "\nnum.io.threads=8\n", "\nserver.port=http\n")
                    .contains("\nlogging.level.root=FOO\n", "\nserver.shutdown=graceful\n")
                    .contains("4 problems", "num.partitions = many: ", "ssl.keystore.location (from --override)")
                    .doesNotContain("hunter2", "\tat ");
            assertThat(output.indexOf("4 problems")).isGreaterThan(output.indexOf("server.shutdown"));
            assertThatNothingWasMade();
        }
    }

    @Test
    void shouldSayOfEachPortThatTwoOfItsOwnWant() throws IOException, InterruptedException {
        // given  a port that is free until it listens itself
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        // when
        try (OttlaProcess process = OttlaProcess.serve(
                folder,
                "server.port=" + port,
                "listeners=PLAINTEXT://0.0.0.0:" + port,
                "advertised.listeners=PLAINTEXT://127.0.0.1:" + port)) {
            int exitCode = process.exitCode(SOON);

            // then
            assertThat(exitCode).isEqualTo(1);
            assertThat(process.output())
                    .contains(
                            "Ottla can't start: server.port = " + port + ": Expected a port of its own, but listeners")
                    .doesNotContain("\tat ", "WARN");
            assertThatNothingWasMade();
        }
    }

    @Test
    void shouldNotBeginAClusterInFoldersOfOneThatItsZooKeeperHasLost() throws IOException, InterruptedException {
        // given  logs of a cluster, whose embedded ZooKeeper's data somebody deleted
        Files.createDirectory(folder.resolve("logs"));
        Files.writeString(
                folder.resolve("logs/meta.properties"), "version=0\nbroker.id=1\ncluster.id=Y6Sp9rp9R7GWVCUsjm6Kxw\n");
        List<Path> before = everything();

        // when
        try (OttlaProcess process = OttlaProcess.serve(folder)) {
            int exitCode = process.exitCode(SOON);

            // then
            assertThat(exitCode).isEqualTo(1);
            assertThat(process.output())
                    .contains("Ottla can't start: InconsistentClusterId: ", folder.resolve("zookeeper") + " (zookeeper")
                    .contains("Y6Sp9rp9R7GWVCUsjm6Kxw", folder.resolve("logs") + ", but it knows no cluster")
                    .doesNotContain("\tat ", "WARN");
            assertThat(everything()).isEqualTo(before);
        }
    }

    @Test
    void shouldLeaveNoTraceInAFolderThatIsSomebodyElses() throws IOException, InterruptedException {
        // given
        for (String year : List.of("2019", "2020", "2021", "2022", "2023")) {
            Files.createDirectories(folder.resolve("logs/for " + year));
        }
        Files.createDirectories(folder.resolve("logs/photos-2020"));
        Files.writeString(folder.resolve("logs/photos-2020/a.jpg"), "");
        List<Path> before = everything();

        // when
        try (OttlaProcess process = OttlaProcess.serve(folder)) {
            int exitCode = process.exitCode(SOON);

            // then
            assertThat(exitCode).isEqualTo(1);
            assertThat(process.output())
                    .contains("Ottla can't start: Expected only folders of partitions")
                    .contains("but found " + folder + "/logs/for 2019, for 2020, for 2021 … and 2 more.")
                    .contains("Ottla can't start: Expected the files of partition 2020 of topic photos")
                    .doesNotContain("\tat ");
            assertThat(everything()).isEqualTo(before);
        }
    }

    private List<Path> everything() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a-file | a-file is no folder",
                "/proc/foo | embedded ZooKeeper's data in /proc/zookeeper, but that failed: /proc/zookeeper is not there, or can't"
            })
    void shouldSayInASentenceWhyAFolderCanNotBeUsed(String logDirs, String why)
            throws IOException, InterruptedException {
        // given
        Files.writeString(folder.resolve("a-file"), "");

        // when
        try (OttlaProcess process = OttlaProcess.serve(folder, "log.dirs=" + logDirs)) {
            int exitCode = process.exitCode(SOON);

            // then
            assertThat(exitCode).isEqualTo(1);
            assertThat(process.output()).contains(why).doesNotContain("\tat ", "Exception");
            assertThat(everything()).containsExactlyInAnyOrder(folder, folder.resolve("a-file"));
        }
    }

    @Test
    void shouldTouchNothingInATrainingRun() throws IOException, InterruptedException {
        // when
        try (OttlaProcess process =
                OttlaProcess.run(folder, List.of("-Dspring.context.exit=onRefresh"), List.of("server"))) {
            int exitCode = process.exitCode(SOON);

            // then
            assertThat(exitCode).as(process.output()).isZero();
            assertThat(process.output()).contains("Training run").doesNotContain("ERROR");
            assertThatNothingWasMade();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--overide", "--override foo", "no-such-file.properties", "one.properties two.properties"})
    void shouldExitWithOneWhateverIsWrongWithTheCommand(String arguments) throws IOException, InterruptedException {
        // given
        List<String> command = new ArrayList<>(List.of("server"));
        command.addAll(List.of(arguments.split(" ")));

        // when
        try (OttlaProcess process = OttlaProcess.run(folder, List.of(), command)) {
            int exitCode = process.exitCode(SOON);

            // then
            assertThat(exitCode).isEqualTo(1);
            assertThat(process.output()).contains(command.getLast()).doesNotContain("\tat ");
            assertThatNothingWasMade();
        }
    }

    private void assertThatNothingWasMade() throws IOException {
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }
}
