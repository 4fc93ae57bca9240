package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.console.Browser;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.support.ui.Select;

/** People, the trail, added clusters and ZooKeeper, at three real brokers in a real browser. */
@Tag("full")
class PeopleInBrowserTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final List<String> PAGES = List.of(
            "/people",
            "/people/add",
            "/people/of/alice",
            "/account",
            "/audit",
            "/clusters",
            "/add-cluster",
            "/edit-cluster/east",
            "/clusters/ottla/zookeeper",
            "/clusters/ottla/zookeeper/nodes?path=/brokers",
            "/clusters/ottla/zookeeper/nodes?path=/brokers/ids/1");

    @TempDir
    Path folder;

    @Test
    void shouldManageThemAtWhicheverBroker() throws Exception {
        try (ThreeBrokers three = ThreeBrokers.start(folder, BrokerMake.OTTLA, "console.audit.topic=__ottla_audit");
                Browser browser = new Browser(folder.resolve("browser"), false)) {
            // given  the administrator is logged in
            OttlaProcess maker = List.of(three.broker(1), three.broker(2), three.broker(3)).stream()
                    .filter(each -> each.output().contains("with the password "))
                    .findFirst()
                    .orElseThrow();
            String first = three.broker(1).console();
            browser.logIn(maker.console(), maker.password());

            // when   he adds somebody, at another broker
            browser.driver().get(first + "/people/add");
            type(browser, "name", "alice");
            type(browser, "password", "alices-password");
            new Select(browser.driver().findElement(By.name("role"))).selectByValue("operator");
            browser.driver().findElement(By.name("topics")).clear();
            browser.driver().findElement(By.name("topics")).sendKeys("orders-*, payments");
            browser.picture("people-add");
            press(browser, "main .primary");
            browser.until("main", "alice can log in now");
            browser.picture("people");

            // and    gives her a second role
            browser.driver().findElement(By.linkText("alice")).click();
            browser.until("h1", "alice");
            new Select(browser.driver().findElements(By.name("role")).get(1)).selectByValue("viewer");
            browser.picture("person");
            press(browser, "main .primary");
            browser.until("main", "The roles are saved");

            // and    makes a token
            browser.driver().get(first + "/account");
            type(browser, "label", "backup");
            browser.driver().findElement(By.name("label")).sendKeys(Keys.ENTER);
            browser.until("main", "ottla_");
            browser.picture("account-token");

            // and    adds a cluster, after a try
            browser.driver().get(first + "/add-cluster");
            type(browser, "key", "east");
            type(browser, "name", "East side");
            type(browser, "bootstrap", three.address(2));
            press(browser, "main button[name=test]");
            browser.until("main", "It answers");
            browser.picture("add-cluster-tested");
            press(browser, "main .primary");
            browser.until("main", "East side");
            browser.picture("clusters-added");

            // then   the trail tells of it, and filters
            await().atMost(SOON).untilAsserted(() -> {
                browser.driver().get(first + "/audit");
                assertThat(browser.text()).contains("east", "change who may log in", "log in");
            });
            browser.picture("audit");
            new Select(browser.driver().findElement(By.name("action"))).selectByValue("edit-clusters");
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(
                                    browser.driver().findElement(By.id("found")).getText())
                            .contains("change the list of clusters")
                            .doesNotContain("log in"));
            browser.picture("audit-filtered");

            // and    ZooKeeper is there, with its nodes
            browser.driver().get(first + "/clusters/ottla/zookeeper");
            assertThat(browser.text()).contains("standalone", "connected", "Watches");
            browser.picture("zookeeper");
            browser.driver().findElement(By.linkText("Look at its nodes")).click();
            browser.until("h1", "/");
            browser.driver().findElement(By.linkText("brokers")).click();
            browser.until("h1", "/brokers");
            browser.driver().findElement(By.linkText("ids")).click();
            browser.until("h1", "/brokers/ids");
            browser.driver().findElement(By.linkText("1")).click();
            browser.until("main", "PLAINTEXT");
            browser.picture("zookeeper-node");

            // then   all pages hold in the dark, in Chinese, and on a phone
            for (boolean dark : List.of(true, false)) {
                browser.prefersDark(dark);
                if (!dark) {
                    browser.becomePhone();
                }
                for (String path : PAGES) {
                    browser.driver().get(first + path);
                    browser.picture("people-" + (dark ? "dark" : "phone") + path.replaceAll("[/?=]", "-"));
                    if (!dark) {
                        browser.assertFitsPhone();
                    }
                }
            }
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private static void type(Browser browser, String field, String text) {
        browser.driver().findElement(By.name(field)).sendKeys(text);
    }

    private static void press(Browser browser, String css) {
        browser.driver().findElement(By.cssSelector(css)).sendKeys(Keys.ENTER);
    }
}
