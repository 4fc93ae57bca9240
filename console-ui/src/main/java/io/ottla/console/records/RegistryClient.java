package io.ottla.console.records;

import io.ottla.console.words.Wording;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;

/**
 * Asks a schema registry, and it alone: no redirect is followed, an answer has an end in size and time. Thread-safe.
 */
final class RegistryClient implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final int LARGEST = 2 << 20;

    /** No answer that could be used. */
    static final class Failed extends Exception {
        private final transient Wording why;
        private final boolean unreachable;

        Failed(Wording why, boolean unreachable) {
            super(why.toString());
            this.why = why;
            this.unreachable = unreachable;
        }

        Wording why() {
            return why;
        }

        /** Whether the next call would fail as this did. */
        boolean unreachable() {
            return unreachable;
        }
    }

    private final String base;
    private final String login;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /**
     * @param url where the registry is, such as {@code https://registry.example.net:8081}
     * @param user empty for none
     * @throws IllegalArgumentException where the address can't be one
     */
    RegistryClient(String url, String user, String password) {
        URI address = URI.create(url.strip());
        if (!("http".equals(address.getScheme()) || "https".equals(address.getScheme()))
                || address.getHost() == null
                || address.getRawUserInfo() != null
                || address.getRawQuery() != null
                || address.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "Expected http://host:port or https://host:port of a schema registry, with the user and the password"
                            + " as settings of their own.");
        }
        this.base = address.toString().replaceAll("/+$", "");
        this.login = user.isEmpty()
                ? ""
                : "Basic "
                        + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /** @param path below the registry's address, encoded */
    JsonNode get(String path) throws Failed {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(ANSWER)
                .header("Accept", "application/vnd.schemaregistry.v1+json, application/json");
        if (!login.isEmpty()) {
            request.header("Authorization", login);
        }
        CompletableFuture<HttpResponse<byte[]>> asked =
                http.sendAsync(request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST));
        try {
            return json(asked.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException late) {
            throw new Failed(Wording.of("records.registry.late", ANSWER.toSeconds()), true);
        } catch (ExecutionException failed) {
            throw new Failed(
                    Wording.of(
                            "records.registry.unreachable",
                            String.valueOf(failed.getCause().getMessage())),
                    true);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Failed(Wording.of("records.registry.late", ANSWER.toSeconds()), false);
        } finally {
            asked.cancel(true);
        }
    }

    private static JsonNode json(HttpResponse<byte[]> answer) throws Failed {
        if (answer.statusCode() != 200) {
            throw new Failed(
                    Wording.of("records.registry.status", Integer.toString(answer.statusCode())),
                    answer.statusCode() >= 500);
        }
        String text = PlainDecoder.utf8(answer.body());
        JsonNode json = text == null ? null : Json.parse(text);
        if (json == null || !json.isObject()) {
            throw new Failed(Wording.of("records.registry.no-json"), false);
        }
        return json;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
