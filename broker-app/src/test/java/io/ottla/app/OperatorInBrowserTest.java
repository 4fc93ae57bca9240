package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/**
 * What an operator does in a day, in a real browser over three real brokers. What the console says of it is held against what
 * Kafka's own clients see.
 */
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperatorInBrowserTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    private ThreeBrokers three;
    private SeenByClients clients;
    private OperatorsBrowser browser;

    @BeforeAll
    void start() throws Exception {
        three = ThreeBrokers.start(folder, BrokerMake.OTTLA, "auto.leader.rebalance.enable=false");
        clients = new SeenByClients(three.bootstrap());
        OttlaProcess maker = IntStream.rangeClosed(1, 3)
                .mapToObj(three::broker)
                .filter(each -> each.output().contains("with the password "))
                .findFirst()
                .orElseThrow();
        browser = new OperatorsBrowser(folder.resolve("browser"), maker);
    }

    @AfterAll
    void stop() {
        browser.close();
        clients.close();
        three.close();
    }

    @AfterEach
    void shouldHaveNothingToComplainAbout() {
        assertThat(browser.complaints()).isEmpty();
        for (int id = 1; id <= 3; id++) {
            assertThat(three.broker(id).output()).doesNotContain(" ERROR ");
        }
    }

    @Test
    void shouldCreateATopicAndAddPartitions() throws Exception {
        // when   a topic is wanted under a name that can't be, the browser says so before it is sent
        browser.open("/create-topic");
        browser.type("name", "not a name");
        browser.type("name", Keys.ENTER);
        assertThat(browser.all("input[name=name]:invalid")).hasSize(1);
        assertThat(browser.text("h1")).isEqualTo("Create topic");

        // and    with a setting that can't be
        browser.retype("name", "walked");
        browser.type("partitions", "4");
        browser.type("replicas", "3");
        browser.choose("cleanup", "compact,delete");
        browser.type("retention", "3600000");
        browser.type("settings", "min.insync.replicas=2\nsegment.bytes=large");
        browser.submit();
        browser.until("#problem", "segment.bytes");
        assertThat(browser.text("#problem")).contains("large");
        browser.picture("create-refused");
        assertThat(clients.topics()).doesNotContain("walked");

        // and    as it can be, with what was typed still there
        assertThat(browser.value("name")).isEqualTo("walked");
        assertThat(browser.value("retention")).isEqualTo("3600000");
        browser.retype("settings", "min.insync.replicas=2\nsegment.bytes=2097152");
        browser.submit();
        browser.until("h1", "walked");
        browser.until("main", "The topic is there");
        browser.picture("created");

        // then
        assertThat(clients.topic("walked").partitions())
                .hasSize(4)
                .allSatisfy(each -> assertThat(each.replicas()).hasSize(3));
        assertThat(clients.settings("walked"))
                .containsEntry("cleanup.policy", "compact,delete")
                .containsEntry("retention.ms", "3600000")
                .containsEntry("min.insync.replicas", "2")
                .containsEntry("segment.bytes", "2097152");

        // when   fewer partitions are wanted, past the browser's own check
        browser.action("Add partitions");
        browser.retype("total", "2");
        browser.withoutChecks();
        browser.submit();
        browser.until("#problem", "2");
        browser.picture("fewer-partitions");
        assertThat(clients.topic("walked").partitions()).hasSize(4);

        // and    more
        browser.retype("total", "6");
        browser.submit();
        browser.until("main", "walked is changed");

        // then
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(clients.topic("walked").partitions()).hasSize(6));
        browser.everywhere("/topics", "/topics/walked", "/topics/walked/add-partitions");
    }

    @Test
    void shouldChangeASettingOfATopicCloneAndDeleteIt() throws Exception {
        // given
        clients.admin()
                .createTopics(List.of(new NewTopic("settled", 6, (short) 3)
                        .configs(Map.of("cleanup.policy", "compact,delete", "min.insync.replicas", "2"))))
                .all()
                .get();

        // when   a setting gets a value that it can't have
        browser.open("/topics/settled/settings/max.message.bytes");
        browser.retype("value", "-1");
        browser.submit();
        browser.until("#problem", "max.message.bytes");
        assertThat(browser.field("value").getDomAttribute("aria-describedby")).contains("problem");
        assertThat(browser.value("value")).isEqualTo("-1");
        browser.picture("setting-refused");

        // and    one that it can
        browser.retype("value", "65536");
        browser.submit();
        browser.until("main", "max.message.bytes is changed");
        browser.picture("setting-changed");

        // then   it holds, until it is taken back
        assertThat(clients.settings("settled")).containsEntry("max.message.bytes", "65536");
        browser.open("/topics/settled/settings/max.message.bytes");
        browser.picture("setting");
        browser.press("main button[name=reset]");
        browser.until("main", "max.message.bytes is changed");
        assertThat(clients.settings("settled")).doesNotContainKey("max.message.bytes");

        // when   another one like it is made
        browser.action("Clone…");
        assertThat(browser.value("partitions")).isEqualTo("6");
        browser.picture("clone");
        browser.type("name", "settled-too");
        browser.submit();
        browser.until("h1", "settled-too");

        // then
        assertThat(clients.topic("settled-too").partitions()).hasSize(6);
        assertThat(clients.settings("settled-too")).isEqualTo(clients.settings("settled"));

        // when   it is to be deleted, and another name is typed
        browser.action("Delete…");
        browser.type("typed", "settled");
        browser.submit();
        browser.until("#problem", "settled-too");
        browser.picture("delete-refused");
        assertThat(clients.topics()).contains("settled", "settled-too");

        // and    its own
        browser.retype("typed", "settled-too");
        browser.submit();
        browser.until("main", "settled-too is being deleted");

        // then
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(clients.topics()).contains("settled").doesNotContain("settled-too"));
        browser.everywhere(
                "/create-topic?like=settled", "/topics/settled/settings/max.message.bytes", "/topics/settled/delete");
    }

    @Test
    void shouldChangeSettingsAndLogLevelsOfABroker() throws Exception {
        // when   a setting gets a value that it can't have
        browser.open("/brokers/2/settings/message.max.bytes");
        browser.retype("value", "many");
        browser.submit();
        browser.until("#problem", "message.max.bytes");
        assertThat(browser.value("value")).isEqualTo("many");
        browser.picture("broker-setting-refused");

        // and    one of its own, and one for all
        browser.retype("value", "2000000");
        browser.submit();
        browser.until("main", "message.max.bytes is changed");
        browser.picture("broker-changed");
        browser.open("/brokers/2/settings/message.max.bytes");
        browser.retype("value", "3000000");
        browser.press("input[name=scope][value=all]", Keys.SPACE);
        browser.submit();
        browser.until("main", "message.max.bytes is changed");

        // then   its own wins over that for all
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(clients.setting(2, "message.max.bytes"))
                    .returns("2000000", ConfigEntry::value)
                    .returns(ConfigSource.DYNAMIC_BROKER_CONFIG, ConfigEntry::source);
            assertThat(clients.setting(3, "message.max.bytes"))
                    .returns("3000000", ConfigEntry::value)
                    .returns(ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG, ConfigEntry::source);
        });
        browser.open("/brokers/2/settings/message.max.bytes");
        assertThat(browser.text()).contains("this broker, changed live", "all brokers, changed live", "3000000");
        browser.picture("broker-setting");

        // when   its own is taken back
        browser.press("main button[name=reset]");
        browser.until("main", "message.max.bytes is changed");

        // then
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(clients.setting(2, "message.max.bytes").value())
                                .isEqualTo("3000000"));

        // when   one is looked at that only a restart changes
        browser.open("/brokers/2/settings/broker.id");
        assertThat(browser.text()).contains("Only the file of the broker and a restart change this");
        assertThat(browser.all("main form")).isEmpty();

        // when   a logger of one broker is to say more
        browser.open("/brokers/2");
        browser.action("Log levels");
        browser.type("q", "io.ottla.contr");
        browser.type("q", Keys.ENTER);
        browser.until("main table", "io.ottla.contr");
        String logger = browser.text("main table th code");
        browser.choose("level", "DEBUG");
        browser.press("main table button");
        browser.until("main", "The level of " + logger + " is changed");
        browser.picture("loggers");

        // then   that broker's does, and is marked as other than what is above it, until it is as that again
        assertThat(browser.all("main table .pill.accent")).hasSize(1);
        assertThat(clients.level(2, logger)).isEqualTo("DEBUG");
        assertThat(clients.level(3, logger)).isNotEqualTo("DEBUG");
        browser.choose("level", "");
        browser.press("main table button");
        browser.until("main", "The level of " + logger + " is changed");
        assertThat(browser.all("main table .pill.accent")).isEmpty();
        assertThat(clients.level(2, logger)).isEqualTo(clients.level(3, logger));
        browser.everywhere(
                "/brokers",
                "/brokers/2",
                "/brokers/2/loggers",
                "/brokers/2/loggers?q=nowhere",
                "/brokers/2/settings/message.max.bytes");
    }

    @Test
    void shouldWriteBrowseDeleteAndEmptyRecords() throws Exception {
        // given  a topic with what a producer wrote
        clients.admin()
                .createTopics(List.of(new NewTopic("written", 2, (short) 3)))
                .all()
                .get();
        clients.produce("written", 0, 5);
        clients.produce("written", 1, 3);

        // when   a record is typed whose headers can't be read
        browser.open("/topics/written/records");
        browser.until("#found", "8 records");
        browser.picture("records");
        browser.follow("Write records");
        browser.until("h1", "Write records");
        browser.type("key", "typed-key");
        browser.type("value", "{\"amount\": 3}");
        browser.type("headers", "nonsense");
        browser.type("partition", "0");
        browser.submit();
        browser.until("#problem", "nonsense");
        browser.picture("produce-refused");

        // and    then one with headers
        browser.retype("headers", "source=console");
        browser.submit();
        browser.until("main", "The record is written, to partition 0 at offset 5");

        // then   a consumer reads it
        List<ConsumerRecord<String, String>> read = clients.consume("written", 9);
        assertThat(read)
                .filteredOn(each -> "typed-key".equals(each.key()))
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.value()).isEqualTo("{\"amount\": 3}");
                    assertThat(each.offset()).isEqualTo(5);
                    assertThat(each.headers().lastHeader("source").value())
                            .asString()
                            .isEqualTo("console");
                });

        // and    the console finds it by a path into its value
        browser.open("/topics/written/records?path=$.amount&op=equals&operand=3");
        browser.until("#found", "typed-key");
        assertThat(browser.text("#found")).contains("1 record");
        browser.picture("records-found");

        // when   what comes is followed
        browser.open("/topics/written/records/tail");
        browser.until("main", "Waiting for new records");
        await().atMost(SOON).until(() -> {
            clients.produce("written", 1, 1);
            return browser.text().contains("value-0");
        });
        browser.picture("tail");

        // when   records are to be deleted beyond the end, then as far as there are some
        browser.open("/topics/written");
        browser.action("Delete records");
        browser.type("before-0", "3");
        browser.type("typed", "writen");
        browser.submit();
        browser.until("#problem", "writen");
        browser.picture("delete-records-refused");
        assertThat(clients.firsts("written")).containsExactly(0L, 0L);
        browser.retype("before-0", "99");
        browser.retype("typed", "written");
        browser.submit();
        browser.until("#problem", "up to the end of the log of partition 0, which is 6, but got 99");
        browser.picture("delete-records-beyond");
        assertThat(clients.firsts("written")).containsExactly(0L, 0L);
        browser.retype("before-0", "3");
        browser.retype("typed", "written");
        browser.submit();
        browser.until("main", "written is changed");

        // then
        assertThat(clients.firsts("written")).containsExactly(3L, 0L);

        // when   it is emptied
        browser.action("Delete records");
        browser.press("input[name=all]", Keys.SPACE);
        browser.type("typed", "written");
        browser.picture("empty");
        browser.submit();
        browser.until("main", "written is changed");

        // then
        assertThat(clients.firsts("written"))
                .isEqualTo(clients.ends("written"))
                .hasSize(2)
                .doesNotContain(0L);
        browser.open("/topics/written/records");
        browser.until("#found", "No records here");
        browser.everywhere(
                "/topics/written/records",
                "/topics/written/records/produce",
                "/topics/written/records/tail",
                "/topics/written/delete-records");
    }

    @Test
    void shouldElectPreferredLeadersNowAndOnSchedule() throws Exception {
        // given  a topic whose leaders are not the first of its replicas
        clients.admin()
                .createTopics(List.of(
                        new NewTopic("led", Map.of(0, List.of(1, 2, 3), 1, List.of(2, 3, 1), 2, List.of(3, 1, 2)))))
                .all()
                .get();
        clients.turnReplicas("led");
        assertThat(clients.misled("led")).isEqualTo(3);

        // when   a topic is named that is not there
        browser.open("/topics/led");
        browser.action("Elect preferred leaders…");
        browser.retype("topic", "leed");
        browser.submit();
        browser.until("#problem", "leed");
        browser.picture("elect-refused");
        assertThat(clients.misled("led")).isEqualTo(3);

        // and    one of its partitions
        browser.retype("topic", "led");
        browser.type("partition", "1");
        browser.submit();
        browser.until("main", "One partition has another leader now.");
        browser.picture("elected");

        // then
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(clients.misled("led")).isEqualTo(2));

        // when   all of them
        browser.field("partition").clear();
        browser.submit();
        browser.until("main", "2 partitions have another leader now");

        // then
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(clients.misled("led")).isZero());

        // when   it is to happen by itself
        browser.type("schedule", "often");
        browser.field("schedule").sendKeys(Keys.ENTER);
        browser.until("#problem", "often");
        browser.picture("schedule-refused");
        browser.retype("schedule", "10s");
        browser.field("schedule").sendKeys(Keys.ENTER);
        browser.until("main", "It happens by itself too: 10s");
        browser.picture("scheduled");
        clients.turnReplicas("led");

        // then   it does, until it is not to
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(clients.misled("led")).isZero());
        browser.open("/elections");
        browser.field("schedule").clear();
        browser.field("schedule").sendKeys(Keys.ENTER);
        browser.until("main", "It does not happen by itself");

        // when   an election that loses records is confirmed with something else
        List<WebElement> unclean = browser.all("form[action$=unclean] input[name]");
        for (WebElement each : unclean) {
            switch (each.getDomAttribute("name")) {
                case "topic" -> each.sendKeys("led");
                case "partition" -> each.sendKeys("0");
                case "typed" -> each.sendKeys("led-1", Keys.ENTER);
                default -> {}
            }
        }

        // then
        browser.until("#problem", "Type led-0 to confirm");
        browser.picture("unclean-refused");
        browser.everywhere("/elections?topic=led", "/topics/led");
    }

    @Test
    void shouldSetForgetAndDeleteOffsetsOfAGroup() throws Exception {
        // given  a group that has read two topics
        clients.admin()
                .createTopics(List.of(new NewTopic("read", 2, (short) 3), new NewTopic("read-too", 1, (short) 3)))
                .all()
                .get();
        clients.produce("read", 0, 10);
        clients.produce("read", 1, 10);
        clients.produce("read-too", 0, 10);
        Map<TopicPartition, Long> committed = Map.of(
                new TopicPartition("read", 0), 7L,
                new TopicPartition("read", 1), 10L,
                new TopicPartition("read-too", 0), 4L);
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        committed.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
        clients.admin().alterConsumerGroupOffsets("readers", offsets).all().get();

        // when   offsets are to be set to something that is no number
        browser.open("/groups/readers");
        browser.until("main", "9");
        browser.picture("group");
        browser.follow("Set offsets…");
        browser.until("h1", "Set offsets");
        browser.press("input[name=to][value=shift]", Keys.SPACE);
        browser.type("value", "a few");
        browser.submit();
        browser.until("#problem", "a few");
        browser.picture("reset-refused");

        // and    shown first what it would do
        browser.retype("value", "-3");
        browser.type("topic", "read");
        browser.submit();
        browser.until("#plan", "2 of 2 offsets change");
        assertThat(browser.text()).contains("6 records will be read again");
        browser.picture("reset-plan");

        // then   nothing has happened yet
        assertThat(clients.committed("readers")).isEqualTo(committed);

        // when   it is done
        browser.press("#plan button.danger");
        browser.until("main", "The offsets are set");

        // then
        assertThat(clients.committed("readers"))
                .isEqualTo(Map.of(
                        new TopicPartition("read", 0), 4L,
                        new TopicPartition("read", 1), 7L,
                        new TopicPartition("read-too", 0), 4L));

        // when   it forgets one topic
        browser.follow("read-too");
        browser.until("main", "Delete offsets in read-too…");
        browser.follow("Delete offsets in read-too…");
        browser.until("h1", "Delete offsets");
        browser.picture("forget");
        browser.press("main button.danger");
        browser.until("main", "The offsets in this topic are deleted");

        // then
        assertThat(clients.committed("readers"))
                .isEqualTo(Map.of(new TopicPartition("read", 0), 4L, new TopicPartition("read", 1), 7L));
        browser.everywhere(
                "/groups",
                "/groups/readers",
                "/groups/readers/reset?to=latest",
                "/groups/readers/forget?topic=read",
                "/groups/readers/delete");

        // when   the group is deleted, after another name
        browser.open("/groups/readers");
        browser.follow("Delete…");
        browser.until("h1", "Delete group");
        browser.type("typed", "reader");
        browser.submit();
        browser.until("#problem", "readers");
        browser.picture("delete-group-refused");
        assertThat(clients.groups()).contains("readers");
        browser.retype("typed", "readers");
        browser.submit();
        browser.until("main", "Group readers is deleted");

        // then
        assertThat(clients.groups()).doesNotContain("readers");
    }
}
