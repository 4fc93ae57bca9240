package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.support.ui.Select;

/** The console in a real browser: on a desk, on a phone, in the dark. Its pictures lie in target/screenshots. */
@Tag("full")
class BrowserTest {
    private final TestingCluster cluster = new TestingCluster()
            .with("orders", 6)
            .with("payments.settled", 3)
            .with("audit-log", 12)
            .with("__consumer_offsets", 50);

    @TempDir
    Path folder;

    @Test
    void shouldServeSomebodyAtADesk() throws Exception {
        try (TestingConsole console = start();
                Browser browser = new Browser(folder.resolve("desk"), false)) {
            logIn(browser, console);
            browser.picture("desk-brokers");
            assertThat(browser.text()).contains("Broker 1", "controller", "/var/lib/ottla/data-1");

            // the list filters while one types, without loading the page again
            browser.driver().findElement(By.linkText("Topics")).click();
            browser.until("#found", "orders");
            browser.picture("desk-topics");
            browser.driver().executeScript("window.sameDocument = true");
            browser.driver().findElement(By.id("q")).sendKeys("pay");
            browser.until("#found", "1–1 of 1 topic");
            assertThat(browser.driver().executeScript("return window.sameDocument"))
                    .isEqualTo(true);
            assertThat(browser.driver().getCurrentUrl()).contains("q=pay");

            // a refusal keeps what was typed
            browser.driver().findElement(By.linkText("Create topic")).click();
            create(browser, "shipments", "9");
            assertThat(browser.text()).contains("larger than available brokers: 3");
            assertThat(browser.driver().findElement(By.name("name")).getDomProperty("value"))
                    .isEqualTo("shipments");
            browser.picture("desk-create-refused");

            // and then it works, by keyboard alone
            browser.driver().findElement(By.name("replicas")).clear();
            browser.driver().findElement(By.name("replicas")).sendKeys("2");
            browser.driver().findElement(By.name("settings")).sendKeys("min.insync.replicas=2");
            browser.driver().findElement(By.name("name")).sendKeys(Keys.ENTER);
            browser.until("h1", "shipments");
            assertThat(cluster.topics.get("shipments").partitions()).hasSize(4);
            assertThat(browser.text()).contains("The topic is there", "min.insync.replicas");
            browser.picture("desk-topic-created");

            browser.driver().get(console.address() + "/clusters/ottla/topics/orders");
            browser.picture("desk-topic");

            // in another language and other colours, which hold on every page
            browser.driver().findElement(By.cssSelector(".menu summary")).click();
            new Select(browser.driver().findElement(By.name("language"))).selectByValue("zh");
            new Select(browser.driver().findElement(By.name("theme"))).selectByValue("dark");
            browser.picture("desk-menu");
            browser.driver()
                    .findElement(By.cssSelector(".menu button[type=submit]"))
                    .click();
            browser.until("main", "起始偏移量");
            assertThat(browser.driver().getCurrentUrl()).endsWith("/topics/orders");
            browser.picture("desk-topic-chinese");
            browser.driver().get(console.address() + "/clusters");
            browser.until("main", "副本不足");
            browser.picture("desk-clusters-chinese");
            assertThat(browser.driver().executeScript("return getComputedStyle(document.body).backgroundColor"))
                    .isEqualTo("rgb(14, 17, 22)");

            browser.driver().findElement(By.cssSelector(".menu summary")).click();
            browser.driver().findElement(By.xpath("//button[.='退出登录']")).click();
            browser.until("body", "您已退出登录");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void shouldServeSomebodyWithAPhone() throws Exception {
        try (TestingConsole console = start();
                Browser browser = new Browser(folder.resolve("phone"), false)) {
            browser.becomePhone();
            browser.driver().get(console.address());
            browser.picture("phone-login");
            logIn(browser, console);
            for (String path : List.of(
                    "/clusters",
                    "/clusters/ottla/brokers",
                    "/clusters/ottla/brokers/1",
                    "/clusters/ottla/topics?internal=true",
                    "/clusters/ottla/topics/orders",
                    "/clusters/ottla/create-topic")) {
                browser.driver().get(console.address() + path);
                browser.picture("phone" + path.replaceAll("\\W+", "-"));
                browser.assertFitsPhone();
            }
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void shouldServeSomebodyInTheDark() throws Exception {
        try (TestingConsole console = start();
                Browser browser = new Browser(folder.resolve("dark"), true)) {
            browser.driver().get(console.address());
            browser.picture("dark-login");
            logIn(browser, console);
            for (String path : List.of(
                    "/clusters",
                    "/clusters/ottla/brokers",
                    "/clusters/ottla/brokers/1",
                    "/clusters/ottla/topics",
                    "/clusters/ottla/topics/orders",
                    "/clusters/ottla/create-topic",
                    "/clusters/ottla/topics?q=zzz")) {
                browser.driver().get(console.address() + path);
                browser.picture("dark" + path.replaceAll("\\W+", "-"));
            }
            assertThat(browser.driver().executeScript("return getComputedStyle(document.body).backgroundColor"))
                    .isEqualTo("rgb(14, 17, 22)");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private TestingConsole start() throws Exception {
        cluster.settings.put("orders", Map.of("retention.ms", "604800000", "cleanup.policy", "delete"));
        return TestingConsole.start(TestingPassword.in(folder), cluster);
    }

    private static void logIn(Browser browser, TestingConsole console) {
        browser.logIn(console.address(), TestingPassword.PASSWORD);
    }

    private static void create(Browser browser, String name, String replicas) {
        browser.driver().findElement(By.name("name")).sendKeys(name);
        browser.driver().findElement(By.name("partitions")).sendKeys("4");
        browser.driver().findElement(By.name("replicas")).sendKeys(replicas);
        browser.driver().findElement(By.cssSelector("main button[type=submit]")).click();
        browser.until("main", "Replication factor");
    }
}
