package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** People of an identity provider at another site, in a real browser, which sends to each what it may. */
@Tag("full")
class SignOnInBrowserTest {
    @TempDir
    Path folder;

    @Test
    void shouldLetSomebodyInWhomTheProviderKnows() throws Exception {
        try (TestingSignOn provider = new TestingSignOn();
                TestingConsole console = TestingConsole.start(
                        TestingPassword.in(folder),
                        new TestingCluster().with("orders", 1),
                        Map.of(
                                "console.oidc.issuer",
                                provider.issuer(),
                                "console.oidc.client-id",
                                TestingSignOn.CLIENT,
                                "console.oidc.client-secret",
                                TestingSignOn.SECRET,
                                "console.oidc.label",
                                "Example SSO",
                                "console.oidc.grants.kafka-viewers.role",
                                "viewer"));
                Browser browser = new Browser(folder.resolve("browser"), false)) {
            provider.know(console.address() + "/login/oauth2/code/oidc");

            // when   somebody follows a link into the console, and logs in at the provider, the second time as he
            // should
            browser.driver().get(console.address() + "/clusters/ottla/topics");
            browser.picture("sign-on");
            browser.driver().findElement(By.linkText("Log in with Example SSO")).click();
            assertThat(browser.driver().getCurrentUrl()).startsWith(provider.issuer());
            logIn(browser, "olaf", "wrong");
            browser.until("body", "Invalid credentials");
            logIn(browser, "olaf", TestingSignOn.PASSWORD);

            // then   he is in, with what his groups may
            browser.until(".who summary", "olaf");
            assertThat(browser.driver().getCurrentUrl()).startsWith(console.address());
            browser.driver().get(console.address() + "/clusters/ottla/topics");
            browser.until("#found", "orders");
            assertThat(browser.driver().findElements(By.linkText("Add a cluster")))
                    .isEmpty();
            browser.driver().get(console.address() + "/account");
            browser.until("main", "viewer");
            browser.picture("sign-on-account");

            // when   he logs out
            browser.driver().findElement(By.cssSelector(".who summary")).click();
            browser.driver()
                    .findElement(By.cssSelector("form[action='/logout'] button"))
                    .click();
            browser.until("body", "You are logged out");
            browser.driver().get(console.address() + "/clusters/ottla/topics");
            browser.until("h1", "Ottla");
            assertThat(browser.complaints().stream().filter(each -> each.contains(console.address())))
                    .isEmpty();
        }
    }

    @Test
    void shouldRefuseSomebodyWhomTheProviderKnowsButWhoMayNothing() throws Exception {
        try (TestingSignOn provider = new TestingSignOn();
                TestingConsole console = TestingConsole.start(
                        TestingPassword.in(folder),
                        new TestingCluster(),
                        Map.of(
                                "console.oidc.issuer",
                                provider.issuer(),
                                "console.oidc.client-id",
                                TestingSignOn.CLIENT,
                                "console.oidc.client-secret",
                                TestingSignOn.SECRET,
                                "console.oidc.grants.kafka-viewers.role",
                                "viewer"));
                Browser browser = new Browser(folder.resolve("browser"), false)) {
            provider.know(console.address() + "/login/oauth2/code/oidc");

            // when
            browser.driver().get(console.address());
            browser.driver()
                    .findElement(By.cssSelector("a[href='/oauth2/authorization/oidc']"))
                    .click();
            logIn(browser, "nora", TestingSignOn.PASSWORD);

            // then
            browser.until("[role=alert]", "none of your groups may do anything here");
            assertThat(browser.driver().getCurrentUrl()).startsWith(console.address() + "/login?");
            browser.picture("sign-on-refused");
            browser.driver().get(console.address() + "/clusters");
            assertThat(browser.driver().getCurrentUrl()).startsWith(console.address() + "/login");
        }
    }

    private static void logIn(Browser browser, String name, String password) {
        browser.driver().findElement(By.name("username")).sendKeys(name);
        browser.driver().findElement(By.name("password")).sendKeys(password, Keys.ENTER);
    }
}
