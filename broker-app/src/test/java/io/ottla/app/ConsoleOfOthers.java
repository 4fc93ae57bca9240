package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The console of a process of Ottla, for other clusters than its own: pages as a browser has them, and the API as a program has it. */
final class ConsoleOfOthers implements AutoCloseable {
    static final String PASSWORD = "correct-horse";

    private static final Pattern CLUSTER = Pattern.compile("\"cluster_id\":\"([^\"]+)\"");

    private static final Pattern ALIKE = Pattern.compile("(/records|/settings|/loggers)/[^?]+");
    private static final Pattern LINK = Pattern.compile("href=\"([^\"]+)\"");

    private final OttlaProcess process;
    private final ConsoleClient browser = new ConsoleClient();

    private ConsoleOfOthers(OttlaProcess process) {
        this.process = process;
    }

    /** @param settings such as {@code console.clusters.KEY.bootstrap=…} */
    static ConsoleOfOthers start(Path folder, String... settings) throws Exception {
        List<String> all = new ArrayList<>(List.of("console.admin.password=" + PASSWORD, "console.timeout=10s"));
        all.addAll(Arrays.asList(settings));
        ConsoleOfOthers console = new ConsoleOfOthers(
                OttlaProcess.serve(Files.createDirectories(folder.resolve("console")), all.toArray(String[]::new))
                        .awaitReady());
        assertThat(console.browser
                        .logIn(console.process, "admin", PASSWORD)
                        .headers()
                        .firstValue("Location"))
                .contains("/");
        return console;
    }

    OttlaProcess process() {
        return process;
    }

    /** A page that is there, whatever of it is missing. */
    String page(String path) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
        return answer.body();
    }

    HttpResponse<String> get(String path) throws Exception {
        return browser.get(process, path);
    }

    HttpResponse<String> submit(String page, String path, Map<String, String> fields) throws Exception {
        return browser.submit(process, page, path, fields);
    }

    /** Sends a form whose answer leads to another page: it did what was asked. */
    void done(String page, String path, Map<String, String> fields) throws Exception {
        HttpResponse<String> answer = submit(page, path, fields);
        assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(302);
    }

    /** What the API answers, with the status in front. */
    String call(String verb, String path, String body) throws Exception {
        String user = Base64.getEncoder().encodeToString(("admin:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> answer =
                process.send(verb, path, body, "Authorization", "Basic " + user, "Content-Type", "application/json");
        return answer.statusCode() + " " + answer.body();
    }

    String call(String path) throws Exception {
        return call("GET", path, "");
    }

    /** What is asked for to be in an answer, once. */
    static String found(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        assertThat(found.find()).as(text).isTrue();
        return found.group(1);
    }

    /** Ids of the clusters that answer, in the order of their keys. */
    List<String> clusters() throws Exception {
        return CLUSTER.matcher(call("/v3/clusters"))
                .results()
                .map(found -> found.group(1))
                .distinct()
                .toList();
    }

    /**
     * Goes through all pages of a cluster that its pages lead to, and expects each to be there. Returns what each shows.
     *
     * @param except what is in the addresses of those that it leaves out
     */
    Map<String, String> walk(String key, String... except) throws Exception {
        String root = "/clusters/" + key;
        Map<String, String> seen = new TreeMap<>();
        Set<String> kinds = new HashSet<>();
        Deque<String> left = new ArrayDeque<>(List.of(root));
        while (!left.isEmpty()) {
            String path = left.removeFirst();
            if (!kinds.add(kind(path))) {
                continue;
            }
            HttpResponse<String> answer = get(path);
            if (answer.statusCode() / 100 == 3) {
                answer.headers().firstValue("Location").ifPresent(left::add);
                continue;
            }
            assertThat(answer.statusCode())
                    .as(path + ": " + text(answer.body()))
                    .isEqualTo(200);
            seen.put(path, answer.body());
            LINK.matcher(answer.body())
                    .results()
                    .map(found -> found.group(1).replace("&amp;", "&").replaceAll("#.*", ""))
                    .filter(link -> link.startsWith(root + "/") && !link.contains("/export"))
                    .filter(link -> Arrays.stream(except).noneMatch(link::contains))
                    .forEach(left::add);
        }
        return seen;
    }

    /** A page with parameters is looked at once, whatever they are, and so is one of many alike. */
    private static String kind(String path) {
        return ALIKE.matcher(path.replaceAll("\\?.+", "?")).replaceAll("$1/EACH");
    }

    /** What a page says, without how it looks. */
    static String text(String page) {
        return page.substring(Math.max(0, page.indexOf("<main")))
                .replaceAll("<[^>]*>", " ")
                .replaceAll("\\s+", " ");
    }

    @Override
    public void close() {
        browser.close();
        process.close();
    }
}
