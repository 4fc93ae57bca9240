package io.ottla.app;

import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Somebody's browser without a picture: keeps cookies, which all consoles of this machine share, and fills forms in. */
final class ConsoleClient implements AutoCloseable {
    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

    private final HttpClient client = HttpClient.newBuilder()
            .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    HttpResponse<String> get(OttlaProcess at, String path) throws Exception {
        return client.send(request(at, path).header("Accept", "text/html").build(), BodyHandlers.ofString());
    }

    /** Loads a page, and sends a form with its token. */
    HttpResponse<String> submit(OttlaProcess at, String page, String path, Map<String, String> fields)
            throws Exception {
        Matcher token = TOKEN.matcher(get(at, page).body());
        if (!token.find()) {
            throw new AssertionError("Expected a form at " + page);
        }
        Map<String, String> all = new HashMap<>(fields);
        all.put("_csrf", token.group(1));
        String form = all.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return client.send(
                request(at, path)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.ofString());
    }

    HttpResponse<String> logIn(OttlaProcess at, String name, String password) throws Exception {
        return submit(at, "/login", "/login", Map.of("username", name, "password", password));
    }

    private static HttpRequest.Builder request(OttlaProcess at, String path) {
        return HttpRequest.newBuilder(URI.create(at.console() + path)).timeout(Duration.ofSeconds(30));
    }

    @Override
    public void close() {
        client.close();
    }
}
