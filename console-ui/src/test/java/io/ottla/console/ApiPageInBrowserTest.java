package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The page of the API in a real browser, under its policy. */
@Tag("full")
class ApiPageInBrowserTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final TestingCluster cluster = new TestingCluster().with("orders", 6);

    @TempDir
    Path folder;

    @Test
    void shouldTryCallsWithTheSessionOfWhoeverLooks() throws Exception {
        try (TestingConsole console = TestingConsole.start(TestingPassword.in(folder), cluster);
                Browser browser = new Browser(folder.resolve("browser"), false)) {
            // given
            browser.logIn(console.address(), TestingPassword.PASSWORD);

            // when
            browser.driver().findElement(By.cssSelector(".menu summary")).click();
            browser.driver().findElement(By.cssSelector(".menu a[href='/api']")).click();
            browser.until("#api", "/v3/clusters/{cluster_id}/topics");

            // then   it lists what there is, in groups, and asks for no password
            browser.picture("api-light");
            List<WebElement> operations = browser.driver().findElements(By.cssSelector("#api .opblock"));
            assertThat(operations).hasSizeGreaterThan(90);
            assertThat(browser.text()).contains("Clusters", "People", "ZooKeeper", "/api/v1/audit");
            assertThat(browser.driver().findElements(By.cssSelector("#api .authorize")))
                    .isEmpty();

            // when, then  a question goes by the session
            String clusters = call(browser, "#operations-Clusters-listClusters", "");
            assertThat(clusters).contains("KafkaClusterList", TestingCluster.ID);
            browser.picture("api-tried");

            // when, then  a change brings the token against forged requests
            String made = call(browser, "#operations-Account-makeToken", "{\"label\": \"from the page\", \"days\": 2}");
            assertThat(made).contains("201", "ottla_");

            // and    in the dark
            browser.prefersDark(true);
            assertThat(browser.driver()
                            .executeScript("return getComputedStyle(document.documentElement).backgroundColor"))
                    .isEqualTo("rgb(28, 32, 34)");
            browser.driver().executeScript("scrollTo(0, 0)");
            browser.picture("api-dark");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    /** Opens an operation, sends it, and returns what is shown of the answer. */
    private static String call(Browser browser, String operation, String body) {
        WebDriverWait soon = new WebDriverWait(browser.driver(), SOON);
        press(browser, By.cssSelector(operation + " .opblock-summary-control"));
        soon.until(ExpectedConditions.presenceOfElementLocated(By.cssSelector(operation + " .try-out__btn")));
        press(browser, By.cssSelector(operation + " .try-out__btn"));
        if (!body.isEmpty()) {
            WebElement text = soon.until(ExpectedConditions.presenceOfElementLocated(
                    By.cssSelector(operation + " textarea.body-param__text")));
            text.clear();
            text.sendKeys(body);
        }
        soon.until(ExpectedConditions.presenceOfElementLocated(By.cssSelector(operation + " .execute")));
        press(browser, By.cssSelector(operation + " .execute"));
        return soon.until(ExpectedConditions.presenceOfElementLocated(
                        By.cssSelector(operation + " .live-responses-table .response")))
                .getText();
    }

    /** Whatever covers it at the window's edge. */
    private static void press(Browser browser, By what) {
        ((JavascriptExecutor) browser.driver())
                .executeScript("arguments[0].click()", browser.driver().findElement(what));
    }

    @Test
    void shouldSpeakChineseToWhoReadsChinese() throws Exception {
        try (TestingConsole console = TestingConsole.start(TestingPassword.in(folder), cluster);
                Browser browser = new Browser(folder.resolve("chinese"), true)) {
            // given
            browser.prefers("zh-CN");
            browser.logIn(console.address(), TestingPassword.PASSWORD);

            // when
            browser.driver().get(console.address() + "/api");
            browser.until("#api", "/v3/clusters/{cluster_id}/topics");

            // then   groups and what calls do; paths and fields are what they are
            browser.until("#api", "所有主题，包括内部主题");
            assertThat(browser.text())
                    .contains("访问规则", "路径和正文与 Kafka 工具所用的一致", "/api/v1/audit")
                    .doesNotContain("Access rules", "All topics, internal ones too");
            assertThat(browser.driver()
                            .findElement(By.cssSelector("#api .operation-filter-input"))
                            .getAttribute("placeholder"))
                    .isEqualTo("按分组或路径筛选");

            // when   a call is tried out
            String answer = call(browser, "#operations-集群-listClusters", "");

            // then
            browser.picture("api-chinese");
            assertThat(answer).contains("KafkaClusterList", "应答正文");
            assertThat(browser.text())
                    .contains("没有参数", "执行", "服务器的应答", "清除")
                    .doesNotContain("Try it out", "Server response", "No parameters", "Response body");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void shouldFitAPhone() throws Exception {
        try (TestingConsole console = TestingConsole.start(TestingPassword.in(folder), cluster);
                Browser browser = new Browser(folder.resolve("phone"), false)) {
            browser.becomePhone();
            browser.logIn(console.address(), TestingPassword.PASSWORD);
            browser.driver().get(console.address() + "/api");
            browser.until("#api", "/v3/clusters");
            browser.picture("api-phone");
            browser.assertFitsPhone();
        }
    }
}
