package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.console.Browser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** Records of transactions of Kafka 4.3, and what its coordinators keep, in the console. */
@Tag("full")
class RecordsOfKafkaTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String RECORDS = "/clusters/kafka/topics/" + TransactionalRecords.TOPIC + "/records";
    private static final Pattern FATE =
            Pattern.compile("/records/0/(\\d+)[^>]*>\\d+</a>\\s*<span class=\"pill warn\">([^<]+)</span>");

    @TempDir
    Path folder;

    @Test
    void shouldSayWhichRecordsAreOfAbortedAndOpenTransactions() throws Exception {
        // given
        String address = "127.0.0.1:" + KafkaProcess.freePort();
        try (KafkaProcess kafka = KafkaProcess.onKraft(
                        Files.createDirectories(folder.resolve("kafka")),
                        1,
                        address,
                        Map.of(1, "127.0.0.1:" + KafkaProcess.freePort()),
                        List.of(
                                "offsets.topic.replication.factor=1",
                                "transaction.state.log.replication.factor=1",
                                "transaction.state.log.min.isr=1"));
                ConsoleOfOthers console =
                        ConsoleOfOthers.start(folder, "console.clusters.kafka.bootstrap=" + address)) {
            kafka.awaitReady();
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(console.page("/clusters/kafka/brokers"))
                            .contains("/clusters/kafka/transactions"));
            try (TransactionalRecords records = TransactionalRecords.write(address)) {
                // then   who looks at all of them is told what others don't get
                String all = console.page(RECORDS);
                assertThat(FATE.matcher(all).results().map(found -> found.group(1) + " " + found.group(2)))
                        .containsExactly("11 not committed", "10 not committed", "7 aborted", "6 aborted");
                assertThat(all)
                        .contains("plain-0", "good-3", "bad-6", "plain-9", "open-10", "plain-11")
                        .contains("Partition 0: from offset 10 on", "What is marked as aborted");
                assertThat(console.page(RECORDS + "?from=oldest&q=bad-7")).contains(">aborted<", "bad-7");
                assertThat(console.page(RECORDS + "/0/6")).contains("of a transaction that was aborted");
                assertThat(console.page(RECORDS + "/0/10")).contains("of a transaction that is still open");
                assertThat(console.page(RECORDS + "/0/4")).doesNotContain("of a transaction that");

                // and    who looks at what is committed, what is left out
                for (String from : List.of("newest", "oldest")) {
                    assertThat(console.page(RECORDS + "?committed=true&from=" + from))
                            .contains("plain-2", "good-4", "plain-9")
                            .doesNotContain("bad-", "open-10", "plain-11")
                            .contains("2 records of aborted transactions lie here")
                            .contains("Partition 0: what lies from offset 10 on");
                }
                String api = "/api/v1/clusters/" + id(address) + "/topics/payments/records?from=oldest";
                assertThat(console.call(api + "&committed=true"))
                        .contains("good-4", "plain-9")
                        .doesNotContain("bad-6", "open-10");
                assertThat(console.call(api)).contains("bad-6", "open-10");

                // and    in a browser
                try (Browser browser = new Browser(folder.resolve("browser"), false)) {
                    browser.driver().get(console.process().console());
                    browser.driver().findElement(By.name("password")).sendKeys(ConsoleOfOthers.PASSWORD, Keys.ENTER);
                    browser.until("h1", "Clusters");
                    for (String look : List.of("light", "dark", "phone")) {
                        browser.prefersDark(look.equals("dark"));
                        if (look.equals("phone")) {
                            browser.becomePhone();
                        }
                        for (String page : List.of("", "?committed=true", "/0/6")) {
                            browser.driver().get(console.process().console() + RECORDS + page);
                            browser.picture("fates-" + look + page.replaceAll("\\W+", "-"));
                            if (look.equals("phone")) {
                                browser.assertFitsPhone();
                            }
                        }
                    }
                    assertThat(browser.complaints()).isEmpty();
                }

                // when
                records.commit();

                // then
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(console.page(RECORDS))
                                .contains(">aborted<")
                                .doesNotContain("not committed", "wait for the end"));
            }
            assertThatCoordinatorsAreRead(console, "kafka");
        }
    }

    /** What a broker really wrote into the topics of its coordinators is told in full. */
    static void assertThatCoordinatorsAreRead(ConsoleOfOthers console, String key) throws Exception {
        String topics = "/clusters/" + key + "/topics/";
        assertThat(console.page(topics + "__transaction_state/records?from=oldest"))
                .contains(
                        "pay-1",
                        "pay-2",
                        "transactionalId",
                        "transactionStatus",
                        "producerEpoch",
                        "transactionPartitions")
                .contains("Value: transaction coordinator")
                .doesNotContain("This is not what the coordinator keeps");
        assertThat(console.page(topics + "__consumer_offsets/records?from=oldest"))
                .contains("OffsetCommit", "exactly-once", "reader", "GroupMetadata", "commitTimestamp")
                .contains("Value: group coordinator")
                .doesNotContain("This is not what the coordinator keeps");
    }

    private static String id(String address) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            return admin.describeCluster().clusterId().get();
        }
    }
}
