package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.console.Browser;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** The console of a real process over its real broker, from the first start on, in a real browser. */
@Tag("full")
class ConsoleInBrowserTest {
    private static final List<String> PAGES = List.of(
            "/clusters/ottla/brokers",
            "/clusters/ottla/brokers/0",
            "/clusters/ottla/topics",
            "/clusters/ottla/topics/t",
            "/clusters/ottla/create-topic");

    @TempDir
    Path folder;

    @Test
    void shouldServeTheAdministratorOfAFreshBroker() throws Exception {
        try (OttlaProcess process = OttlaProcess.serve(folder, "broker.id=0", "broker.rack=north")
                        .awaitReady();
                Browser browser = new Browser(folder.resolve("browser"), false)) {
            // given  a broker with some records, and the password that the first start said
            TestingClient.createTopic(process.bootstrap());
            TestingClient.produce(process.bootstrap(), 0, 500);
            browser.driver().get(process.console());
            browser.picture("process-login");
            browser.logIn(process.console(), process.password());

            // then   the broker is told with everything that is known of it
            assertThat(browser.text())
                    .contains("Broker 0", "controller", "rack north", process.bootstrap())
                    .contains(folder.resolve("logs").toString(), "1 partition", "100 % of all");
            browser.picture("process-brokers");
            browser.driver().findElement(By.linkText("Broker 0")).click();
            browser.until("h1", "Broker 0");
            assertThat(browser.text())
                    .contains("PLAINTEXT://" + process.bootstrap(), "Ottla ", "north", "log.dirs", "controller");
            browser.picture("process-broker");

            // and    a topic with its partitions and sizes
            browser.driver().get(process.console() + "/clusters/ottla/topics/t");
            assertThat(browser.text()).contains("1 of 1", "500");
            browser.picture("process-topic");

            // when   one is created, and deleted again
            browser.driver().get(process.console() + "/clusters/ottla/create-topic");
            browser.driver().findElement(By.name("name")).sendKeys("orders");
            browser.driver().findElement(By.name("partitions")).sendKeys("4");
            browser.driver().findElement(By.name("settings")).sendKeys("retention.ms=60000");
            browser.driver().findElement(By.name("name")).sendKeys(Keys.ENTER);
            browser.until("h1", "orders");
            assertThat(browser.text()).contains("The topic is there", "retention.ms", "60000");
            browser.picture("process-topic-created");
            browser.driver().findElement(By.cssSelector("main .menu summary")).click();
            browser.driver().findElement(By.linkText("Delete…")).click();
            browser.until("h1", "Delete");
            browser.driver().findElement(By.name("typed")).sendKeys("orders");
            browser.picture("process-delete");
            browser.driver()
                    .findElement(By.cssSelector("main button[type=submit]"))
                    .click();
            browser.until("main", "orders");
            browser.picture("process-topics-deleted");
            assertThat(process.output()).doesNotContain("ERROR");

            // then   all pages hold in the dark and on a phone
            for (boolean dark : List.of(true, false)) {
                browser.prefersDark(dark);
                if (!dark) {
                    browser.becomePhone();
                }
                for (String path : PAGES) {
                    browser.driver().get(process.console() + path);
                    browser.picture("process-" + (dark ? "dark" : "phone") + path.replace('/', '-'));
                    if (!dark) {
                        browser.assertFitsPhone();
                    }
                }
            }
            assertThat(browser.complaints()).isEmpty();
        }
    }
}
