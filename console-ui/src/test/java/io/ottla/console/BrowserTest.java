package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The console in a real browser: on a desk, on a phone, in the dark. Its pictures lie in target/screenshots. */
@Tag("full")
class BrowserTest {
    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final Dimension DESK = new Dimension(1280, 900);

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
                Browser browser = new Browser(folder.resolve("desk"), DESK, false)) {
            logIn(browser, console);
            browser.picture("desk-brokers");
            assertThat(browser.text()).contains("Broker 1", "controller", "/var/lib/ottla/data-1");

            // the list filters while one types, without loading the page again
            browser.driver.findElement(By.linkText("Topics")).click();
            browser.until("#found", "orders");
            browser.picture("desk-topics");
            browser.driver.executeScript("window.sameDocument = true");
            browser.driver.findElement(By.id("q")).sendKeys("pay");
            browser.until("#found", "1–1 of 1 topic");
            assertThat(browser.driver.executeScript("return window.sameDocument"))
                    .isEqualTo(true);
            assertThat(browser.driver.getCurrentUrl()).contains("q=pay");

            // a refusal keeps what was typed
            browser.driver.findElement(By.linkText("Create topic")).click();
            create(browser, "shipments", "9");
            assertThat(browser.text()).contains("larger than available brokers: 3");
            assertThat(browser.driver.findElement(By.name("name")).getDomProperty("value"))
                    .isEqualTo("shipments");
            browser.picture("desk-create-refused");

            // and then it works, by keyboard alone
            browser.driver.findElement(By.name("replicas")).clear();
            browser.driver.findElement(By.name("replicas")).sendKeys("2");
            browser.driver.findElement(By.name("settings")).sendKeys("min.insync.replicas=2");
            browser.driver.findElement(By.name("name")).sendKeys(Keys.ENTER);
            browser.until("h1", "shipments");
            assertThat(cluster.topics.get("shipments").partitions()).hasSize(4);
            assertThat(browser.text()).contains("The topic is there", "min.insync.replicas");
            browser.picture("desk-topic-created");

            browser.driver.get(console.address() + "/topics/orders");
            browser.picture("desk-topic");
            browser.driver.findElement(By.xpath("//button[.='Log out']")).click();
            browser.until("body", "You are logged out");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void shouldServeSomebodyWithAPhone() throws Exception {
        try (TestingConsole console = start();
                Browser browser = new Browser(folder.resolve("phone"), DESK, false)) {
            browser.driver.executeCdpCommand(
                    "Emulation.setDeviceMetricsOverride",
                    Map.of("width", 390, "height", 844, "deviceScaleFactor", 2, "mobile", true));
            browser.driver.get(console.address());
            browser.picture("phone-login");
            logIn(browser, console);
            for (String path : List.of("/brokers", "/topics?internal=true", "/topics/orders", "/create-topic")) {
                browser.driver.get(console.address() + path);
                browser.picture("phone" + path.replaceAll("\\W+", "-"));
                assertThat(browser.driver.executeScript("return document.documentElement.scrollWidth"))
                        .describedAs("width of " + path)
                        .isEqualTo(390L);
            }
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void shouldServeSomebodyInTheDark() throws Exception {
        try (TestingConsole console = start();
                Browser browser = new Browser(folder.resolve("dark"), DESK, true)) {
            browser.driver.get(console.address());
            browser.picture("dark-login");
            logIn(browser, console);
            for (String path : List.of("/brokers", "/topics", "/topics/orders", "/create-topic", "/topics?q=zzz")) {
                browser.driver.get(console.address() + path);
                browser.picture("dark" + path.replaceAll("\\W+", "-"));
            }
            assertThat(browser.driver.executeScript("return getComputedStyle(document.body).backgroundColor"))
                    .isEqualTo("rgb(14, 17, 22)");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private TestingConsole start() throws Exception {
        cluster.settings.put("orders", Map.of("retention.ms", "604800000", "cleanup.policy", "delete"));
        return TestingConsole.start(TestingPassword.in(folder), cluster);
    }

    private static void logIn(Browser browser, TestingConsole console) {
        browser.driver.get(console.address());
        browser.driver.findElement(By.name("password")).sendKeys(TestingPassword.PASSWORD, Keys.ENTER);
        browser.until("h1", "Brokers");
    }

    private static void create(Browser browser, String name, String replicas) {
        browser.driver.findElement(By.name("name")).sendKeys(name);
        browser.driver.findElement(By.name("partitions")).sendKeys("4");
        browser.driver.findElement(By.name("replicas")).sendKeys(replicas);
        browser.driver.findElement(By.cssSelector("main button[type=submit]")).click();
        browser.until("main", "Replication factor");
    }

    /** A Chromium without a window and with a profile of its own. */
    private static final class Browser implements AutoCloseable {
        private static final Duration SOON = Duration.ofSeconds(20);

        final ChromeDriver driver;

        Browser(Path profile, Dimension size, boolean dark) throws Exception {
            Path chromium = find("chromium", "chromium-browser", "google-chrome");
            Path chromedriver = find("chromedriver");
            assumeTrue(chromium != null && chromedriver != null, "Chromium and its driver are not installed");
            ChromeOptions options = new ChromeOptions();
            options.setBinary(chromium.toString());
            options.addArguments(
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--disable-dev-shm-usage",
                    "--user-data-dir=" + Files.createDirectories(profile));
            options.setCapability("goog:loggingPrefs", Map.of("browser", "ALL"));
            ChromeDriverService service = new ChromeDriverService.Builder()
                    .usingDriverExecutable(chromedriver.toFile())
                    .usingAnyFreePort()
                    .build();
            driver = new ChromeDriver(service, options);
            driver.manage().window().setSize(size);
            driver.executeCdpCommand(
                    "Emulation.setEmulatedMedia",
                    Map.of(
                            "features",
                            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        }

        private static Path find(String... names) {
            return Stream.of(names)
                    .flatMap(name -> Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, name)))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElse(null);
        }

        String text() {
            return driver.findElement(By.tagName("body")).getText();
        }

        /** Waits until the element has this text in it. */
        void until(String css, String text) {
            new WebDriverWait(driver, SOON)
                    .until(ExpectedConditions.textToBePresentInElementLocated(By.cssSelector(css), text));
        }

        void picture(String name) throws Exception {
            Files.createDirectories(PICTURES);
            Files.write(PICTURES.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
        }

        /** What the browser complained about: scripts and styles that the policy forbids, files that are not there. */
        List<String> complaints() {
            return driver.manage().logs().get("browser").getAll().stream()
                    .map(entry -> entry.getMessage())
                    // The form that the cluster refused is answered with 400, which the browser logs.
                    .filter(message -> !message.contains("status of 400"))
                    .toList();
        }

        @Override
        public void close() {
            driver.quit();
        }
    }
}
