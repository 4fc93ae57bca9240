package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the image's entry point with a scratch folder for its root, laid out as the Dockerfile says, and a {@code java}
 * that only prints what it is told.
 */
class ContainerTest {
    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();

    @TempDir
    Path root;

    private record Run(int exitCode, String output) {}

    @BeforeEach
    void layOut() throws IOException {
        Path home = Files.createDirectories(root.resolve("opt/ottla"));
        for (String line : Files.readAllLines(REPOSITORY.resolve("Dockerfile"))) {
            if (line.startsWith("COPY ") && !line.contains("--from=") && !line.equals("COPY . .")) {
                copy(
                        Arrays.stream(line.split(" "))
                                .skip(1)
                                .filter(word -> !word.startsWith("--"))
                                .toList(),
                        home);
            }
        }
        Files.createDirectories(home.resolve("lib"));
        Files.writeString(home.resolve("lib/ottla.jar"), "");
        Files.createDirectories(root.resolve("etc/kafka/secrets"));
        Files.createDirectories(root.resolve("mnt/shared/config"));
        Path java = Files.createDirectories(root.resolve("jre/bin")).resolve("java");
        Files.writeString(root.resolve("jre/release"), "JAVA_VERSION=\"25.0.1\"\n");
        Files.writeString(java, "#!/bin/sh\necho \"arguments: $*\"\nenv | grep -E '^(KAFKA|SERVER)_'\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
    }

    private static void copy(List<String> words, Path home) throws IOException {
        Path target = home.resolve(words.getLast()).normalize();
        Files.createDirectories(target);
        for (String source : words.subList(0, words.size() - 1)) {
            Path from = REPOSITORY.resolve(source);
            Files.copy(
                    from,
                    target.resolve(from.getFileName()),
                    StandardCopyOption.COPY_ATTRIBUTES,
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Test
    void shouldServeOnAllAddressesAndKeepDataInTheVolumeWhenNothingIsSaid() {
        // when
        Run run = start(Map.of());

        // then
        assertThat(run.exitCode()).isZero();
        assertThat(run.output())
                .contains("-jar " + root.resolve("opt/ottla/lib/ottla.jar") + " server\n")
                .contains("KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://localhost:9092\n")
                .contains("KAFKA_LISTENERS=PLAINTEXT://0.0.0.0:9092\n")
                .contains("KAFKA_LOG_DIRS=" + root.resolve("var/lib/kafka/data/logs") + "\n")
                .contains("SERVER_ADDRESS=0.0.0.0\n");
    }

    @Test
    void shouldListenForWhatIsAdvertised() {
        // when
        Run run = start(Map.of("KAFKA_ADVERTISED_LISTENERS", "IN://broker-1:19092,OUT://kafka.example.org:443"));

        // then
        assertThat(run.output()).contains("KAFKA_LISTENERS=IN://0.0.0.0:19092,OUT://0.0.0.0:443\n");
    }

    @Test
    void shouldLeaveListenersAloneThatAreNamed() {
        // when
        Run run = start(Map.of("KAFKA_LISTENERS", "PLAINTEXT://10.0.0.1:9092", "SERVER_ADDRESS", "127.0.0.1"));

        // then
        assertThat(run.output())
                .contains("KAFKA_LISTENERS=PLAINTEXT://10.0.0.1:9092\n")
                .contains("SERVER_ADDRESS=127.0.0.1\n")
                .doesNotContain("KAFKA_ADVERTISED_LISTENERS");
    }

    @Test
    void shouldLeaveOutTheListenersOfKRaftsControllers() {
        // when   it is configured as the usual compose files have it
        Run run = start(Map.of(
                "KAFKA_PROCESS_ROLES", "broker,controller",
                "KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER",
                "KAFKA_LISTENERS", "PLAINTEXT://0.0.0.0:9092,CONTROLLER://localhost:9093,IN://0.0.0.0:19092",
                "KAFKA_ADVERTISED_LISTENERS", "PLAINTEXT://localhost:9092,IN://broker:19092"));

        // then
        assertThat(run.output())
                .contains("KAFKA_LISTENERS=PLAINTEXT://0.0.0.0:9092,IN://0.0.0.0:19092\n")
                .contains("KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://localhost:9092,IN://broker:19092\n")
                .contains("KAFKA_LISTENERS: CONTROLLER://localhost:9093 is left out")
                .doesNotContain("KAFKA_ADVERTISED_LISTENERS: ");
    }

    @Test
    void shouldLeaveAControllerWithoutAnotherListenerToTheBrokersRefusal() {
        // when
        Run run = start(Map.of(
                "KAFKA_PROCESS_ROLES", "controller",
                "KAFKA_CONTROLLER_LISTENER_NAMES", "controller",
                "KAFKA_LISTENERS", "CONTROLLER://:9093"));

        // then
        assertThat(run.output()).contains("KAFKA_LISTENERS=CONTROLLER://:9093\n");
    }

    @Test
    void shouldReadTheMountedFileAndNotSpeakAgainstIt() throws IOException {
        // given
        Path mounted = root.resolve("mnt/shared/config/server.properties");
        Files.writeString(mounted, "listeners = PLAINTEXT://0.0.0.0:9999\nlog.dirs=/data\n");

        // when
        Run run = start(Map.of());

        // then
        assertThat(run.output())
                .contains(" server " + mounted + "\n")
                .doesNotContain("KAFKA_LISTENERS")
                .doesNotContain("KAFKA_LOG_DIRS");
    }

    @Test
    void shouldReadPasswordsOfStoresFromTheSecretsFolder() throws IOException {
        // given
        Path secrets = root.resolve("etc/kafka/secrets");
        Files.writeString(secrets.resolve("broker.p12"), "store");
        Files.writeString(secrets.resolve("store.password"), "hunter2\n");
        Files.writeString(secrets.resolve("key.password"), "hunter3");

        // when
        Run run = start(Map.of(
                "KAFKA_SSL_KEYSTORE_FILENAME", "broker.p12",
                "KAFKA_SSL_KEYSTORE_CREDENTIALS", "store.password",
                "KAFKA_SSL_KEY_CREDENTIALS", "key.password"));

        // then
        assertThat(run.output())
                .contains("KAFKA_SSL_KEYSTORE_LOCATION=" + secrets.resolve("broker.p12") + "\n")
                .contains("KAFKA_SSL_KEYSTORE_PASSWORD=hunter2\n")
                .contains("KAFKA_SSL_KEY_PASSWORD=hunter3\n")
                .doesNotContain("CREDENTIALS")
                .doesNotContain("FILENAME");
    }

    @Test
    void shouldNameASecretThatIsMissing() {
        // when
        Run run = start(Map.of("KAFKA_SSL_KEYSTORE_FILENAME", "broker.p12"));

        // then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).contains("KAFKA_SSL_KEYSTORE_FILENAME").contains("broker.p12");
    }

    @Test
    void shouldTakeAnEmptyRackForNone() {
        // when
        Run run = start(Map.of("KAFKA_BROKER_RACK", ""));

        // then
        assertThat(run.output())
                .contains("KAFKA_BROKER_RACK is empty: this broker has no rack.")
                .doesNotContain("KAFKA_BROKER_RACK=");
    }

    private Run start(Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(
                        "bash", root.resolve("opt/ottla/bin/ottla").toString(), "server")
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("KAFKA_") || name.startsWith("OTTLA_"));
        builder.environment().put("JAVA_HOME", root.resolve("jre").toString());
        builder.environment().put("OTTLA_CONTAINER", "1");
        builder.environment().put("CONTAINER_ROOT", root.toString());
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return new Run(process.exitValue(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
