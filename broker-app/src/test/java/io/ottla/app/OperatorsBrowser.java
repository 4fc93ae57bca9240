package io.ottla.app;

import io.ottla.console.Browser;
import java.nio.file.Path;
import java.util.List;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** A browser of somebody who has logged in as the administrator, on the pages of the console's own cluster. */
final class OperatorsBrowser implements AutoCloseable {
    private final Browser browser;
    private final String at;

    /** @param process whose console it is, and whose log has the password */
    OperatorsBrowser(Path profile, OttlaProcess process) throws Exception {
        browser = new Browser(profile, false);
        browser.logIn(process.console(), process.password());
        at = process.console() + "/clusters/ottla";
    }

    void open(String path) {
        browser.driver().get(at + path);
    }

    /** Chooses something of the page's menu. */
    void action(String text) {
        browser.driver().findElement(By.cssSelector("main .menu summary")).click();
        browser.driver().findElement(By.linkText(text)).click();
    }

    WebElement field(String name) {
        return browser.driver().findElement(By.cssSelector("main [name='" + name + "']"));
    }

    String value(String name) {
        return field(name).getDomProperty("value");
    }

    void type(String name, CharSequence... keys) {
        field(name).sendKeys(keys);
    }

    void retype(String name, String text) {
        field(name).clear();
        field(name).sendKeys(text);
    }

    void submit() {
        press("main form.card button[type=submit]");
    }

    void press(String css) {
        press(css, Keys.ENTER);
    }

    void press(String css, CharSequence keys) {
        browser.driver().findElement(By.cssSelector(css)).sendKeys(keys);
    }

    /** From now on the browser sends what it holds for wrong. */
    void withoutChecks() {
        browser.driver()
                .executeScript("document.querySelectorAll('main form').forEach(form => form.noValidate = true)");
    }

    /** Pages in the dark, and on a phone in both. */
    void everywhere(String... paths) throws Exception {
        for (String look : List.of("dark", "phone", "phone-dark")) {
            browser.prefersDark(look.endsWith("dark"));
            if (look.startsWith("phone")) {
                browser.becomePhone();
            }
            for (String path : paths) {
                open(path);
                picture(look + path.replaceAll("\\W+", "-"));
                if (look.startsWith("phone")) {
                    browser.assertFitsPhone();
                }
            }
        }
        browser.prefersDark(false);
        browser.becomeDesk();
    }

    void follow(String link) {
        browser.driver().findElement(By.linkText(link)).click();
    }

    void choose(String name, String value) {
        new Select(field(name)).selectByValue(value);
    }

    /** Waits until the element has this text in it. */
    void until(String css, String text) {
        browser.until(css, text);
    }

    String text() {
        return browser.text();
    }

    List<WebElement> all(String css) {
        return browser.driver().findElements(By.cssSelector(css));
    }

    String text(String css) {
        return browser.driver().findElement(By.cssSelector(css)).getText();
    }

    void picture(String name) throws Exception {
        browser.picture("operator-" + name);
    }

    List<String> complaints() {
        return browser.complaints();
    }

    @Override
    public void close() {
        browser.close();
    }
}
