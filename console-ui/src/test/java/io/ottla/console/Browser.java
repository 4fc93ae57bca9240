package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A Chromium without a window and with a profile of its own. Its pictures lie in target/screenshots. */
public final class Browser implements AutoCloseable {
    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final Dimension DESK = new Dimension(1280, 900);
    private static final int MOST_TABS = 80;
    private static final String AXE = axe();
    private static final Duration SOON = Duration.ofSeconds(20);

    private final ChromeDriver driver;

    /**
     * Starts it with the size of a desk.
     *
     * @param profile a folder of its own
     * @param dark whether the reader's system prefers it dark
     */
    public Browser(Path profile, boolean dark) throws Exception {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(find("chromium", "chromium-browser", "google-chrome").toString());
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
                .usingDriverExecutable(find("chromedriver").toFile())
                .usingAnyFreePort()
                .build();
        driver = new ChromeDriver(service, options);
        driver.manage().window().setSize(DESK);
        prefersDark(dark);
    }

    private static Path find(String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        "Expected " + names[0] + " to be installed; bin/test --full does that, but it is not there"));
    }

    /** Asks the driver for what the methods here do not. */
    public ChromeDriver driver() {
        return driver;
    }

    public void prefersDark(boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** From now on it is as wide as a phone. */
    public void becomePhone() {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", 390, "height", 844, "deviceScaleFactor", 2, "mobile", true));
    }

    /** From now on it is as wide as a desk again. */
    public void becomeDesk() {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", DESK.getWidth(), "height", DESK.getHeight(), "deviceScaleFactor", 1, "mobile", false));
    }

    /** @param language what its reader prefers, such as {@code zh-CN} */
    public void prefers(String language) {
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand("Network.setExtraHTTPHeaders", Map.of("headers", Map.of("Accept-Language", language)));
    }

    /** Holds that nothing in the page keeps people from using it, as far as a program can tell: WCAG 2.1, A and AA. */
    public void assertAccessible() {
        if (!Boolean.TRUE.equals(driver.executeScript("return 'axe' in window"))) {
            driver.executeScript(AXE);
        }
        assertThat((List<?>) driver.executeAsyncScript("""
                        const done = arguments[arguments.length - 1];
                        axe.run(document, {
                          runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
                          resultTypes: ["violations"],
                        }).then(found => done(found.violations.flatMap(rule => rule.nodes.map(node =>
                          `${rule.impact} ${rule.id}: ${node.target} – ${node.failureSummary}`))));
                        """))
                .describedAs(driver.getCurrentUrl())
                .isEmpty();
    }

    private static String axe() {
        try (InputStream script = Browser.class.getResourceAsStream("/axe.min.js")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Presses keys where the focus is, whatever it is: the part around it may be loaded again at any moment. */
    public void press(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    /** Goes on with the Tab key until this has the focus, which is to be seen all the way. */
    public WebElement tabTo(String css) {
        for (int steps = 0; steps < MOST_TABS; steps++) {
            press(Keys.TAB);
            List<?> focus = (List<?>) driver.executeScript("""
                    const at = document.activeElement;
                    const seen = at === document.body || getComputedStyle(at).outlineStyle !== "none";
                    return [seen, at.matches(arguments[0]), at.outerHTML];
                    """, css);
            assertThat(focus.get(0)).describedAs("outline of " + focus.get(2)).isEqualTo(true);
            if (Boolean.TRUE.equals(focus.get(1))) {
                return driver.switchTo().activeElement();
            }
        }
        throw new AssertionError("Expected the Tab key to come to " + css + " in " + driver.getCurrentUrl());
    }

    /** Holds that nothing is wider than a phone. */
    public void assertFitsPhone() {
        assertThat(driver.executeScript("return document.documentElement.scrollWidth"))
                .describedAs("width of " + driver.getCurrentUrl())
                .isEqualTo(390L);
    }

    /** Logs in at the page that it is on, or is led to. */
    public void logIn(String console, String password) {
        driver.get(console);
        driver.findElement(By.name("password")).sendKeys(password, Keys.ENTER);
        until(".who summary", "admin");
    }

    public String text() {
        return driver.findElement(By.tagName("body")).getText();
    }

    /** Waits until the element has this text in it. */
    public void until(String css, String text) {
        new WebDriverWait(driver, SOON)
                .until(ExpectedConditions.textToBePresentInElementLocated(By.cssSelector(css), text));
    }

    /** Keeps what is to be seen. */
    public void picture(String name) throws Exception {
        Files.createDirectories(PICTURES);
        Files.write(PICTURES.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }

    /** What the browser complained about: scripts and styles that the policy forbids, files that are not there. */
    public List<String> complaints() {
        return driver.manage().logs().get("browser").getAll().stream()
                .map(entry -> entry.getMessage())
                // The form that the cluster refused is answered with 400, which the browser logs.
                .filter(message -> !message.contains("status of 400"))
                // Who types faster than the page loads keeps the focus.
                .filter(message -> !message.contains("Autofocus processing was blocked"))
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
