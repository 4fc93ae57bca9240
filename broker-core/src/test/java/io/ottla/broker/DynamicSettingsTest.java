package io.ottla.broker;

import static org.apache.kafka.clients.admin.ConfigEntry.ConfigSource.DEFAULT_CONFIG;
import static org.apache.kafka.clients.admin.ConfigEntry.ConfigSource.DYNAMIC_BROKER_CONFIG;
import static org.apache.kafka.clients.admin.ConfigEntry.ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG;
import static org.apache.kafka.clients.admin.ConfigEntry.ConfigSource.STATIC_BROKER_CONFIG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ottla.TestingLines;
import io.ottla.cluster.BrokerState;
import io.ottla.cluster.DynamicBrokerConfig;
import io.ottla.cluster.SettingsNotInForce;
import io.ottla.config.NetworkProperties.Listener;
import io.ottla.zookeeper.TestingConfigTool;
import io.ottla.zookeeper.TestingZooKeeper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Settings of brokers that are written into ZooKeeper while a broker runs, as Kafka's tools write them, and what real
 * clients see of it (KIP-226).
 */
final class DynamicSettingsTest {
    @TempDir
    Path folder;

    private TestingZooKeeper zooKeeper;
    private TestingConfigTool tool;

    @BeforeEach
    void startZooKeeper() throws Exception {
        zooKeeper = new TestingZooKeeper();
        tool = new TestingConfigTool(zooKeeper);
    }

    @AfterEach
    void stopZooKeeper() throws Exception {
        tool.close();
        zooKeeper.close();
    }

    private TestingBroker start(Map<String, String> more) throws Exception {
        return new TestingBroker(zooKeeper.address(), folder.resolve("logs"), more);
    }

    @Test
    void shouldPutThisBrokersOverAllBrokersOverStaticOverDefault() throws Exception {
        // given  a broker with a static value
        try (TestingBroker ottla = start(Map.of("log.segment.bytes", "10000000"));
                Admin admin = ottla.admin()) {
            assertThat(synonyms(admin, "log.segment.bytes"))
                    .containsExactly("10000000 STATIC_BROKER_CONFIG", "1073741824 DEFAULT_CONFIG");
            admin.createTopics(List.of(new NewTopic("plain", 1, (short) 1)))
                    .all()
                    .get();

            // when, then  one for all brokers goes before it, and one for this broker before that
            tool.allBrokers(Map.of("log.segment.bytes", "20000000"));
            until(() -> entry(admin, "log.segment.bytes").source() == DYNAMIC_DEFAULT_BROKER_CONFIG);
            tool.broker(1, Map.of("log.segment.bytes", "30000000"));
            until(() -> entry(admin, "log.segment.bytes").source() == DYNAMIC_BROKER_CONFIG);
            assertThat(entry(admin, "log.segment.bytes").value()).isEqualTo("30000000");
            assertThat(synonyms(admin, "log.segment.bytes"))
                    .containsExactly(
                            "30000000 DYNAMIC_BROKER_CONFIG",
                            "20000000 DYNAMIC_DEFAULT_BROKER_CONFIG",
                            "10000000 STATIC_BROKER_CONFIG",
                            "1073741824 DEFAULT_CONFIG");
            assertThat(ofTopic(admin, "segment.bytes").value()).isEqualTo("30000000");
            assertThat(ofTopic(admin, "segment.bytes").source()).isEqualTo(DYNAMIC_BROKER_CONFIG);

            // and    those of another broker are nothing to it
            tool.broker(2, Map.of("log.segment.bytes", "40000000"));

            // when   they are taken away, then what lies below holds again
            tool.broker(1, Map.of());
            until(() -> entry(admin, "log.segment.bytes").source() == DYNAMIC_DEFAULT_BROKER_CONFIG);
            assertThat(entry(admin, "log.segment.bytes").value()).isEqualTo("20000000");
            tool.allBrokers(Map.of());
            until(() -> entry(admin, "log.segment.bytes").source() == STATIC_BROKER_CONFIG);
            assertThat(entry(admin, "log.segment.bytes").value()).isEqualTo("10000000");
        }
    }

