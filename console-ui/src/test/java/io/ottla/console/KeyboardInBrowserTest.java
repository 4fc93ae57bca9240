package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.console.clusters.Partition;
import io.ottla.console.clusters.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The console without a mouse, in a real browser. */
@Tag("full")
class KeyboardInBrowserTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private FullHouse house;
    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        house = FullHouse.full(folder);
        browser = new Browser(folder.resolve("browser"), false);
        browser.logIn(house.console.address(), TestingPassword.PASSWORD);
    }

    @AfterEach
    void stop() {
        browser.close();
        house.close();
    }

    private void open(String path) {
        browser.driver().get(house.console.address() + "/clusters/ottla" + path);
    }

    private WebElement focused() {
        return browser.driver().switchTo().activeElement();
    }

    private Object script(String script) {
        return browser.driver().executeScript("return " + script);
    }

    @Test
    void shouldCreateATopic() {
        // given  the first key leads past what is on every page
        open("/topics");
        WebElement skip = browser.tabTo("a");
        assertThat(skip.getDomAttribute("class")).isEqualTo("skip");
        assertThat(skip.getRect().getY()).isNotNegative();
        browser.press(Keys.ENTER);
        await().until(() -> "main".equals(script("document.activeElement.id")));

        // when
        browser.tabTo("main a.primary");
        browser.press(Keys.ENTER);
        browser.until("h1", "Create topic");
        assertThat(focused().getDomAttribute("name")).isEqualTo("name");
        browser.press("by-keyboard");
        browser.tabTo("[name=partitions]");
        browser.press("4");
        browser.tabTo("[name=replicas]");
        browser.press("2");
        browser.tabTo("[name=cleanup]");
        browser.press(Keys.ARROW_DOWN, Keys.ARROW_DOWN);
        browser.tabTo("[name=settings]");
        browser.press("min.insync.replicas=2");
        browser.tabTo("button[type=submit]");
        browser.press(Keys.SPACE);

        // then
        browser.until("h1", "by-keyboard");
        assertThat(house.cluster.topics.get("by-keyboard").partitions()).hasSize(4);
        assertThat(house.cluster.settings.get("by-keyboard"))
                .containsEntry("cleanup.policy", "compact")
                .containsEntry("min.insync.replicas", "2");
    }

    @Test
    void shouldSetOffsetsOfAGroup() {
        // given
        house.groups.with("nightly", GroupType.CLASSIC, GroupState.EMPTY).at("orders", 0, 400);
        open("/groups/nightly");

        // when  the choice, the number, and what it would do
        browser.tabTo("a[href$='/reset']");
        browser.press(Keys.ENTER);
        browser.until("h1", "Set offsets");
        browser.tabTo("[name=to]");
        browser.press(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_DOWN);
        assertThat(focused().getDomAttribute("value")).isEqualTo("shift");
        browser.tabTo("[name=value]");
        browser.press("-20", Keys.ENTER);
        browser.until("#plan", "20 records will be read again");

        // then  the next key is at the plan, and not at the top of the page again
        WebElement next = browser.tabTo("a, button, input");
        assertThat(next.getText()).isEqualTo("Set these offsets");
        browser.press(Keys.ENTER);
        browser.until("main", "The offsets are set");
        assertThat(house.groups.offset("nightly", new TopicPartition("orders", 0)))
                .isEqualTo(380);
    }

    @Test
    void shouldMoveReplicasAndCallItOff() {
        // given
        open("/moves");
        browser.tabTo("main a.primary");
        browser.press(Keys.ENTER);
        browser.until("h1", "New plan");

        // when  a plan is made
        browser.tabTo("[name=goal]");
        browser.press(Keys.ARROW_DOWN, Keys.ARROW_UP);
        browser.tabTo("[name=topic]");
        browser.press("lopsided");
        browser.tabTo("[name=broker][value='1']");
        browser.press(Keys.SPACE);
        browser.tabTo("[name=broker][value='2']");
        browser.press(Keys.SPACE);
        browser.tabTo("[name=factor]");
        browser.press("1");
        browser.tabTo("button.primary");
        browser.press(Keys.ENTER);

        // then  it is reviewed, and begins
        browser.until("h1", "Review");
        browser.tabTo("button.primary");
        browser.press(Keys.ENTER);
        browser.until("main", "4 partitions move");

        // and   what is ticked stays so while the page follows
        browser.tabTo("[name=move]");
        browser.press(Keys.SPACE);
        untilLoadedAgain();
        assertThat(script("document.querySelector('[name=move]').checked")).isEqualTo(true);

        // and   all is called off, once it is confirmed; until then it can be left alone
        browser.tabTo("#cancel-all > summary");
        browser.press(Keys.ENTER);
        browser.until("#cancel-all", "Every partition stays");
        browser.tabTo("#cancel-all button");
        browser.press(Keys.ESCAPE);
        assertThat(script("document.querySelector('#cancel-all').open")).isEqualTo(false);
        assertThat(focused().getTagName()).isEqualTo("summary");
        assertThat(house.cluster.replicas.running).hasSize(4);
        browser.press(Keys.SPACE);
        browser.tabTo("#cancel-all button");
        browser.press(Keys.ENTER);
        browser.until("main", "Nothing moves");
        assertThat(house.cluster.replicas.running).isEmpty();
    }

    /** Browsers scroll smoothly. */
    private void untilItStands() {
        await().during(Duration.ofMillis(500))
                .atMost(SOON)
                .until(() -> Boolean.TRUE.equals(script("window.was === scrollY || (window.was = scrollY, false)")));
    }

    @Test
    void shouldLeaveReadersWhereTheyAreWhenAPartIsLoadedAgain() {
        // given  somebody is at a link far down
        open("/brokers");
        browser.tabTo("a[href$='/brokers/3']");
        untilItStands();
        Object scrolled = script("scrollY");

        // when, then
        untilLoadedAgain();
        assertThat(script("document.activeElement.textContent")).isEqualTo("Broker 3");
        assertThat(script("scrollY")).isEqualTo(scrolled);

        // given  somebody types into the filter of a list, which is loaded while he does
        open("/topics");
        browser.tabTo("#q");
        browser.press("lop");
        browser.until("#found", "1–1 of 1 topic");
        browser.press("s");
        browser.until("#found", "lopsided");
        assertThat(script("document.activeElement.value")).isEqualTo("lops");
    }

    @Test
    void shouldFollowTheListOfTopicsAndLeaveReadersWhereTheyAre() {
        // given  somebody is at a topic far down on the second page of what he filters
        for (int i = 10; i < 90; i++) {
            house.cluster.with("bulk-" + i, 3);
        }
        open("/topics?q=bulk&page=2");
        String address = browser.driver().getCurrentUrl();
        browser.tabTo("#found a[href$='/topics/bulk-80']");
        assertThat(browser.text()).doesNotContain("1 without leader");
        untilItStands();
        Object scrolled = script("scrollY");
        Object place = script("document.activeElement.getBoundingClientRect().top");

        // when   a partition loses its leader
        Topic topic = house.cluster.topics.get("bulk-85");
        house.cluster.topics.put(
                "bulk-85",
                new Topic(topic.name(), topic.id(), false, List.of(new Partition(0, -1, List.of(1, 2), List.of()))));

        // then
        browser.until("#found", "1 without leader");
        assertThat(script("document.activeElement.textContent")).isEqualTo("bulk-80");
        assertThat(script("scrollY + ' ' + document.activeElement.getBoundingClientRect().top"))
                .isEqualTo(scrolled + " " + place);
        assertThat(browser.driver().getCurrentUrl()).isEqualTo(address);
        assertThat(browser.text()).contains("51–80 of 80 topics");
        assertThat(script("document.getElementById('q').value")).isEqualTo("bulk");

        // and    what somebody has marked stays so for longer than it takes until the next time
        script("getSelection().selectAllChildren(document.querySelector(\"#found a[href$='/topics/bulk-70']\"))");
        await().during(Duration.ofSeconds(6)).atMost(SOON).until(() -> "bulk-70".equals(script("'' + getSelection()")));
    }

    @Test
    void shouldCloseMenusByEscapeOrByGoingOn() {
        open("/topics/orders");
        browser.tabTo("header .menu summary");
        browser.press(Keys.ENTER);
        browser.tabTo(".menu select");
        browser.press(Keys.ESCAPE);
        assertThat(script("document.querySelector('header .menu').open")).isEqualTo(false);
        assertThat(focused().getTagName()).isEqualTo("summary");

        browser.tabTo("main .menu summary");
        browser.press(Keys.ENTER);
        browser.tabTo("main .menu a.danger");
        assertThat(script("document.querySelector('main .menu').open")).isEqualTo(true);
        browser.tabTo(".tabs a");
        assertThat(script("document.querySelector('main .menu').open")).isEqualTo(false);
    }

    private void untilLoadedAgain() {
        script("document.querySelector('#live').seen = true");
        await().atMost(SOON).until(() -> Boolean.TRUE.equals(script("!document.querySelector('#live').seen")));
    }
}
