package io.ottla.console.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.console.Browser;
import io.ottla.console.TestingCluster;
import io.ottla.console.TestingConsole;
import io.ottla.console.TestingPassword;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** The pages about records in a real browser. Its pictures lie in target/screenshots. */
@Tag("full")
class RecordsInBrowserTest {
    private static final String AT = "/clusters/ottla/topics/orders/records";

    private final TestingCluster cluster = new TestingCluster().with("orders", 3);

    @TempDir
    Path folder;

    @Test
    void shouldShowFollowAndWriteRecords() throws Exception {
        // given
        long time = 1_796_000_000_000L;
        for (int i = 0; i < 120; i++) {
            cluster.records.add(
                    "orders",
                    i % 3,
                    time + i * 1000L,
                    ("order-" + i).getBytes(StandardCharsets.UTF_8),
                    i % 17 == 0
                            ? null
                            : ("{\"customer\":{\"id\":" + (i % 5) + ",\"email\":\"ann@example.net\"},\"amount\":" + i
                                            + ".50,\"items\":[\"<b>bold</b>\",\"tea\"]}")
                                    .getBytes(StandardCharsets.UTF_8),
                    new RecordHeaders().add("trace-id", ("t-" + i).getBytes(StandardCharsets.UTF_8)));
        }
        try (TestingConsole console = TestingConsole.start(TestingPassword.in(folder), cluster);
                Browser browser = new Browser(folder.resolve("browser"), false)) {
            browser.logIn(console.address(), TestingPassword.PASSWORD);
            browser.driver().get(console.address() + AT);
            browser.picture("records-newest");
            browser.driver()
                    .findElements(By.cssSelector(".records summary"))
                    .get(1)
                    .click();
            browser.until(".records details[open]", "trace-id");
            browser.picture("records-opened");

            // by a path into the value
            browser.driver()
                    .findElement(By.cssSelector("form > details > summary"))
                    .click();
            browser.driver().findElement(By.name("path")).sendKeys("$.customer.id");
            browser.driver().findElement(By.name("operand")).sendKeys("4", Keys.ENTER);
            browser.until("#found", "records looked through");
            assertThat(browser.text()).contains("22 records").doesNotContain("order-118");
            browser.picture("records-filtered");

            browser.driver().get(console.address() + AT + "/1/3");
            browser.picture("records-one");

            // live
            browser.driver().get(console.address() + AT + "/tail");
            browser.until("main", "Waiting for new records");
            org.awaitility.Awaitility.await().until(() -> cluster.records.borrowed.get() == 1);
            cluster.records.add("orders", 0, time, "came-live", "{\"html\":\"<img src=x onerror=alert(1)>\"}");
            browser.until("#rows", "came-live");
            browser.picture("records-tail");
            assertThat(browser.driver().findElements(By.cssSelector("#rows img")))
                    .isEmpty();

            // writing
            browser.driver().get(console.address() + AT + "/produce");
            browser.driver().findElement(By.name("key")).sendKeys("typed");
            browser.driver().findElement(By.name("value")).sendKeys("{\"a\": 1}");
            browser.driver().findElement(By.name("headers")).sendKeys("source=browser");
            browser.picture("records-produce");
            browser.driver().findElement(By.name("partition")).sendKeys("0", Keys.ENTER);
            browser.until("main", "The record is written, to partition 0");
            browser.picture("records-produced");

            // in the dark and on a phone
            List<String> pages = List.of(AT, AT + "?q=nowhere", AT + "/1/3", AT + "/produce", AT + "/tail");
            browser.prefersDark(true);
            browser.driver().get(console.address() + AT);
            browser.picture("records-dark");
            browser.prefersDark(false);
            browser.becomePhone();
            for (String page : pages) {
                browser.driver().get(console.address() + page);
                browser.picture("records-phone" + pages.indexOf(page));
                browser.assertFitsPhone();
            }
            assertThat(browser.complaints()).isEmpty();
        }
    }
}
