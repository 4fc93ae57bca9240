package io.ottla.console.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.console.RawRequest;
import io.ottla.console.TestingCluster;
import io.ottla.console.TestingConsole;
import io.ottla.console.TestingPassword;
import io.ottla.console.TestingRecords;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.words.Wording;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Pages and calls about records, over logs in memory. */
class RecordsPagesTest {
    private static final TestingCluster CLUSTER = new TestingCluster();
    private static final String AT = "/clusters/ottla/topics/orders/records";
    private static final String V3 = "/v3/clusters/" + TestingCluster.ID + "/topics/orders/records";
    private static final String V1 = "/api/v1/clusters/" + TestingCluster.ID + "/topics/orders/records";
    private static final String XSS = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";

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
        CLUSTER.topics.clear();
        CLUSTER.records.clear();
        CLUSTER.with("orders", 3);
    }

    @Test
    void shouldShowPagesFromTheNewestDown() throws Exception {
        // given
        for (int i = 0; i < 120; i++) {
            CLUSTER.records.add("orders", i % 3, 1_000_000 + i, "key-" + i, "{\"n\":" + i + "}");
        }

        // when
        String first = console.get(AT).body();
        String older =
                first.replaceAll("(?s).*href=\"([^\"]*)\"[^>]*>Older.*", "$1").replace("&amp;", "&");
        String second = console.get(older).body();

        // then
        assertThat(first).contains("key-119", "key-70", "50 records").doesNotContain("key-69<", "Newer<");
        assertThat(second).contains("key-69", "key-20", "Newer").doesNotContain("key-70<");
        assertThat(CLUSTER.records.borrowed.get()).isZero();
    }

    @Test
    void shouldEscapeEverythingThatComesFromRecords() throws Exception {
        // given
        CLUSTER.records.add(
                "orders",
                0,
                1,
                XSS.getBytes(StandardCharsets.UTF_8),
                ("{\"a\":\"<script>alert(2)</script>\"}" + XSS).getBytes(StandardCharsets.UTF_8),
                new RecordHeaders().add(XSS, XSS.getBytes(StandardCharsets.UTF_8)));

        // then
        for (String path :
                new String[] {AT, AT + "/0/0", AT + "?q=%3Cscript%3E&path=$.%3Cb%3E&operand=%22%3E%3Ci%3E"}) {
            String page = console.get(path).body();
            assertThat(page)
                    .doesNotContain("<script>alert", "<img src=x", "\"><i>")
                    .contains("Records");
        }
        assertThat(console.get(AT).body()).contains("&lt;script&gt;alert(1)");
    }

    @Test
    void shouldShowOneRecordAsItIsWantedToBeRead() throws Exception {
        CLUSTER.records
                .add("orders", 1, 1, "k", "{\"a\":[1,2]}")
                .skip("orders", 1, 5)
                .add("orders", 1, 2, "k", null);

        assertThat(console.get(AT + "/1/0").body()).contains("&quot;a&quot; : [ 1, 2 ]", "Partition 1, offset 0");
        assertThat(console.get(AT + "/1/0?values=hex").body()).contains("7b2261223a5b312c325d7d");
        assertThat(console.get(AT + "/1/0?values=int32").body()).contains("can&#39;t be read as this");
        assertThat(console.get(AT + "/1/3").body()).contains("Nothing is at offset 3 any more", "tombstone");
        assertThat(console.get(AT + "/1/7").statusCode()).isEqualTo(404);
        assertThat(console.get(AT + "/9/0").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?from=offset",
                "?partition=x",
                "?path=$.a[?(1)]",
                "?cursor=zz",
                "?time=x&from=time",
                "?committed=zzz"
            })
    void shouldKeepThePageWhereAParameterIsWrong(String query) throws Exception {
        HttpResponse<String> page = console.get(AT + query.replace("[", "%5B").replace("]", "%5D"));
        assertThat(page.statusCode()).isEqualTo(400);
        assertThat(page.body()).contains("role=\"alert\"", "Expected");
    }

    @Test
    void shouldTeachWhereThereIsNothing() throws Exception {
        assertThat(console.get(AT).body()).contains("No records here", AT + "/produce");
        CLUSTER.records.add("orders", 0, 1, "k", "v");
        assertThat(console.get(AT + "?q=zzz").body()).contains("Nothing was found", "One record looked through");
        assertThat(console.get(AT + "?partition=7").statusCode()).isEqualTo(404);
        assertThat(console.get("/clusters/ottla/topics/nowhere/records").statusCode())
                .isEqualTo(404);
        assertThat(console.get("/clusters/ottla/topics/orders").body()).contains(AT);
    }

    @Test
    void shouldExportAsFiles() throws Exception {
        CLUSTER.records.add("orders", 0, 1, "=1+1", "a\"b").add("orders", 0, 2, null, "{\"n\":1}");

        HttpResponse<String> csv = console.get(AT + "/export?as=csv&from=oldest");
        HttpResponse<String> lines = console.get(AT + "/export?as=json&only=page&size=1");

        assertThat(csv.headers().firstValue("Content-Disposition"))
                .hasValue("attachment; filename=\"orders-records.csv\"");
        assertThat(csv.headers().firstValue("Content-Type").orElse("")).startsWith("text/csv");
        assertThat(csv.body())
                .isEqualTo(String.join(
                        "\r\n",
                        "partition,offset,timestamp,time,key,value,headers",
                        "0,0,1,1970-01-01T00:00:00.001Z,\"'=1+1\",\"a\"\"b\",\"\"",
                        "0,1,2,1970-01-01T00:00:00.002Z,,\"{\"\"n\"\":1}\",\"\"",
                        ""));
        assertThat(lines.body().lines()).hasSize(1);
        assertThat(Json.parse(lines.body()).at("/value/n").asInt()).isOne();
        assertThat(console.get(AT + "/export?as=exe").statusCode()).isEqualTo(400);
    }

    @Test
    void shouldSayWhyThereIsNoFile() throws Exception {
        HttpResponse<String> unknown = console.get("/clusters/ottla/topics/nowhere/records/export");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("This topic does not exist");

        CLUSTER.failure =
                new ClusterFailure(ClusterFailure.Reason.NO_ANSWER, Wording.quoted("Nobody has answered in time."));
        HttpResponse<String> silent = console.get(AT + "/export?as=csv");
        assertThat(silent.statusCode()).isEqualTo(504);
        assertThat(silent.headers().firstValue("Content-Disposition")).isEmpty();
        assertThat(silent.body()).contains("Nobody has answered in time.");
    }

    @Test
    void shouldWriteWhatWasTyped() throws Exception {
        // when
        HttpResponse<String> one = console.submit(
                AT + "/produce",
                AT + "/produce",
                Map.of("key", "k", "value", "v", "headers", "a=b=c\nd=", "partition", "2"));
        HttpResponse<String> tombstone = console.submit(
                AT + "/produce", AT + "/produce", Map.of("key", "0a", "keyAs", "hex", "valueAs", "none"));
        HttpResponse<String> several = console.submit(
                AT + "/produce",
                AT + "/produce",
                Map.of("lines", "{\"key\":\"1\",\"value\":{\"a\":1},\"headers\":{\"h\":\"x\"}}\n\n{\"value\":\"z\"}"));

        // then
        assertThat(one.headers().firstValue("Location")).hasValue(AT + "/produce?sent=1&partition=2&offset=0");
        assertThat(CLUSTER.records.log("orders", 2)).singleElement().satisfies(record -> {
            assertThat(record.key()).isEqualTo("k".getBytes(StandardCharsets.UTF_8));
            assertThat(record.headers().lastHeader("a").value()).isEqualTo("b=c".getBytes(StandardCharsets.UTF_8));
        });
        assertThat(tombstone.statusCode()).isEqualTo(302);
        assertThat(several.statusCode()).isEqualTo(302);
        assertThat(CLUSTER.records.log("orders", 0)).hasSize(3);
        assertThat(CLUSTER.records.log("orders", 0).getFirst().value()).isNull();
        assertThat(console.get(one.headers().firstValue("Location").orElseThrow())
                        .body())
                .contains("to partition 2 at offset 0", AT + "/2/0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "value=x&partition=9 | Expected a partition below 3",
                "value=x&partition=-1 | partition",
                "value=zz&valueAs=hex | value: Expected hex",
                "value=x&headers=nothing | name=value",
                "lines={ | Line 1",
                "lines=[1] | Line 1",
                "value=" + TestingRecords.REFUSED + " | The broker refuses this."
            })
    void shouldKeepWhatWasTypedWhereItCanNotBeWritten(String typed, String says) throws Exception {
        Map<String, String> fields = new java.util.HashMap<>();
        for (String each : typed.split("&")) {
            fields.put(each.substring(0, each.indexOf('=')), each.substring(each.indexOf('=') + 1));
        }
        HttpResponse<String> page = console.submit(AT + "/produce", AT + "/produce", fields);
        assertThat(page.statusCode()).isEqualTo(400);
        assertThat(page.body()).contains(says).contains("role=\"alert\"");
        assertThat(CLUSTER.records.log("orders", 0)).isEmpty();
        assertThat(console.post(AT + "/produce", Map.of("value", "x")).statusCode())
                .isEqualTo(403);
    }

    @Test
    void shouldFollowLiveAndLetGoWhenThePageGoes() throws Exception {
        // given
        String cookies = String.join(
                "; ",
                console.cookies().stream()
                        .map(Object::toString)
                        .map(text -> text.replace("\"", ""))
                        .toList());
        CLUSTER.records.add("orders", 0, 1, "old", "old");
        HttpClient client = HttpClient.newHttpClient();
        HttpResponse<InputStream> events = client.send(
                console.request(AT + "/tail/events?q=wanted")
                        .header("Cookie", cookies)
                        .build(),
                BodyHandlers.ofInputStream());
        assertThat(events.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        BufferedReader lines = new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8));
        assertThat(lines.readLine()).isEqualTo(":");

        // when
        CLUSTER.records.add("orders", 1, 2, "other", "other").add("orders", 2, 3, "<b>new</b>", "wanted");
        StringBuilder read = new StringBuilder();
        for (String line = lines.readLine(); !line.contains("wanted"); line = lines.readLine()) {
            read.append(line).append('\n');
        }

        // then
        assertThat(read).contains("event: rows", "data: ", "&lt;b&gt;new").doesNotContain("other", "<b>new", "old");

        // and    nobody is there any more
        client.shutdownNow();
        events.body().close();
        await().atMost(Duration.ofSeconds(20)).until(() -> CLUSTER.records.borrowed.get() == 0);
        assertThat(console.get(AT + "/tail").body()).contains("sse-connect", "/assets/lib/sse.js");
        assertThat(console.get("/assets/lib/sse.js").statusCode()).isEqualTo(200);
    }

    private static HttpResponse<InputStream> follow(HttpClient client, String query, String accept) throws Exception {
        return client.send(
                console.request(V1 + "?follow=true" + query)
                        .header("Authorization", TestingConsole.basic(TestingPassword.PASSWORD))
                        .header("Accept", accept)
                        .build(),
                BodyHandlers.ofInputStream());
    }

    private static String whole(HttpResponse<InputStream> answer) throws Exception {
        return new String(answer.body().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** The next line that is not empty; null at the end. */
    private static String written(BufferedReader lines) throws Exception {
        String line = lines.readLine();
        while (line != null && line.isEmpty()) {
            line = lines.readLine();
        }
        return line;
    }

    @Test
    void shouldStreamToProgramsWhatWasAndThenWhatComes() throws Exception {
        // given
        CLUSTER.records.add("orders", 0, 1, "k0", "{\"n\":0}").add("orders", 1, 2, "other", "x");
        try (HttpClient client = HttpClient.newHttpClient()) {
            // when
            HttpResponse<InputStream> answer = follow(client, "&from=oldest&q=k&in=key&max_records=2", "*/*");
            BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
            JsonNode first = Json.parse(written(lines));
            CLUSTER.records.add("orders", 2, 3, "k1", "new").add("orders", 2, 4, "k2", "one too many");
            JsonNode second = Json.parse(written(lines));
            JsonNode last = Json.parse(written(lines));

            // then
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/x-ndjson");
            assertThat(first.at("/value/n").asInt(-1)).isZero();
            assertThat(second.at("/key").asString()).isEqualTo("k1");
            assertThat(last.at("/end").asString()).isEqualTo("records");
            assertThat(last.at("/sent").asInt()).isEqualTo(2);
            assertThat(written(lines)).isNull();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> CLUSTER.records.borrowed.get() == 0);
    }

    @Test
    void shouldStreamEventsAndGoOnWhereAPageEnded() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            // given  a page was read, and something came since, also where there was nothing
            CLUSTER.records.add("orders", 0, 1, "k", "old").add("orders", 0, 2, "k", "next");
            HttpResponse<InputStream> page = client.send(
                    console.request(V1 + "?from=oldest&size=1")
                            .header("Authorization", TestingConsole.basic(TestingPassword.PASSWORD))
                            .build(),
                    BodyHandlers.ofInputStream());
            String newer = Json.parse(whole(page)).at("/newer").asString();
            CLUSTER.records.add("orders", 1, 3, "k", "elsewhere");

            // when
            String events = whole(follow(client, "&cursor=" + newer + "&max_seconds=1", "text/event-stream"));

            // then
            assertThat(events)
                    .contains("event: record\ndata: {", "\"next\"", "\"elsewhere\"")
                    .contains("event: end\ndata: {\"end\":\"time\",\"sent\":2")
                    .doesNotContain("\"old\"");
        }
    }

    @Test
    void shouldEndStreamsWhoseReadersAreGoneAndGiveTheirPlacesToOthers() throws Exception {
        // given  as many as there may be
        HttpClient readers = HttpClient.newHttpClient();
        for (int i = 0; i < Tail.MOST_AT_ONCE; i++) {
            assertThat(follow(readers, "", "application/x-ndjson").body().read())
                    .isEqualTo('\n');
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            // when, then
            HttpResponse<InputStream> tooMany = follow(client, "", "*/*");
            assertThat(tooMany.statusCode()).isEqualTo(503);
            assertThat(whole(tooMany)).contains("\"error_code\":50301");

            // when   they go
            readers.shutdownNow();

            // then
            await().atMost(Duration.ofSeconds(20)).until(() -> CLUSTER.records.borrowed.get() == 0);
            assertThat(whole(follow(client, "&max_seconds=1", "*/*"))).contains("{\"end\":\"time\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"&max_records=0", "&max_seconds=601", "&partition=x", "&from=offset"})
    void shouldNotBeginAStreamThatCanNotBe(String query) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<InputStream> answer = follow(client, query, "*/*");
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(whole(answer)).contains("\"error_code\":40001", "Expected");
        }
    }

    @Test
    void shouldSayInAFileAndBehindItThatItIsCut() throws Exception {
        // given
        for (int i = 0; i < 9; i++) {
            CLUSTER.records.add("orders", 0, i, "k" + i, "v");
        }

        // when
        HttpResponse<String> csv = console.get(AT + "/export?as=csv&from=oldest&scan=4");
        HttpResponse<String> json = console.get(AT + "/export?as=json&from=oldest&scan=4");
        HttpResponse<String> whole = console.get(AT + "/export?as=json&from=oldest");

        // then
        assertThat(csv.headers().firstValue("Ottla-Export-Limits")).contains("records=4, seconds=60");
        assertThat(csv.body().lines()).hasSize(6);
        assertThat(csv.body().lines().toList().getLast())
                .startsWith(",,,,\"cut:records\",\"Cut: 4 records were looked through");
        JsonNode last = Json.parse(json.body().lines().toList().getLast());
        assertThat(last.at("/cut").asString()).isEqualTo("records");
        assertThat(last.at("/looked").asInt()).isEqualTo(4);
        assertThat(whole.body().lines()).hasSize(9);
        assertThat(whole.body()).doesNotContain("\"cut\"");

        // and    the trailer tells how it ended
        assertThat(raw(AT + "/export?as=json&from=oldest&scan=4", "HTTP/1.1"))
                .contains("Trailer: Ottla-Export-End")
                .endsWith("Ottla-Export-End: records\r\n\r\n");
        assertThat(raw(AT + "/export?as=json&from=oldest", "HTTP/1.1")).endsWith("Ottla-Export-End: end\r\n\r\n");
        assertThat(raw(AT + "/export?as=json&from=oldest", "HTTP/1.0")).startsWith("HTTP/1.1 200");

        // and    a cut file can be written again, without that line
        CLUSTER.records.clear();
        console.submit(AT + "/produce", AT + "/produce", Map.of("lines", json.body()));
        assertThat(CLUSTER.records.log("orders", 0)).hasSize(4);
    }

    /** The whole answer, with what is behind its body. */
    private static String raw(String path, String protocol) throws Exception {
        String cookies = String.join(
                "; ",
                console.cookies().stream()
                        .map(Object::toString)
                        .map(text -> text.replace("\"", ""))
                        .toList());
        return RawRequest.send(console, "GET " + path + " " + protocol, "Host: x", "Cookie: " + cookies);
    }

    @Test
    void shouldGiveProgramsWhatThePageShows() throws Exception {
        // given
        for (int i = 0; i < 5; i++) {
            CLUSTER.records.add("orders", 0, i, "k" + i, "{\"n\":" + i + "}");
        }

        // when
        JsonNode page = json(api(V1 + "?size=2&from=oldest"));
        JsonNode next =
                json(api(V1 + "?size=2&from=oldest&cursor=" + page.path("newer").asString()));

        // then
        assertThat(page.at("/data/1/value/n").asInt()).isOne();
        assertThat(page.at("/data/0/key").asString()).isEqualTo("k0");
        assertThat(page.path("end").asString()).isEqualTo("enough");
        assertThat(page.path("older").isNull()).isTrue();
        assertThat(next.at("/data/0/offset").asInt()).isEqualTo(2);
        HttpResponse<String> wrong = api(V1 + "?size=x");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(json(wrong).path("error_code").asInt()).isEqualTo(40001);
        assertThat(json(wrong).path("message").asString()).startsWith("size:");
        assertThat(json(api(V1 + "?partition=5")).path("error_code").asInt()).isEqualTo(40404);
        assertThat(console.sendAnonymously(console.request(V1)).statusCode()).isEqualTo(401);
    }

    @Test
    void shouldWriteRecordsOneAfterTheOther() throws Exception {
        // when
        HttpResponse<String> answer = post(V3, """
                {"partition_id": 1, "key": {"type": "BINARY", "data": "Zm9v"}, "value": {"type": "JSON", "data": {"a": 1}},
                 "headers": [{"name": "h", "value": "dg=="}], "timestamp": "2026-01-02T03:04:05Z"}
                {"value": {"type": "STRING", "data": "two"}} {"value": {"type": "XML", "data": "x"}}
                {"partition_id": 7} {"value": null}""");

        // then
        assertThat(answer.statusCode()).isEqualTo(200);
        java.util.List<JsonNode> answers =
                answer.body().lines().map(Json::parse).toList();
        assertThat(answers).hasSize(5);
        assertThat(Json.compact(answers.getFirst()))
                .isEqualTo("{\"error_code\":200,\"cluster_id\":\"" + TestingCluster.ID
                        + "\",\"topic_name\":\"orders\",\"partition_id\":1,\"offset\":0,"
                        + "\"timestamp\":\"2026-01-02T03:04:05Z\",\"key\":{\"type\":\"BINARY\",\"size\":3},"
                        + "\"value\":{\"type\":\"JSON\",\"size\":7}}");
        assertThat(answers)
                .extracting(each -> each.path("error_code").asInt())
                .containsExactly(200, 200, 422, 404, 200);
        assertThat(answers.get(2).path("message").asString()).contains("value.type");
        assertThat(CLUSTER.records
                        .log("orders", 1)
                        .getFirst()
                        .headers()
                        .lastHeader("h")
                        .value())
                .isEqualTo(new byte[] {'v'});
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "{ | 400 | 40001 | Expected JSON",
                "'' | 400 | 40001 | empty",
                "[] | 400 | 40001 | JSON object",
                "{\"key\":{\"type\":\"BINARY\",\"data\":\"%%\"}} | 422 | 42202 | key.data",
                "{\"value\":{\"data\":\"x\"}} | 422 | 42202 | value.type",
                "{\"value\":{\"type\":\"STRING\"}} | 422 | 42202 | value.data",
                "{\"partition_id\":\"a\"} | 422 | 42202 | partition_id",
                "{\"partition_id\":3} | 404 | 40404 | below 3",
                "{\"timestamp\":\"x\"} | 422 | 42202 | timestamp",
                "{\"headers\":[{\"value\":\"\"}]} | 422 | 42202 | headers.name",
                "{\"value\":{\"type\":\"STRING\",\"data\":\"refused by the broker\"}} | 400 | 40002 | refuses"
            })
    void shouldNameTheFieldThatIsWrong(String body, int status, int code, String says) throws Exception {
        HttpResponse<String> answer = post(V3, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(json(answer).path("error_code").asInt()).isEqualTo(code);
        assertThat(json(answer).path("message").asString()).contains(says);
    }

    @Test
    void shouldRefuseABodyThatIsNoText() throws Exception {
        for (byte[] body : List.of(new byte[] {(byte) 0xff, (byte) 0xfe, '{', '}'}, new byte[] {(byte) 0xff})) {
            HttpResponse<String> answer = console.sendAnonymously(console.request(V3)
                    .header("Authorization", TestingConsole.basic(TestingPassword.PASSWORD))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(body)));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            assertThat(json(answer).path("error_code").asInt()).isEqualTo(40001);
        }
    }

    @Test
    void shouldWriteABatch() throws Exception {
        HttpResponse<String> answer = post(V3 + ":batch", """
                {"entries": [{"id": "a", "value": {"type": "STRING", "data": "x"}}, {"id": "b", "partition_id": 9},
                             {"id": "c", "value": {"type": "STRING", "data": 1}}]}""");
        assertThat(answer.statusCode()).isEqualTo(207);
        assertThat(json(answer).at("/successes/0/id").asString()).isEqualTo("a");
        assertThat(json(answer).at("/successes/0/offset").asInt()).isZero();
        assertThat(json(answer).at("/failures/0/error_code").asInt()).isEqualTo(404);
        assertThat(json(answer).at("/failures/1/error_code").asInt()).isEqualTo(422);
        assertThat(post(V3 + ":batch", "{\"entries\":[]}").statusCode()).isEqualTo(422);
        assertThat(post(V3 + ":batch", "{\"entries\":[{\"id\":\"a\"},{\"id\":\"a\"}]}")
                        .statusCode())
                .isEqualTo(422);
        assertThat(post(V3 + ":batch", "{").statusCode()).isEqualTo(400);
    }

    private static HttpResponse<String> api(String path) throws Exception {
        return console.sendAnonymously(
                console.request(path).header("Authorization", TestingConsole.basic(TestingPassword.PASSWORD)));
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        return console.sendAnonymously(console.request(path)
                .header("Authorization", TestingConsole.basic(TestingPassword.PASSWORD))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return Json.parse(answer.body());
    }
}
