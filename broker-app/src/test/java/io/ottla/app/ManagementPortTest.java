package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What machines ask a process whose actuator has a port of its own. */
class ManagementPortTest {
    private static final List<String> OPEN = List.of("/livez", "/readyz", "/metrics");
    private static final List<String> OPEN_ACTUATOR = List.of(
            "/actuator/health",
            "/actuator/health/liveness",
            "/actuator/health/readiness",
            "/actuator/info",
            "/actuator/prometheus");

    @TempDir
    Path folder;

    @Test
    void shouldAnswerThereUnderTheSamePathsAndByTheSameRules() throws Exception {
        int port = freePort();
        try (OttlaProcess process = OttlaProcess.serve(
                        folder, "management.server.port=" + port, "management.server.address=127.0.0.1")
                .awaitReady()) {
            String there = "http://127.0.0.1:" + port;

            // then   both ports answer machines, the actuator alone is on its own
            for (String path : OPEN) {
                assertThat(process.get(path).statusCode()).as(path).isEqualTo(200);
                HttpResponse<String> answer = get(there + path);
                assertThat(answer.statusCode()).as(path).isEqualTo(200);
                assertThat(answer.headers().firstValue("Content-Type"))
                        .as(path)
                        .isEqualTo(process.get(path).headers().firstValue("Content-Type"));
            }
            for (String path : OPEN_ACTUATOR) {
                assertThat(get(there + path).statusCode()).as(path).isEqualTo(200);
            }
            assertThat(get(there + "/readyz").body())
                    .isEqualTo(process.get("/readyz").body());
            assertThat(get(there + "/metrics").body())
                    .contains("\nkafka_server_kafkaserver_brokerstate 3\n", "\njvm_threads_current ");

            // and    the rest wants an administrator, and has no page of the console
            String admin = "Basic "
                    + Base64.getEncoder()
                            .encodeToString(("admin:" + process.password()).getBytes(StandardCharsets.UTF_8));
            for (String path : List.of("/actuator", "/actuator/sbom")) {
                assertThat(get(there + path).statusCode()).as(path).isEqualTo(401);
                assertThat(get(there + path, "Authorization", admin).statusCode())
                        .as(path)
                        .isEqualTo(200);
            }
            assertThat(get(there + "/actuator/env").statusCode()).isEqualTo(401);
            assertThat(get(there + "/api/v1/audit", "Authorization", admin).statusCode())
                    .isEqualTo(404);
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static HttpResponse<String> get(String uri, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(uri)).timeout(Duration.ofSeconds(30));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
