package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs {@code bin/ottla} with a {@code java} and a {@code mvn} that only print what they are told, and make the files that they
 * are told to.
 */
class LaunchTest {
    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();
    private static final String TRAINING = "preparing a quick start";

    @TempDir
    Path root;

    private Path jdk;

    @BeforeEach
    void makeJava() throws IOException {
        jdk = root.resolve("jdk");
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        for (String name : new String[] {"java", "javac"}) {
            Path command = Files.writeString(jdk.resolve("bin").resolve(name), """
                    #!/bin/sh
                    echo "arguments: $*"
                    for argument; do
                        case "$argument" in -XX:AOTCacheOutput=*) echo cache >"${argument#*=}" ;; esac
                        [ "$previous" != --destination ] || { mkdir "$argument" && echo jar >"$argument/ottla-broker-app-1.jar"; }
                        previous=$argument
                    done
                    """);
            assertThat(command.toFile().setExecutable(true)).isTrue();
        }
        Path maven = Files.writeString(jdk.resolve("bin/mvn"), """
                #!/bin/sh
                echo "build: $*"
                echo jar >broker-app/target/ottla-broker-app-1-exec.jar
                """);
        assertThat(maven.toFile().setExecutable(true)).isTrue();
    }

    /** With a jar, and the commands in bin. */
    private Path layOut(String jar) throws IOException {
        Path home = root.resolve("home");
        Path file = home.resolve(jar);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "jar");
        Files.createDirectories(home.resolve("bin"));
        for (String name : new String[] {"ottla", "lib.sh"}) {
            Files.copy(
                    REPOSITORY.resolve("bin").resolve(name),
                    home.resolve("bin").resolve(name),
                    StandardCopyOption.COPY_ATTRIBUTES);
        }
        return home;
    }

    /** As it is after a build by the same commands. */
    private Path layOutCheckout() throws IOException {
        Path home = layOut("broker-app/target/layout/ottla.jar");
        Files.writeString(home.resolve("pom.xml"), "");
        for (String module : new String[] {".", "broker-core", "console-ui", "broker-app"}) {
            Files.createDirectories(home.resolve(module).resolve("src/main"));
            Files.writeString(home.resolve(module).resolve("pom.xml"), "");
        }
        Files.writeString(home.resolve("broker-app/target/layout/.built"), "");
        return home;
    }

    @Test
    void shouldMakeTheCacheOfACheckoutAnewWhereItWasMoved() throws IOException {
        // given
        Path home = layOutCheckout();
        assertThat(run(home, "server")).contains(TRAINING, "-XX:AOTCache=" + home);

        // when, then   it is made once
        assertThat(run(home, "server")).contains("-XX:AOTCache=" + home).doesNotContain(TRAINING);

        // when   the checkout is moved
        Path moved = Files.move(home, root.resolve("moved"));

        // then   it is made once more
        assertThat(run(moved, "server")).contains(TRAINING, "-XX:AOTCache=" + moved);
        assertThat(run(moved, "server")).contains("-XX:AOTCache=" + moved).doesNotContain(TRAINING);
    }

    @Test
    void shouldMakeTheCacheOfACheckoutAnewForAnotherJar() throws IOException {
        // given
        Path home = layOutCheckout();
        run(home, "server");

        // when
        Files.writeString(home.resolve("broker-app/target/layout/ottla.jar"), "another jar");

        // then
        assertThat(run(home, "server")).contains(TRAINING);
    }

    @Test
    void shouldBuildACheckoutWithTheListOfWhatItIsMadeOf() throws IOException {
        // given
        Path home = layOutCheckout();
        Files.delete(home.resolve("broker-app/target/layout/.built"));

        // when, then   it is built once
        assertThat(run(home, "server"))
                .contains("build: ", " -Psbom ", "-jar " + home + "/broker-app/target/layout/ottla.jar");
        assertThat(run(home, "server")).doesNotContain("build: ");
    }

    @Test
    void shouldLeaveACheckoutAsItIsWhileABrokerRunsFromIt() throws IOException {
        // given  one that does, and a source that is newer
        Path home = layOutCheckout();
        run(home, "server");
        Process broker = new ProcessBuilder("flock", "-s", home + "/broker-app/target/layout.in-use", "cat").start();
        try (Writer to = broker.outputWriter();
                BufferedReader from = broker.inputReader()) {
            to.write("here\n");
            to.flush();
            assertThat(from.readLine()).isEqualTo("here");
            Files.setLastModifiedTime(
                    home.resolve("pom.xml"), FileTime.from(Instant.now().plusSeconds(60)));

            // when, then
            assertThat(run(home, "server"))
                    .contains("a broker runs from " + home)
                    .contains("-jar " + home);
        }
    }

    @Test
    void shouldStartAnInstalledOneWithoutACacheThatDoesNotFit() throws IOException {
        // given
        Path home = layOut("lib/ottla.jar");
        run(home, "train");
        assertThat(run(home, "server")).contains("-XX:AOTCache=" + home, "-Xlog:aot=off");

        // when
        Path moved = Files.move(home, root.resolve("moved"));

        // then
        assertThat(run(moved, "server"))
                .contains(moved + "/lib/ottla.aot was made for another place")
                .contains("-jar " + moved + "/lib/ottla.jar server")
                .doesNotContain("-XX:AOTCache=");
        run(moved, "train");
        assertThat(run(moved, "server")).contains("-XX:AOTCache=" + moved);
    }

    private String run(Path home, String command) {
        ProcessBuilder builder =
                new ProcessBuilder("bash", home.resolve("bin/ottla").toString(), command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("KAFKA_") || name.startsWith("OTTLA_"));
        builder.environment().put("JAVA_HOME", jdk.toString());
        builder.environment().merge("PATH", "", (path, _) -> jdk.resolve("bin") + ":" + path);
        try {
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
