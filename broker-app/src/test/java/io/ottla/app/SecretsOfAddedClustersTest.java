package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ZooKeeper's own files have of a secret that somebody typed in the console. */
@Tag("full")
class SecretsOfAddedClustersTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String PASSWORD = "console.admin.password=the-admins-password";
    private static final String LOGIN =
            "Basic " + Base64.getEncoder().encodeToString("admin:the-admins-password".getBytes(StandardCharsets.UTF_8));
    private static final String EAST = "/api/v1/added-clusters/east";

    @TempDir
    Path folder;

    @Test
    void shouldLieEncryptedOnceTheBrokerHasAKey() throws Exception {
        // given  no key
        try (OttlaProcess process = OttlaProcess.serve(folder, PASSWORD).awaitReady()) {
            assertThat(process.send(
                                    "POST",
                                    "/api/v1/added-clusters",
                                    "{\"key\":\"east\",\"bootstrap_servers\":\"127.0.0.1:1\",\"settings\":"
                                            + "{\"security.protocol\":\"SSL\",\"ssl.key.password\":\"open-secret\"}}",
                                    "Authorization",
                                    LOGIN,
                                    "Content-Type",
                                    "application/json")
                            .statusCode())
                    .isEqualTo(201);
            await().atMost(SOON).until(() -> stored().contains("open-secret"));
            process.stop();
        }

        // when   it starts with one
        try (OttlaProcess process = OttlaProcess.serve(folder, PASSWORD, "password.encoder.secret=key-1")
                .awaitReady()) {
            // then
            await().atMost(SOON).until(() -> stored().contains("encryptedPassword:"));
            assertThat(process.send(
                                    "PATCH",
                                    EAST,
                                    "{\"settings\":{\"security.protocol\":\"SSL\",\"ssl.key.password\":\"new-secret\"}}",
                                    "Authorization",
                                    LOGIN,
                                    "Content-Type",
                                    "application/json")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(stored()).doesNotContain("new-secret");
            process.stop();
        }

        // and    it is read again by the same key, and by none else
        try (OttlaProcess process = OttlaProcess.serve(folder, PASSWORD, "password.encoder.secret=key-1")
                .awaitReady()) {
            assertThat(process.get(EAST, "Authorization", LOGIN).body())
                    .contains("\"secrets\":[\"ssl.key.password\"]", "\"enabled\":true");
            process.stop();
        }
        try (OttlaProcess process = OttlaProcess.serve(folder, PASSWORD, "password.encoder.secret=key-2")
                .awaitReady()) {
            assertThat(process.get(EAST, "Authorization", LOGIN).body())
                    .contains("\"secrets\":[]", "\"enabled\":false")
                    .doesNotContain("encryptedPassword");
            await().atMost(SOON)
                    .until(() -> process.output().contains("The cluster east is switched off here, since its secrets"));
            assertThat(process.output()).doesNotContain("new-secret", "open-secret");
        }
    }

    /** All that ZooKeeper has written. */
    private String stored() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder.resolve("zookeeper"))) {
            List<Path> found = files.filter(Files::isRegularFile).toList();
            for (Path file : found) {
                all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }
}
