package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Topic;
import io.ottla.console.words.Wording;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class PagesTest {
    private static final TestingCluster CLUSTER = new TestingCluster();

    @TempDir
    static Path folder;

    private static TestingConsole console;

    @BeforeAll
    static void start() throws Exception {
        console = TestingConsole.start(TestingPassword.in(folder), CLUSTER);
        assertThat(console.logIn(TestingPassword.PASSWORD).statusCode()).isEqualTo(302);
    }

    @AfterAll
    static void stop() {
        console.close();
    }

    @BeforeEach
    void fill() {
        CLUSTER.failure = null;
        CLUSTER.firstHost = "kafka-1.example.net";
        CLUSTER.topics.clear();
        CLUSTER.settings.clear();
        CLUSTER.with("orders", 6).with("payments", 3).with("__consumer_offsets", 50);
    }

    @Test
    void shouldShowBrokersWithControllerFoldersAndLoad() throws Exception {
        // when
        HttpResponse<String> page = console.get("/clusters/ottla/brokers");

        // then
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .contains(TestingCluster.ID, "kafka-1.example.net:9092", "rack eu-west-1a", "controller")
                .contains("/var/lib/ottla/data-2", "No space left on device", "310 GiB")
                .contains("out of sync");
    }

    @Test
    void shouldShowOneBrokerWithItsListenersAndConfiguration() throws Exception {
        // when
        HttpResponse<String> page = console.get("/clusters/ottla/brokers/1");

        // then
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .contains("kafka-1.example.net:9092", "eu-west-1a", "/var/lib/ottla/data-2", "310 GiB")
                .contains("CLIENT://:9092", "REPLICATION://:9091", "log.retention.hours", "hidden");
        assertThat(console.get("/clusters/ottla/brokers/9").statusCode()).isEqualTo(404);
        assertThat(console.get("/clusters/ottla/brokers/9").body()).contains("There is no broker 9.");
    }

    @Test
    void shouldLeaveInternalTopicsOutUnlessAsked() throws Exception {
        assertThat(console.get("/clusters/ottla/topics").body())
                .contains("orders")
                .doesNotContain("__consumer_offsets");
        assertThat(console.get("/clusters/ottla/topics?internal=true").body()).contains("orders", "__consumer_offsets");
    }

    @Test
    void shouldFilterSortAndPageOnTheServer() throws Exception {
        // given
        for (int i = 0; i < 120; i++) {
            CLUSTER.with("bulk-%03d".formatted(i), 1 + i % 5);
        }

        // when
        String filtered = console.get("/clusters/ottla/topics?q=BULK-01").body();
        String third = console.get("/clusters/ottla/topics?q=bulk&page=3").body();
        String largest =
                console.get("/clusters/ottla/topics?sort=partitions&dir=desc").body();

        // then
        assertThat(filtered)
                .contains("bulk-010", "bulk-019", "1–10 of 10 topics")
                .doesNotContain("bulk-020");
        assertThat(third).contains("bulk-119", "101–120 of 120 topics").doesNotContain("bulk-099");
        assertThat(largest.indexOf(">orders<")).isPositive().isLessThan(largest.indexOf(">bulk-004<"));
        assertThat(largest).contains("aria-sort=\"descending\"");
    }

    @Test
    void shouldAnswerHtmxWithThePartThatItReplaces() throws Exception {
        // when
        HttpResponse<String> part =
                console.send(console.request("/clusters/ottla/topics?q=orders").header("HX-Request", "true"));

        // then
        assertThat(part.body()).contains("id=\"found\"", "orders").doesNotContain("<html", "payments");
    }

    @Test
    void shouldAskForTheListOfTopicsAgainAndAgain() throws Exception {
        assertThat(console.get("/clusters/ottla/topics?q=o&internal=true&sort=size&dir=desc")
                        .body())
                .containsPattern(
                        "<div id=\"found\" hx-get=\"[^\"]*/topics\\?sort=size&amp;dir=desc&amp;q=o&amp;internal=true\""
                                + " hx-trigger=\"every 5s\"");
    }

    @Test
    void shouldShowATopicsPartitionsAndSettings() throws Exception {
        // given
        CLUSTER.settings.put("orders", Map.of("retention.ms", "60000"));

        // when
        String page = console.get("/clusters/ottla/topics/orders").body();

        // then
        assertThat(page).contains("1\u202f234\u202f567", "2 of 3", "3 of 3", "retention.ms", "this topic", "hidden");
        assertThat(page).contains("one setting of its own", "min.insync.replicas", "file of the broker");
    }

    @Test
    void shouldPageThePartitionsOfALargeTopic() throws Exception {
        // given
        CLUSTER.with("wide", 250);

        // when
        String last = console.get("/clusters/ottla/topics/wide?page=3").body();

        // then
        assertThat(last).contains("201–250 of 250 partitions");
    }

    @Test
    void shouldMakeATopicAndLeadToIt() throws Exception {
        // when
        HttpResponse<String> answer = console.submit(
                "/clusters/ottla/create-topic",
                "/clusters/ottla/create-topic",
                Map.of(
                        "name", "fresh",
                        "partitions", "4",
                        "replicas", "2",
                        "cleanup", "compact",
                        "retention", "",
                        "settings", "min.insync.replicas=2\n\nsegment.bytes = 1048576"));

        // then
        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(answer.headers().firstValue("Location"))
                .hasValueSatisfying(to -> assertThat(to).endsWith("/clusters/ottla/topics/fresh?created"));
        assertThat(CLUSTER.topics.get("fresh").partitions()).hasSize(4);
        assertThat(CLUSTER.settings.get("fresh"))
                .isEqualTo(Map.of("cleanup.policy", "compact", "min.insync.replicas", "2", "segment.bytes", "1048576"));
        assertThat(console.get("/clusters/ottla/topics/fresh?created").body()).contains("The topic is there");
    }

    @Test
    void shouldShowTheFormAgainWithWhatTheClusterSaid() throws Exception {
        // when
        HttpResponse<String> answer = console.submit(
                "/clusters/ottla/create-topic",
                "/clusters/ottla/create-topic",
                Map.of("name", "big", "replicas", "7", "settings", "a=b\n\"><b>x</b>=<i>"));

        // then
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .contains("Replication factor: 7 larger than available brokers: 3.")
                .contains("value=\"big\"", "value=\"7\"", "&quot;&gt;&lt;b&gt;x&lt;/b&gt;=&lt;i&gt;")
                .doesNotContain("<b>x</b>");
        assertThat(CLUSTER.topics).doesNotContainKey("big");
    }

    @ParameterizedTest
    @ValueSource(strings = {"novalue", "=x", "a=1\na=2"})
    void shouldSayWhichLineOfSettingsIsUnreadable(String settings) throws Exception {
        // when
        HttpResponse<String> answer = console.submit(
                "/clusters/ottla/create-topic",
                "/clusters/ottla/create-topic",
                Map.of("name", "x", "settings", settings));

        // then
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("Expected");
    }

    @Test
    void shouldDeleteATopicAfterAsking() throws Exception {
        // given
        String asked = console.get("/clusters/ottla/topics/payments/delete").body();

        // when
        HttpResponse<String> answer = console.submit(
                "/clusters/ottla/topics/payments/delete",
                "/clusters/ottla/topics/payments/delete",
                Map.of("typed", "payments"));

        // then
        assertThat(asked).contains("3 partitions", "Type the name");
        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(CLUSTER.topics).doesNotContainKey("payments");
    }

    @Test
    void shouldSayWhatFailedInASentence() throws Exception {
        // given
        CLUSTER.failure = new ClusterFailure(ClusterFailure.Reason.NO_ANSWER, Wording.quoted("Nobody <answers>."));

        // when
        HttpResponse<String> page = console.get("/clusters/ottla/topics");

        // then
        assertThat(page.statusCode()).isEqualTo(504);
        assertThat(page.body()).contains("No answer", "Nobody &lt;answers&gt;.");
    }

    @Test
    void shouldSayThatATopicOrPageIsNotThere() throws Exception {
        assertThat(console.get("/clusters/ottla/topics/nowhere").statusCode()).isEqualTo(404);
        assertThat(console.get("/clusters/ottla/topics/nowhere").body()).contains("This topic does not exist.");
        assertThat(console.get("/nowhere").statusCode()).isEqualTo(404);
        assertThat(console.get("/nowhere").body())
                .contains("There is no such page", "Nothing is at /nowhere.", "Log out");
    }

    @Test
    void shouldHaveNoPageWhereErrorsAreShown() throws Exception {
        for (String accept : List.of("text/html", "application/json", "*/*")) {
            HttpResponse<String> answer = console.send(console.request("/error").header("Accept", accept));
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).contains("Nothing is at /error.").doesNotContain("999");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/clusters/ottla/topics/%00",
                "/clusters/ottla/topics/%zz",
                "/a|b",
                "/clusters/ottla/topics/a%2f..%2fb"
            })
    void shouldAnswerAnAddressThatCanNotBeReadByAShortPage(String path) throws Exception {
        String answer = RawRequest.send(console, "GET " + path + " HTTP/1.1", "Host: 127.0.0.1");
        assertThat(answer)
                .startsWith("HTTP/1.1 400")
                .contains("<h1>That could not be understood</h1>", "text/html", "Content-Security-Policy")
                .doesNotContain("Tomcat", "Apache", "style");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/clusters/ottla/topics?q=%zz",
                "/login?to=%zz",
                "/clusters/ottla/brokers?x=%ff%zz",
                "/v3/clusters?x=%zz"
            })
    void shouldTakeParametersThatCanNotBeReadForTheCallersMistake(String path, CapturedOutput output) throws Exception {
        // given
        String cookies = console.cookies().stream()
                .map(cookie -> cookie.getName() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));

        // when
        String answer = RawRequest.send(
                console, "GET " + path + " HTTP/1.1", "Host: 127.0.0.1", "Accept: text/html", "Cookie: " + cookies);

        // then
        assertThat(answer).startsWith("HTTP/1.1 400").containsPattern("can('|&#39;)t be read\\.");
        assertThat(output.getAll()).doesNotContain("ERROR");
    }

    @Test
    void shouldTellOtherProgramsOfAPathWithoutAPageAsAProblem() throws Exception {
        HttpResponse<String> answer = console.send(console.request("/nowhere?x=1"));
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.body())
                .contains("\"status\":404", "\"title\":\"Not Found\"", "\"detail\":\"Nothing is at /nowhere.\"")
                .doesNotContain("timestamp", "trace");
    }

    @Test
    void shouldAnswerBelowTheApiInItsOwnFormWhateverIsAsked() throws Exception {
        for (String accept : List.of("text/html", "application/json", "*/*")) {
            HttpResponse<String> answer =
                    console.send(console.request("/v3/nowhere").header("Accept", accept));
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
            assertThat(answer.body()).contains("\"error_code\":404", "Nothing is at /v3/nowhere.");
        }
    }

    @Test
    void shouldSayByAPageThatAFormHasExpired() throws Exception {
        // when   a form comes without the token of its page
        HttpResponse<String> answer = console.send(console.request("/clusters/ottla/create-topic")
                .header("Accept", "text/html")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("name=forged")));
        // then
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("This form has expired", "load the page again");
    }

    @Test
    void shouldSayByAPageThatSomethingBroke() throws Exception {
        // given  a failure that nobody expected
        CLUSTER.failure = new IllegalStateException("secret <detail>");
        // when
        HttpResponse<String> page = console.get("/clusters/ottla/topics");
        HttpResponse<String> problem =
                console.send(console.request("/clusters/ottla/topics").header("Accept", "*/*"));
        // then   it is in the log and not on the page
        assertThat(page.statusCode()).isEqualTo(500);
        assertThat(page.body())
                .contains("That did not work", "the log of the process says more")
                .doesNotContain("secret");
        assertThat(problem.statusCode()).isEqualTo(500);
        assertThat(problem.body()).contains("\"status\":500").doesNotContain("secret");
    }

    @Test
    void shouldShowHostilePathsAsText() throws Exception {
        HttpResponse<String> page = console.get("/%3Cscript%3Ealert(1)%3C/script%3E");
        assertThat(page.statusCode()).isEqualTo(404);
        assertThat(page.body()).doesNotContain("<script>alert");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>alert(1)</script>",
                "\" onfocus=\"alert(1)",
                "' autofocus x='",
                "${7*7}",
                "[[${7*7}]]",
                "__${T(java.lang.Runtime).getRuntime()}__::.x",
                "T(java.lang.Runtime)",
                "*{7*7}",
                "~{login}",
                "{q}"
            })
    void shouldGiveBackHostileTextAsText(String hostile) throws Exception {
        // given
        CLUSTER.settings.put("orders", Map.of("name" + hostile, hostile));
        CLUSTER.firstHost = hostile;
        CLUSTER.topics.put("odd", new Topic("odd", hostile, false, List.of()));
        String encoded = java.net.URLEncoder.encode(hostile, java.nio.charset.StandardCharsets.UTF_8);

        // when
        List<HttpResponse<String>> pages = List.of(
                console.get("/clusters/ottla/topics?q=" + encoded),
                console.get("/clusters/ottla/topics?sort=" + encoded + "&dir=" + encoded + "&page=" + encoded),
                console.get("/clusters/ottla/topics?deleted=" + encoded),
                console.get("/clusters/ottla/topics/orders"),
                console.get("/clusters/ottla/topics/odd"),
                console.get("/clusters/ottla/brokers"),
                console.get("/clusters/ottla/brokers/1"));

        // then
        String escaped = org.springframework.web.util.HtmlUtils.htmlEscape(hostile);
        assertThat(pages).allSatisfy(page -> {
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).doesNotContain("<script>alert", "\" onfocus=", "' autofocus", ">49<", "\"49\"");
        });
        for (int shown : List.of(0, 3, 4, 5, 6)) {
            assertThat(pages.get(shown).body()).contains(escaped);
        }
    }

    @Test
    void shouldServeStyleSheetScriptAndIcon() throws Exception {
        assertThat(console.get("/assets/console.css").statusCode()).isEqualTo(200);
        assertThat(console.get("/assets/lib/htmx.min.js").body()).contains("htmx");
        assertThat(console.get("/assets/ottla.svg").statusCode()).isEqualTo(200);
        assertThat(console.get("/assets/../templates/login.html").statusCode()).isNotEqualTo(200);
    }

    @Test
    void shouldKeepPagesFreeOfInlineScriptAndStyle() throws Exception {
        for (String path : List.of(
                "/clusters/ottla/brokers",
                "/clusters/ottla/brokers/1",
                "/clusters/ottla/topics",
                "/clusters/ottla/topics/orders",
                "/clusters/ottla/create-topic",
                "/clusters/ottla/topics/orders/delete")) {
            assertThat(console.get(path).body())
                    .describedAs(path)
                    .doesNotContain(" style=", "<style", " onclick", "javascript:", "hx-on")
                    .doesNotContainPattern("<script(?![^>]*src=)");
        }
    }
}
