package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
                "server.port=http");

        // when
        try (OttlaProcess process = OttlaProcess.run(folder, List.of(), arguments)) {
            int exitCode = process.exitCode(SOON);

            // then
            assertThat(exitCode).isEqualTo(1);
            assertThat(process.output())
                    .contains("3 problems", "num.partitions = none", "log.segment.bytes = 1", "server.port = http")
                    .doesNotContain("\tat ");
            assertThatNothingWasMade();
        }
    }

    @Test
    void shouldPrintTheConfigurationAndStartNothing() throws IOException, InterruptedException {
        // given
        Path file = Files.writeString(
                folder.resolve("my.properties"),
                "num.partitions=7\nzookeeper.ssl.keystore.password=hunter2\nserver.port=9999\n");

        // when
        try (OttlaProcess process =
                OttlaProcess.run(folder, List.of(), List.of("server", file.toString(), "--print-config"))) {
            int exitCode = process.exitCode(SOON);

            // then
            assertThat(exitCode).isZero();
            assertThat(process.output())
                    .contains(
                            "\nnum.partitions=7\n",
                            "\nserver.port=9999\n",
                            "\nzookeeper.ssl.keystore.password=[hidden]\n")
                    .doesNotContain("hunter2");
            Files.delete(file);
            assertThatNothingWasMade();
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

    @Test
    void shouldNotUnderstandAWrongArgument() throws IOException, InterruptedException {
        // when
        try (OttlaProcess process = OttlaProcess.run(folder, List.of(), List.of("server", "--overide", "a=b"))) {
            int exitCode = process.exitCode(SOON);

            // then
            assertThat(exitCode).isEqualTo(2);
            assertThat(process.output()).contains("--overide").contains("--override");
            assertThatNothingWasMade();
        }
    }

    private void assertThatNothingWasMade() throws IOException {
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }
}
