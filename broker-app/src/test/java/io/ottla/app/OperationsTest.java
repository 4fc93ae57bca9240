package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What machines ask a process: which doors are open, in which forms it answers, and how it logs. */
class OperationsTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String OPEN_METRICS =
            "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5";

    @TempDir
    Path folder;

    private static String basic(OttlaProcess process) {
        String login = "admin:" + process.password();
        return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> names(JsonNode object) {
        return List.copyOf(object.propertyNames());
    }

    @Test
    void shouldOpenHealthInformationAndMetricsOnly() throws Exception {
        try (OttlaProcess process = OttlaProcess.serve(folder).awaitReady()) {
            for (String path : List.of(
                    "/livez",
                    "/readyz",
                    "/actuator/health",
                    "/actuator/health/liveness",
                    "/actuator/health/readiness",
                    "/actuator/info",
                    "/actuator/prometheus",
                    "/metrics")) {
                assertThat(process.get(path).statusCode()).as(path).isEqualTo(200);
            }
            for (String path : List.of(
                    "/actuator",
                    "/actuator/beans",
                    "/actuator/configprops",
                    "/actuator/env",
                    "/actuator/heapdump",
                    "/actuator/loggers",
                    "/actuator/mappings",
                    "/actuator/metrics",
                    "/actuator/sbom",
                    "/actuator/shutdown",
                    "/actuator/threaddump")) {
                assertThat(process.get(path).statusCode()).as(path).isEqualTo(401);
            }

            // and    with a login there is no more than these, and what a build is made of
            String login = basic(process);
            JsonNode index = JSON.readTree(
                    process.get("/actuator", "Authorization", login).body());
            assertThat(names(index.path("_links")))
                    .allMatch(name -> name.matches("self|(health|info|prometheus|sbom)(-.*)?"));
            assertThat(process.get("/actuator/env", "Authorization", login).statusCode())
                    .isEqualTo(404);

            // and    details are for those who have logged in
            JsonNode stranger = JSON.readTree(process.get("/actuator/health").body());
            assertThat(stranger.path("status").asString()).isEqualTo("UP");
            assertThat(stranger.has("components")).isFalse();
            JsonNode known = JSON.readTree(
                    process.get("/actuator/health", "Authorization", login).body());
            assertThat(names(known.path("components"))).contains("broker", "brokerLiveness");
        }
    }

    @Test
    @Tag("full")
    void shouldAskForAnAdministratorBeyondHealthInformationAndMetrics() throws Exception {
        try (OttlaProcess process = OttlaProcess.serve(
                        folder, "console.audit.topic=__ottla_audit", "console.users.victor.password=victors-password")
                .awaitReady()) {
            // given
            String admin = basic(process);
            String victor = "Basic "
                    + Base64.getEncoder().encodeToString("victor:victors-password".getBytes(StandardCharsets.UTF_8));
            String bearer = "Bearer " + token(process, admin);
            String weak = "Bearer " + token(process, victor);

            // then   what is good for the console is good here, of administrators alone
            for (String path : List.of("/actuator", "/actuator/sbom")) {
                assertThat(process.get(path).statusCode()).as(path).isEqualTo(401);
                assertThat(process.get(path, "Authorization", admin).statusCode())
                        .as(path)
                        .isEqualTo(200);
                assertThat(process.get(path, "Authorization", bearer).statusCode())
                        .as(path)
                        .isEqualTo(200);
                for (String login : List.of(victor, weak)) {
                    HttpResponse<String> refused = process.get(path, "Authorization", login);
                    assertThat(refused.statusCode()).as(path).isEqualTo(403);
                    assertThat(refused.body()).contains("Only who administers everything may read " + path);
                }
            }
            assertThat(process.get("/actuator/sbom", "Authorization", "Bearer ottla_" + "A".repeat(43))
                            .statusCode())
                    .isEqualTo(401);

            // and    no page of another site reaches by what a browser keeps what a program reaches: there is nothing
            // to change
            String level = "{\"configuredLevel\":\"INFO\"}";
            assertThat(process.send(
                                    "POST",
                                    "/actuator/loggers/io.ottla",
                                    level,
                                    "Authorization",
                                    admin,
                                    "Content-Type",
                                    "application/json",
                                    "Sec-Fetch-Site",
                                    "cross-site")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(process.send(
                                    "POST",
                                    "/actuator/loggers/io.ottla",
                                    level,
                                    "Authorization",
                                    bearer,
                                    "Content-Type",
                                    "application/json")
                            .statusCode())
                    .isEqualTo(404);

            // and    the trail tells of the tokens, page by page
            await().atMost(OttlaProcess.START)
                    .untilAsserted(() -> assertThat(
                                    process.get("/api/v1/audit?action=edit-oneself&person=vic", "Authorization", bearer)
                                            .body())
                            .contains("\"kind\":\"AuditEntryList\"", "\"person\":\"victor\"", "\"does\":\"token\"")
                            .doesNotContain("\"person\":\"admin\""));
            assertThat(process.get("/api/v1/audit", "Authorization", weak).statusCode())
                    .isEqualTo(403);
            assertThat(process.get("/api/v1/audit?action=fly", "Authorization", admin)
                            .body())
                    .contains("40001", "delete-topic");
            assertThat(process.get("/api/v1/audit?before=x", "Authorization", admin)
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    private static String token(OttlaProcess process, String login) throws Exception {
        return JSON.readTree(process.send(
                                "POST",
                                "/api/v1/account/tokens",
                                "{\"label\":\"test\",\"days\":1}",
                                "Authorization",
                                login,
                                "Content-Type",
                                "application/json")
                        .body())
                .path("token")
                .asString();
    }

    @Test
    void shouldTellOtherMachinesNoMetricsUnlessOpen() throws Exception {
        Optional<String> address = outerAddress();
        Assumptions.assumeTrue(address.isPresent(), "this machine has no address but the loopback's");
        for (boolean open : new boolean[] {false, true}) {
            Path own = Files.createDirectory(folder.resolve("open-" + open));
            try (OttlaProcess process = OttlaProcess.serve(own, "server.address=0.0.0.0", "management.open=" + open)
                    .awaitReady()) {
                String base = "http://" + address.get() + ":"
                        + URI.create(process.console()).getPort();
                assertThat(status(base + "/livez")).isEqualTo(200);
                for (String path : List.of("/metrics", "/actuator/prometheus", "/actuator/info")) {
                    assertThat(status(base + path)).as(path).isEqualTo(open ? 200 : 401);
                }
                assertThat(status(base + "/actuator/env")).isEqualTo(401);
            }
        }
    }

    private static Optional<String> outerAddress() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(each -> each instanceof Inet4Address && !each.isLoopbackAddress())
                .map(InetAddress::getHostAddress)
                .findFirst();
    }

    private static int status(String uri) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    @Test
    void shouldShowTheSameMetricsInEachForm() throws Exception {
        try (OttlaProcess process = OttlaProcess.serve(folder).awaitReady()) {
            HttpResponse<String> plain = process.get("/actuator/prometheus");
            assertThat(plain.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
            assertThat(plain.body())
                    .contains(
                            "\nkafka_server_kafkaserver_brokerstate 3\n",
                            "\njvm_threads_current ",
                            "\nlogback_events_total{");
            // what somebody has asked for before is no part of it
            HttpResponse<String> open = process.get("/actuator/prometheus", "Accept", OPEN_METRICS);
            assertThat(open.headers().firstValue("Content-Type").orElse("")).startsWith("application/openmetrics-text");
            assertThat(open.body())
                    .contains("# TYPE kafka_server_brokertopicmetrics_bytesin counter\n")
                    .endsWith("# EOF\n");
            HttpResponse<String> some = process.get("/actuator/prometheus?includedNames=kafka_brokers");
            assertThat(some.body()).contains("\nkafka_brokers 1").doesNotContain("jvm_", "brokerstate");
        }
    }

    @ParameterizedTest
    @CsvSource({"ecs, @timestamp", "gelf, short_message", "logstash, @version"})
    void shouldLogAsObjectsWhereItIsAskedTo(String format, String field) throws Exception {
        try (OttlaProcess process = OttlaProcess.serve(folder, "logging.structured.format.console=" + format)
                .awaitReady()) {
            process.terminate();
            process.exitCode(OttlaProcess.START);
            List<JsonNode> events = new ArrayList<>();
            process.output().lines().filter(line -> !line.isBlank()).forEach(line -> events.add(JSON.readTree(line)));
            assertThat(events).hasSizeGreaterThan(5).allMatch(event -> event.has(field));
        }
    }
}