    @Test
    void shouldLeaveOutWhatCanNotBeWithOneLineAndGoOn() throws Exception {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(DynamicBrokerConfig.class);
        lines.start();
        logger.addAppender(lines);
        try (TestingBroker ottla = start(Map.of());
                Admin admin = ottla.admin()) {
            // when   most of what is set makes no sense, each in another way
            tool.allBrokers(Map.of(
                    "log.segment.bytes", "many",
                    "log.retention.ms", "0",
                    "num.partitions", "7",
                    "nonsense", "1",
                    "advertised.listeners", "PLAINTEXT://127.0.0.1:1",
                    "log.index.interval.bytes", "123"));

            // then   the one that does is in force, and the others are named in one line
            until(() -> entry(admin, "log.index.interval.bytes").value().equals("123"));
            for (String name : List.of("log.segment.bytes", "log.retention.hours", "num.partitions")) {
                assertThat(entry(admin, name).source()).as(name).isEqualTo(DEFAULT_CONFIG);
            }
            assertThat(lines.list).singleElement().satisfies(line -> {
                assertThat(line.getLevel()).isEqualTo(Level.ERROR);
                assertThat(line.getFormattedMessage())
                        .contains("log.segment.bytes = many")
                        .contains("log.retention.ms = 0")
                        .contains("num.partitions can't be changed while the broker runs")
                        .contains("nonsense is not a known setting")
                        .contains("advertised.listeners can be set for one broker only");
            });
            assertThat(ottla.broker().state()).isEqualTo(BrokerState.RUNNING);
            send(ottla, "still", 10);
        } finally {
            logger.detachAppender(lines);
        }
    }

    @Test
    void shouldShowTheDefaultOfATopicWhoseSettingCanNotBeRead() throws Exception {
        try (TestingLines lines = TestingLines.of(SettingsNotInForce.class);
                TestingBroker ottla = start(Map.of());
                Admin admin = ottla.admin()) {
            admin.createTopics(List.of(new NewTopic("plain", 1, (short) 1)))
                    .all()
                    .get();

            tool.topic("plain", Map.of("retention.ms", "bogus", "segment.ms", "77777"));

            until(() -> ofTopic(admin, "segment.ms").value().equals("77777"));
            assertThat(ofTopic(admin, "retention.ms").value()).isEqualTo("604800000");
            assertThat(ofTopic(admin, "retention.ms").source()).isEqualTo(DEFAULT_CONFIG);
            assertThat(lines.all()).singleElement().asString().contains("topic plain", "retention.ms");
        }
    }

    @Test
    void shouldHoldFromTheStartWhereTheyWereSetBefore() throws Exception {
        // given  settings that were made while no broker ran
        tool.broker(
                1,
                Map.of(
                        "listeners", "PLAINTEXT://127.0.0.1:0,MORE://127.0.0.1:0",
                        "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,MORE:PLAINTEXT",
                        "num.network.threads", "5"));

        // when, then  a broker starts with them
        try (TestingBroker ottla = start(Map.of())) {
            assertThat(ottla.broker().listeners()).extracting(Listener::name).containsExactly("PLAINTEXT", "MORE");
            assertThat(loops(ottla, "MORE")).isEqualTo(5 + 1);
            assertThat(reach(ottla, "MORE")).isEqualTo(port(ottla, "MORE"));
        }
    }

