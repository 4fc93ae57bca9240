package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.console.Browser;
import io.ottla.console.lag.OldSamples;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** The pages of groups in a real browser, over a real broker with real consumers. */
@Tag("full")
class GroupsInBrowserTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final List<String> PAGES = List.of(
            "/groups", "/groups/shop", "/groups/shop/reset?to=earliest", "/groups/idle/delete", "/topics/t/groups");

    @TempDir
    Path folder;

    @Test
    void shouldServeSomebodyWhoLooksAfterGroups() throws Exception {
        try (OttlaProcess process = OttlaProcess.serve(folder, "broker.id=0", "console.lag.refresh=1s")
                        .awaitReady();
                Browser browser = new Browser(folder.resolve("browser"), false);
                KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers", process.bootstrap(),
                                "group.id", "shop",
                                "client.id", "shop-frontend",
                                "auto.offset.reset", "earliest",
                                "max.poll.records", 25,
                                "enable.auto.commit", "false"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            // given  a console without groups teaches
            browser.logIn(process.console(), process.password());
            String at = process.console() + "/clusters/ottla";
            browser.driver().get(at + "/groups");
            browser.until("main", "No groups yet");
            browser.picture("groups-none");

            // and    a group that was sampled for a day, and reads more slowly than is written
            OldSamples.write(process.bootstrap(), "shop", Instant.now());
            TestingClient.createTopic(process.bootstrap());
            TestingClient.commit(process.bootstrap(), "shop", 0);
            TestingClient.commit(process.bootstrap(), "idle", 0);
            TestingClient.produce(process.bootstrap(), 0, 300);
            consumer.subscribe(List.of("t"));
            browser.driver().get(at + "/groups/idle");
            await().atMost(SOON)
                    .until(() -> !consumer.poll(Duration.ofMillis(100)).isEmpty());
            consumer.commitSync();
            long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            int written = 300;
            while (System.nanoTime() < until) {
                TestingClient.produce(process.bootstrap(), written, written + 40);
                written += 40;
                consumer.poll(Duration.ofSeconds(2));
                consumer.commitSync();
            }

            // then   the list has both, with how they went
            browser.driver().get(at + "/groups?sort=lag&dir=desc");
            browser.until("#found", "shop");
            assertThat(browser.text()).contains("idle", "classic", "stable", "empty", "in 1 topic");
            assertThat(browser.driver().findElements(By.cssSelector("svg.spark")))
                    .hasSizeGreaterThanOrEqualTo(2);
            browser.picture("groups-list");
            browser.driver().findElement(By.id("q")).sendKeys("sho");
            browser.until("#found", "1–1 of 1 group");

            // and    one group, with its charts
            browser.driver().findElement(By.linkText("shop")).click();
            browser.until("h1", "shop");
            browser.until("#charts", "Committed and end offset");
            assertThat(browser.text()).contains("shop-frontend", "127.0.0.1", "Caught up in", "range");
            assertThat(browser.driver().findElements(By.cssSelector(".chart path.line")))
                    .hasSize(3)
                    .allSatisfy(line -> assertThat(line.getDomAttribute("d")).contains("L"));
            browser.picture("group");
            browser.driver().executeScript("document.querySelector('#charts').scrollIntoView({behavior: 'instant'})");
            browser.picture("group-charts");
            browser.driver().findElement(By.id("range-6h")).click();
            browser.until("#charts", "6 hours");
            browser.driver().executeScript("document.querySelector('#charts').scrollIntoView({behavior: 'instant'})");
            browser.picture("group-charts-6h");

            // when   its offsets are to be set while somebody reads
            browser.driver().get(at + "/groups/shop/reset?to=earliest");
            assertThat(browser.text()).contains("The group shop is in use: 1 member, stable");
            assertThat(browser.driver()
                            .findElement(By.cssSelector("#plan button.danger"))
                            .isEnabled())
                    .isFalse();
            browser.picture("group-reset-in-use");

            // and    when nobody does, by keyboard
            consumer.unsubscribe();
            browser.driver().get(at + "/groups/shop/reset");
            browser.driver()
                    .findElement(By.cssSelector("input[name=to][value=shift]"))
                    .click();
            browser.driver().findElement(By.name("value")).sendKeys("-20", Keys.ENTER);
            browser.until("#plan", "20 records will be read again");
            browser.driver().executeScript("document.querySelector('#plan').scrollIntoView({behavior: 'instant'})");
            browser.picture("group-reset");
            browser.driver().findElement(By.cssSelector("#plan button.danger")).sendKeys(Keys.ENTER);
            browser.until("main", "The offsets are set");
            browser.picture("group-reset-done");

            // and    a group is deleted
            browser.driver().get(at + "/groups/idle/delete");
            browser.driver().findElement(By.name("typed")).sendKeys("idle", Keys.ENTER);
            browser.until("main", "Group idle is deleted");
            TestingClient.commit(process.bootstrap(), "idle", 0);

            // then   all pages hold in the dark, in Chinese and on a phone
            browser.prefersDark(true);
            for (String path : PAGES) {
                browser.driver().get(at + path);
                browser.picture("groups-dark" + path.replaceAll("\\W+", "-"));
            }
            browser.prefersDark(false);
            browser.becomePhone();
            for (String path : PAGES) {
                browser.driver().get(at + path);
                browser.picture("groups-phone" + path.replaceAll("\\W+", "-"));
                browser.assertFitsPhone();
            }
            assertThat(browser.complaints()).isEmpty();
            assertThat(process.output()).doesNotContain(" ERROR ");
        }
    }
}
