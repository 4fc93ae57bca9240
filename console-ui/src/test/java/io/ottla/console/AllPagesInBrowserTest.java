package io.ottla.console;

import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterFailure.Reason;
import io.ottla.console.words.Wording;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That all pages are for everybody: light and dark, at a desk and on a phone, in all languages. */
@Tag("full")
class AllPagesInBrowserTest {
    @TempDir
    Path folder;

    @Test
    void shouldKeepNobodyOut() throws Exception {
        try (FullHouse house = FullHouse.full(folder);
                Browser browser = new Browser(folder.resolve("browser"), false)) {
            browser.driver().get(house.console.address());
            check(house, browser, Map.of("login", "/login"));
            browser.logIn(house.console.address(), TestingPassword.PASSWORD);
            check(house, browser, house.pages());
            check(house, browser, FullHouse.FAILURES);
            house.cluster.failure = new ClusterFailure(
                    Reason.NO_ANSWER, Wording.of("failure.no-answer", Wording.of("doing.survey"), "10"));
            check(house, browser, Map.of("clusters", "/clusters", "topics", "/clusters/ottla/topics"));
        }
    }

    @Test
    void shouldKeepNobodyOutOfWhatIsEmpty() throws Exception {
        try (FullHouse house = FullHouse.empty(folder);
                Browser browser = new Browser(folder.resolve("browser"), false)) {
            browser.logIn(house.console.address(), TestingPassword.PASSWORD);
            check(house, browser, FullHouse.EMPTY);
        }
    }

    private static void check(FullHouse house, Browser browser, Map<String, String> pages) {
        SoftAssertions all = new SoftAssertions();
        pages.forEach((name, page) -> {
            browser.prefers("en");
            browser.becomeDesk();
            browser.driver().get(house.console.address() + page);
            checkInBothLights(browser, all);
            browser.becomePhone();
            checkInBothLights(browser, all);
            all.check(browser::assertFitsPhone);
            browser.prefers("zh-CN");
            browser.driver().get(house.console.address() + page);
            all.check(browser::assertFitsPhone);
        });
        // Answers with a status of failure are logged by the browser, and are what some of these pages are about.
        all.assertThat(browser.complaints())
                .allMatch(complaint -> complaint.contains("the server responded with a status of"));
        all.assertAll();
    }

    private static void checkInBothLights(Browser browser, SoftAssertions all) {
        for (boolean dark : new boolean[] {false, true}) {
            browser.prefersDark(dark);
            all.check(browser::assertAccessible);
        }
    }
}