    @Test
    void shouldOpenAndCloseListeners() throws Exception {
        try (TestingBroker ottla = start(Map.of());
                Admin admin = ottla.admin()) {
            int first = port(ottla, "PLAINTEXT");

            // when   a listener is added
            tool.broker(
                    1,
                    Map.of(
                            "listeners", "PLAINTEXT://127.0.0.1:0,MORE://127.0.0.1:0",
                            "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,MORE:PLAINTEXT"));
            until(() -> ottla.broker().listeners().size() == 2);
            int more = port(ottla, "MORE");

            // then   clients that come by it are told to go on by it, the others by theirs
            until(() -> reach(ottla, "MORE") == more);
            assertThat(reach(ottla, "PLAINTEXT")).isEqualTo(first);

            // when   it is taken away, then nobody is let in there, and the other goes on
            tool.broker(1, Map.of());
            until(() -> ottla.broker().listeners().size() == 1);
            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), more).close())
                    .isInstanceOf(IOException.class);
            assertThat(admin.describeCluster().nodes().get())
                    .extracting(Node::port)
                    .containsExactly(first);
        }
    }

    @Test
    void shouldKeepTheListenerAmongBrokersAndAddressesInUse() throws Exception {
        try (TestingBroker ottla = start(Map.of());
                Admin admin = ottla.admin()) {
            int port = port(ottla, "PLAINTEXT");

            // when   the only listener is to go, and then to move; a setting beside it tells when that was seen
            tool.broker(
                    1,
                    Map.of(
                            "listeners", "MORE://127.0.0.1:0",
                            "listener.security.protocol.map", "MORE:PLAINTEXT",
                            "log.index.interval.bytes", "1"));
            until(() -> entry(admin, "log.index.interval.bytes").value().equals("1"));
            assertThat(ottla.broker().listeners()).extracting(Listener::port).containsExactly(port);
            tool.broker(1, Map.of("listeners", "PLAINTEXT://127.0.0.1:1", "log.index.interval.bytes", "2"));
            until(() -> entry(admin, "log.index.interval.bytes").value().equals("2"));

            // then   it stays
            assertThat(ottla.broker().listeners()).extracting(Listener::port).containsExactly(port);
            assertThat(reach(ottla, "PLAINTEXT")).isEqualTo(port);
        }
    }

    @Test
    void shouldAdvertiseOtherAddresses() throws Exception {
        try (TestingBroker ottla = start(Map.of());
                Admin admin = ottla.admin()) {
            int port = port(ottla, "PLAINTEXT");

            tool.broker(1, Map.of("advertised.listeners", "PLAINTEXT://localhost:" + port));

            until(() -> admin.describeCluster()
                    .nodes()
                    .get()
                    .iterator()
                    .next()
                    .host()
                    .equals("localhost"));
            tool.broker(1, Map.of());
            until(() -> admin.describeCluster()
                    .nodes()
                    .get()
                    .iterator()
                    .next()
                    .host()
                    .equals("127.0.0.1"));
        }
    }

    @Test
    void shouldLimitConnectionsFromTheNextOneOn() throws Exception {
        try (TestingBroker ottla = start(Map.of())) {
            assertThat(isServed(ottla)).isTrue();

            // when   this machine may have no connection, then a new one is closed
            tool.broker(1, Map.of("max.connections.per.ip.overrides", "127.0.0.1:0"));
            until(() -> !isServed(ottla));

            // and    where the limit goes, it is let in again
            tool.broker(1, Map.of());
            until(() -> isServed(ottla));
        }
    }

    @Test
    void shouldAcceptConnectionsAsFastAsTheNewLimitAllows() throws Exception {
        try (TestingBroker ottla = start(Map.of());
                Admin admin = ottla.admin()) {
            tool.allBrokers(Map.of("max.connection.creation.rate", "4"));
            until(() -> entry(admin, "max.connection.creation.rate").value().equals("4"));

            // four are let in at once, and one more each quarter of a second
            long begin = System.nanoTime();
            for (int i = 0; i < 8; i++) {
                assertThat(isServed(ottla)).isTrue();
            }
            assertThat(System.nanoTime() - begin).isGreaterThan(500_000_000L);
        }
    }

    @Test
    void shouldLetAFullListenerInAgainWhenItMayHaveMore() throws Exception {
        try (TestingBroker ottla = start(Map.of("listener.name.plaintext.max.connections", "1"));
                Socket first = new Socket(InetAddress.getLoopbackAddress(), port(ottla, "PLAINTEXT"))) {
            until(() -> connectionsOn(ottla, "0") + connectionsOn(ottla, "1") + connectionsOn(ottla, "2") == 1);
            assertThat(first.isConnected()).isTrue();
            assertThat(isServed(ottla)).isFalse();

            tool.broker(1, Map.of("listener.name.plaintext.max.connections", "100"));

            until(() -> isServed(ottla));
        }
    }

    @Test
    void shouldServeOnOtherNumbersOfThreads() throws Exception {
        try (TestingBroker ottla = start(Map.of("num.network.threads", "1"));
                Admin admin = ottla.admin()) {
            admin.describeCluster().nodes().get();

            // when   more are asked for, then connections spread over them
            tool.allBrokers(Map.of("num.network.threads", "4"));
            until(() -> loops(ottla, "PLAINTEXT") == 4 + 1);
            until(() -> {
                try (Admin another = ottla.admin()) {
                    another.describeCluster().nodes().get();
                    return connectionsOn(ottla, "2") + connectionsOn(ottla, "3") > 0;
                }
            });

            // when   fewer, then new ones come to the first alone, and those that are there go on
            tool.allBrokers(Map.of());
            until(() -> entry(admin, "num.network.threads").source() == STATIC_BROKER_CONFIG);
            double elsewhere = connectionsOn(ottla, "2") + connectionsOn(ottla, "3") + connectionsOn(ottla, "4");
            try (Admin another = ottla.admin()) {
                another.describeCluster().nodes().get();
                assertThat(connectionsOn(ottla, "2") + connectionsOn(ottla, "3") + connectionsOn(ottla, "4"))
                        .isLessThanOrEqualTo(elsewhere);
            }
        }
    }

    @Test
    void shouldForgetProducersAfterTheirNewTime() throws Exception {
        TopicPartition partition = new TopicPartition("written", 0);
        try (TestingBroker ottla = start(Map.of("producer.id.expiration.check.interval.ms", "50"));
                Admin admin = ottla.admin()) {
            // given  a producer that the broker knows
            send(ottla, "written", 10);
            assertThat(producers(admin, partition)).isEqualTo(1);

            tool.allBrokers(Map.of("producer.id.expiration.ms", "1"));

            until(() -> producers(admin, partition) == 0);
        }
    }

    @Test
    void shouldTakeNoMoreProducersThanTheNewNumber() throws Exception {
        try (TestingBroker ottla = start(Map.of());
                KafkaProducer<byte[], byte[]> first = ottla.producer(Map.of())) {
            // given  one that the partition knows
            first.send(new ProducerRecord<>("crowded", new byte[10])).get();

            // when
            tool.allBrokers(Map.of("max.producer.ids.per.partition", "1"));

            // then   another one is told at once, and goes on elsewhere
            try (KafkaProducer<byte[], byte[]> second = ottla.producer(Map.of())) {
                until(() -> {
                    try {
                        send(ottla, "probed", 10);
                        return false;
                    } catch (PolicyViolationException refused) {
                        return true;
                    }
                });
                assertThatThrownBy(() -> second.send(new ProducerRecord<>("crowded", new byte[10]))
                                .get())
                        .cause()
                        .isInstanceOf(PolicyViolationException.class)
                        .hasMessageContaining("max.producer.ids.per.partition");
                second.send(new ProducerRecord<>("roomy", new byte[10])).get();
                // and    who is known goes on
                first.send(new ProducerRecord<>("crowded", new byte[10])).get();

                // when   there is room again
                tool.allBrokers(Map.of());

                // then
                until(() -> {
                    try {
                        second.send(new ProducerRecord<>("crowded", new byte[10]))
                                .get();
                        return true;
                    } catch (java.util.concurrent.ExecutionException refused) {
                        return false;
                    }
                });
            }
        }
    }

    @Test
    void shouldRefuseBatchesAboveTheNewSize() throws Exception {
        try (TestingBroker ottla = start(Map.of())) {
            send(ottla, "sized", 2_000);

            tool.allBrokers(Map.of("message.max.bytes", "1000"));

            until(() -> {
                try {
                    send(ottla, "sized", 2_000);
                    return false;
                } catch (RecordTooLargeException refused) {
                    return true;
                }
            });
            send(ottla, "sized", 500);
        }
    }

    private static void until(Callable<Boolean> holds) {
        await().until(holds);
    }

    private static ConfigEntry entry(Admin admin, String name) throws Exception {
        return describe(admin, new ConfigResource(ConfigResource.Type.BROKER, "1"), name);
    }

    /** Of a topic that has nothing set. */
    private static ConfigEntry ofTopic(Admin admin, String name) throws Exception {
        return describe(admin, new ConfigResource(ConfigResource.Type.TOPIC, "plain"), name);
    }

    private static ConfigEntry describe(Admin admin, ConfigResource resource, String name) throws Exception {
        return admin.describeConfigs(List.of(resource), new DescribeConfigsOptions().includeSynonyms(true))
                .all()
                .get()
                .get(resource)
                .get(name);
    }

    private static List<String> synonyms(Admin admin, String name) throws Exception {
        return entry(admin, name).synonyms().stream()
                .map(synonym -> synonym.value() + " " + synonym.source())
                .toList();
    }

    private static int port(TestingBroker ottla, String listener) {
        return ottla.broker().listeners().stream()
                .filter(each -> each.name().equals(listener))
                .findFirst()
                .orElseThrow()
                .port();
    }

    /** The port that a client is told who comes by a listener. */
    private static int reach(TestingBroker ottla, String listener) throws Exception {
        String address = "127.0.0.1:" + port(ottla, listener);
        try (Admin admin = Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, address))) {
            return admin.describeCluster().nodes().get().iterator().next().port();
        }
    }

    private static boolean isServed(TestingBroker ottla) {
        return ListenerSettingsTest.isServed(port(ottla, "PLAINTEXT"));
    }

    private static int loops(TestingBroker ottla, String listener) {
        return ottla.levels("kafka_server_socket_server_metrics_connection_count", "listener", listener)
                .size();
    }

    private static double connectionsOn(TestingBroker ottla, String loop) {
        return ottla.levels("kafka_server_socket_server_metrics_connection_count", "networkProcessor", loop).stream()
                .mapToDouble(Double::doubleValue)
                .sum();
    }

    private static int producers(Admin admin, TopicPartition partition) throws Exception {
        return admin.describeProducers(List.of(partition))
                .partitionResult(partition)
                .get()
                .activeProducers()
                .size();
    }

    private static void send(TestingBroker ottla, String topic, int bytes) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = ottla.producer(Map.of())) {
            producer.send(new ProducerRecord<>(topic, new byte[bytes])).get();
        } catch (java.util.concurrent.ExecutionException e) {
            if (e.getCause() instanceof RecordTooLargeException || e.getCause() instanceof PolicyViolationException) {
                throw (RuntimeException) e.getCause();
            }
            throw e;
        }
    }
}
