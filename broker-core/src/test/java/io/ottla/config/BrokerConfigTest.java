package io.ottla.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.BrokerConfig.Outcome;
import io.ottla.config.NetworkProperties.Listener;
import io.ottla.types.Failure;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrokerConfigTest {
    private static Outcome.Accepted accepted(Map<String, String> given) {
        return (Outcome.Accepted) BrokerConfig.read(given, "server.properties");
    }

    private static List<String> problems(Map<String, String> given) {
        return ((Outcome.Refused) BrokerConfig.read(given, "server.properties"))
                .problems()
                .lines();
    }

    private static Map<String, String> with(String... namesAndValues) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }

    @Test
    void shouldGiveTheRoomsTheirDefaultsWhereNothingIsSet() {
        BrokerConfig config = BrokerConfig.defaults();

        assertThat(config.identity()).isEqualTo(IdentityProperties.DEFAULTS);
        assertThat(config.zooKeeper()).isEqualTo(ZooKeeperProperties.DEFAULTS);
        assertThat(config.network()).isEqualTo(NetworkProperties.DEFAULTS);
        assertThat(config.log()).isEqualTo(LogProperties.DEFAULTS);
        assertThat(config.replication()).isEqualTo(ReplicationProperties.DEFAULTS);
        assertThat(config.topicDefaults()).isEqualTo(TopicDefaults.DEFAULTS);
        assertThat(config.controller(Map.of())).isEqualTo(ControllerProperties.DEFAULTS);
        assertThat(config.topics().properties(Map.of())).isEqualTo(TopicProperties.DEFAULTS);
        assertThat(config.logDirs()).containsExactly(Path.of("data", "logs"));
        assertThat(config.embeddedZooKeeperFolder()).isEqualTo(Path.of("data", "zookeeper"));
        assertThat(config.rack()).isNull();
    }

    @Test
    void shouldNotTakeLivingBrokersForDeadAllTheTime() {
        assertThat(BrokerConfig.defaults().integer("broker.session.timeout.ms")).isEqualTo(3_000);
        assertThat(accepted(with("broker.session.timeout.ms", "500")).warnings())
                .isEmpty();
        assertThat(problems(with("broker.session.timeout.ms", "499")))
                .singleElement()
                .asString()
                .contains("broker.session.timeout.ms", "500");
    }

    @Test
    void shouldWarnOfNothingWhereNothingIsOdd() {
        assertThat(accepted(with("broker.id", "3", "log.dirs", "/a, /b", "listeners", "PLAINTEXT://:9092"))
                        .warnings())
                .isEmpty();
    }

    @Test
    void shouldReadEveryFolder() {
        BrokerConfig config = accepted(with("log.dirs", "/a/logs, /b/logs")).config();

        assertThat(config.logDirs()).containsExactly(Path.of("/a/logs"), Path.of("/b/logs"));
        assertThat(config.embeddedZooKeeperFolder()).isEqualTo(Path.of("/a/zookeeper"));
    }

    @Test
    void shouldListAllBadValuesAtOnceWithTheirOrigin() {
        List<String> problems = problems(with(
                "broker.id", "seven",
                "num.network.threads", "0",
                "auto.create.topics.enable", "yes",
                "log.cleanup.policy", "shred",
                "compression.gzip.level", "0"));

        assertThat(problems)
                .containsExactly(
                        "auto.create.topics.enable = yes: Expected true or false (from server.properties)",
                        "broker.id = seven: Expected a whole number of type INT (from server.properties)",
                        "compression.gzip.level = 0: Expected 1 to 9, or -1 (from server.properties)",
                        "log.cleanup.policy = shred: Expected each of compact, delete (from server.properties)",
                        "num.network.threads = 0: Expected 1 or more (from server.properties)");
    }

    @Test
    void shouldNeverShowASecret() {
        BrokerConfig config = accepted(with("zookeeper.ssl.keystore.password", "hunter2", "my.plugin.token", "hunter2"))
                .config();

        assertThat(config.printable())
                .contains("zookeeper.ssl.keystore.password=[hidden]", "my.plugin.token=[hidden]")
                .noneMatch(line -> line.contains("hunter2"));
        assertThat(new EffectiveConfig(config).ofBroker().toString()).doesNotContain("hunter2");
    }

    @Test
    void shouldPrintEverySettingWithWhereItComesFrom() {
        List<String> lines =
                accepted(with("log.segment.bytes", "1000000")).config().printable();

        assertThat(lines)
                .containsSequence("# from server.properties", "log.segment.bytes=1000000")
                .contains("num.partitions=1", "#broker.rack=");
    }

    @Test
    void shouldPrintWhatWouldHoldWhateverIsWrongWithIt() {
        Outcome.Refused refused = (Outcome.Refused) BrokerConfig.read(
                with(
                        "ssl.keystore.location", "/etc/keystore",
                        "ssl.keystore.password", "hunter2",
                        "num.partitions", "many",
                        "log.segment.bytes", "1000000"),
                "server.properties");

        assertThat(refused.problems().lines()).hasSize(2);
        assertThat(refused.printable())
                .containsSequence("# from server.properties", "log.segment.bytes=1000000")
                .containsSequence("# from server.properties", "num.partitions=many")
                .contains("ssl.keystore.location=/etc/keystore", "ssl.keystore.password=[hidden]", "#broker.rack=")
                .noneMatch(line -> line.contains("hunter2"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max.connections.per.ip | has no effect: max.connections.per.ip holds for all listeners alike; did you mean listener.name.plaintext.max.connections?",
                "num.partitions | has no effect: num.partitions holds for all listeners alike",
                "max.conections | is not a known setting and has no effect; did you mean listener.name.plaintext.max.connections?",
                "max.connection.creation.rat | is not a known setting and has no effect; did you mean listener.name.plaintext.max.connection.creation.rate?",
                "plain.max.connections | is not a known setting and has no effect; did you mean listener.name.plaintext.max.connections?",
                "num.network.threads | has no effect here: all listeners share num.network.threads"
            })
    void shouldWarnOfWhatOneListenerAloneCanNotHave(String setting, String warning) {
        String name = "listener.name.plaintext." + setting;

        assertThat(accepted(Map.of(name, "5")).warnings())
                .containsExactly(name + " (from server.properties) " + warning);
    }

    @Test
    void shouldWarnOfSettingsOfAListenerThatIsNotThere() {
        assertThat(accepted(Map.of("listener.name.plain.max.connections", "5")).warnings())
                .containsExactly("listener.name.plain.max.connections (from server.properties) has no effect: listeners"
                        + " has only PLAINTEXT");
        assertThat(accepted(Map.of("listener.name.plaintext.max.connections", "5"))
                        .warnings())
                .isEmpty();
    }

    @Test
    void shouldWarnOfUnknownNamesWithTheNearestKnownOne() {
        assertThat(accepted(with("log.retenton.ms", "5")).warnings())
                .containsExactly("log.retenton.ms (from server.properties) is not a known setting and has no effect; "
                        + "did you mean log.retention.ms?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "file.delete.delay.ms | ; the broker's is log.segment.delete.delay.ms",
                "retention.ms | ; the broker's is log.retention.ms",
                "segment.bytes | ; the broker's is log.segment.bytes",
                "remote.storage.enable | ''"
            })
    void shouldNameTheBrokersSettingWhereATopicsIsGiven(String name, String hint) {
        assertThat(accepted(with(name, "5")).warnings())
                .containsExactly(
                        name + " (from server.properties) is a setting of topics and has no effect here" + hint);
    }

    @Test
    void shouldWarnOfSettingsWithoutEffectHere() {
        assertThat(accepted(with("queued.max.requests", "8", "group.streams.max.size", "5"))
                        .warnings())
                .hasSize(2)
                .anyMatch(line -> line.startsWith("queued.max.requests (from server.properties) has no effect here: "))
                .anyMatch(line -> line.contains("group.streams.max.size") && line.contains("Kafka 4"));
    }

    @ParameterizedTest
    @CsvSource({
        "log.retention.ms, 1000, 1000",
        "log.retention.minutes, 2, 120000",
        "log.retention.hours, 3, 10800000",
        "log.retention.hours, -1, -1",
        "log.retention.ms, -1, -1"
    })
    void shouldReadRetentionInEachUnit(String name, String value, long millis) {
        BrokerConfig config = accepted(Map.of(name, value)).config();

        assertThat(config.topics().properties(Map.of()).retentionMs()).isEqualTo(millis);
    }

    @Test
    void shouldLetTheFinerUnitGoFirst() {
        BrokerConfig config = accepted(with(
                        "log.retention.hours",
                        "1",
                        "log.retention.minutes",
                        "5",
                        "log.roll.hours",
                        "1",
                        "log.roll.ms",
                        "77",
                        "log.roll.jitter.hours",
                        "1",
                        "log.flush.scheduler.interval.ms",
                        "123"))
                .config();
        TopicProperties topic = config.topics().properties(Map.of());

        assertThat(topic.retentionMs()).isEqualTo(300_000);
        assertThat(topic.segmentMs()).isEqualTo(77);
        assertThat(topic.segmentJitterMs()).isEqualTo(3_600_000);
        assertThat(topic.flushMs()).isEqualTo(123);
    }

    @Test
    void shouldReadListeners() {
        NetworkProperties network = accepted(with(
                        "listeners", "in://127.0.0.1:9092, OUT://[::1]:9093,ANY://:0",
                        "listener.security.protocol.map", "IN:PLAINTEXT,out:PLAINTEXT,ANY:plaintext",
                        "advertised.listeners", "IN://broker-1:19092",
                        "inter.broker.listener.name", "in",
                        "listener.name.out.max.connections", "7",
                        "max.connections.per.ip.overrides", "127.0.0.1:3,[::1]:4"))
                .config()
                .network();

        assertThat(network.listeners())
                .containsExactly(
                        new Listener("IN", SecurityProtocol.PLAINTEXT, "127.0.0.1", 9092),
                        new Listener("OUT", SecurityProtocol.PLAINTEXT, "::1", 9093),
                        new Listener("ANY", SecurityProtocol.PLAINTEXT, "", 0));
        assertThat(network.advertisedListeners())
                .containsExactly(new Listener("IN", SecurityProtocol.PLAINTEXT, "broker-1", 19092));
        assertThat(network.interBrokerListener()).isEqualTo("IN");
        assertThat(network.connections().maxByListener()).isEqualTo(Map.of("OUT", 7));
        assertThat(network.connections().maxPerIpOverrides()).isEqualTo(Map.of("127.0.0.1", 3, "::1", 4));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "listeners | PLAINTEXT://:9092,OTHER://:9093 | Expected the protocol of OTHER",
                "listeners | PLAINTEXT://:9092,PLAINTEXT://:9093 | Expected each listener once",
                "listeners | PLAINTEXT://127.0.0.1:9092,SSL://127.0.0.1:9092 | share one",
                "listeners | PLAINTEXT://:99999 | Expected NAME://HOST:PORT",
                "listeners | nonsense | Expected NAME://HOST:PORT",
                "listeners | PLAINTEXT://0.0.0.0:9092 | Expected an address that clients can go to",
                "listeners | PLAINTEXT://:9092,SSL://:9093 | does not speak yet",
                "listeners | PLAINTEXT://:9092,SASL_PLAINTEXT://:9093 | does not speak yet",
                "advertised.listeners | SSL://broker:9092 | Expected only names out of listeners",
                "advertised.listeners | PLAINTEXT://0.0.0.0:9092 | Expected an address that clients can go to",
                "inter.broker.listener.name | INTERNAL | Expected one of listeners, but they are PLAINTEXT",
                "security.inter.broker.protocol | SSL | Expected a listener with this protocol",
                "listener.security.protocol.map | PLAINTEXT:TELNET | Expected NAME:PROTOCOL",
                "controller.listener.names | PLAINTEXT | Expected no listener for KRaft controllers",
                "broker.id | 1001 | Expected -1 to 1000",
                "broker.id | -2 | Expected -1 to 1000",
                "log.retention.ms | 0 | Expected 1 or more, or -1 for no limit",
                "log.roll.ms | 0 | Expected 1 or more",
                "log.dirs | /a,,/b | Expected folders",
                "log.dirs |'' | log.dirs = : Expected folders",
                "log.dir | '' | log.dir = : Expected folders",
                "log.dirs | /a,/a | Expected each folder once",
                "max.connections.per.ip | 0 | together with max.connections.per.ip.overrides",
                "max.connections.per.ip.overrides | host | Expected host:count",
                "queued.max.request.bytes | 1000 | at least socket.request.max.bytes",
                "socket.send.buffer.bytes | 0 | 1 or more, or -1",
                "replica.fetch.wait.max.ms | 60000 | not more than replica.lag.time.max.ms",
                "log.cleaner.dedupe.buffer.size | 1000 | more than 1 MiB",
                "group.min.session.timeout.ms | 1900000 | not more than group.max.session.timeout.ms",
                "log.cleaner.max.compaction.lag.ms | 0 | Expected 1 or more",
                "offsets.commit.required.acks | 4 | -1 to offsets.topic.replication.factor",
                "zookeeper.session.timeout.ms | 0 | Expected 1 or more",
                "zookeeper.connect | bad:host:port | but 'bad:host:port' is no host:port",
                "zookeeper.connect | a:1,,b:2 | but '' is no host:port",
                "zookeeper.connect | zoo:0 | 0 is no port",
                "zookeeper.connect | zoo:70000/kafka | 70000 is no port",
                "zookeeper.connect | zoo:1/a//b | but '/a//b' is no path",
                "zookeeper.connect | zoo:1/a/ | but '/a/' is no path",
                "zookeeper.connect | /kafka | but '' is no host:port",
                "inter.broker.protocol.version | 5.0 | a version of Kafka",
            })
    void shouldRefuseWhatDoesNotFitTogether(String name, String value, String why) {
        assertThat(problems(Map.of(name, value)))
                .anyMatch(line -> line.contains(why) && line.endsWith("from server.properties)"));
    }

    @Test
    void shouldSayOfASettingThatDependsOnOthersWhereTheyComeFrom() {
        // given  one that breaks a rule by itself, and one that does so by what another says
        var given = Map.of(
                "replica.lag.time.max.ms", new SourcedValue("100", "KAFKA_REPLICA_LAG_TIME_MAX_MS"),
                "socket.request.max.bytes", new SourcedValue("2000", "--override"),
                "queued.max.request.bytes", new SourcedValue("1000", "my.properties line 3"));

        // then
        assertThat(((Outcome.Refused) BrokerConfig.read(given)).problems().lines())
                .containsExactlyInAnyOrder(
                        "replica.fetch.wait.max.ms = 500: Expected not more than replica.lag.time.max.ms, which is 100"
                                + " (replica.lag.time.max.ms from KAFKA_REPLICA_LAG_TIME_MAX_MS)",
                        "queued.max.request.bytes = 1000: Expected -1, or at least socket.request.max.bytes, which is "
                                + "2000 (queued.max.request.bytes from my.properties line 3, "
                                + "socket.request.max.bytes from --override)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "authorizer.class.name | kafka.security.authorizer.AclAuthorizer",
                "super.users | User:admin",
                "sasl.enabled.mechanisms | PLAIN",
                "sasl.jaas.config | hunter2",
                "ssl.keystore.location | /etc/keystore",
                "ssl.client.auth | required",
                "ssl.no.such.setting | hunter2",
                "sasl.oauthbearer.assertion.file | hunter2",
                "listener.name.external.ssl.client.auth | required",
                "listener.name.external.plain.sasl.jaas.config | hunter2",
                "delegation.token.secret.key | hunter2",
            })
    void shouldRefuseToStartUnprotectedWhereProtectionIsAskedFor(String name, String value) {
        assertThat(problems(Map.of(name, value, "sasl.kerberos.service.name", "kafka")))
                .singleElement()
                .asString()
                .contains("does not have yet", name + " (from server.properties)", "sasl.kerberos.service.name (from")
                .doesNotContain("hunter2");
    }

    @Test
    void shouldWarnOfSettingsWhoseTimeHasNotCome() {
        // when   one is set that another part of the broker will heed, and one of a login that asks for nothing
        Outcome.Accepted outcome = accepted(with("remote.log.reader.threads", "7", "authorizer.class.name", ""));

        // then
        assertThat(outcome.warnings())
                .containsExactly(
                        "authorizer.class.name (from server.properties) has no effect yet: it comes with security",
                        "remote.log.reader.threads (from server.properties) has no effect yet: it comes with remote "
                                + "storage");
    }

    @ParameterizedTest
    @CsvSource({
        "log.message.format.version, 2.8, true",
        "log.message.format.version, 0.10.2, true",
        "log.message.format.version, 3.0-IV1, false",
        "log.message.format.version, 3.9, false",
        "inter.broker.protocol.version, 2.8, true",
        "inter.broker.protocol.version, 3.8-IV0, true",
        "inter.broker.protocol.version, 3.9, false"
    })
    void shouldWarnOfOldVersions(String name, String version, boolean warned) {
        List<String> warnings = accepted(Map.of(name, version)).warnings();

        assertThat(warnings).hasSize(warned ? 1 : 0);
        assertThat(warnings)
                .allMatch(line ->
                        line.startsWith(name + " = " + version + " (from server.properties) changes nothing: "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "zoo",
                "zoo:2181",
                "a:1,b:2/chroot",
                "a:1, b:2/x/y",
                "[::1]:2181/",
                "10.0.0.1:2181,[fe80::1%eth0]:2182"
            })
    void shouldTakeWhatZooKeepersClientTakes(String connect) {
        assertThat(accepted(Map.of("zookeeper.connect", connect))
                        .config()
                        .zooKeeper()
                        .connect())
                .isEqualTo(connect);
    }

    @Test
    void shouldRefuseIdsThatDisagree() {
        assertThat(problems(with("broker.id", "1", "node.id", "2")))
                .singleElement()
                .asString()
                .contains("node.id = 2");
        assertThat(problems(with("broker.id.generation.enable", "false")))
                .singleElement()
                .asString()
                .contains("broker.id = -1");
    }

    @Test
    void shouldTakeNodeIdForBrokerId() {
        assertThat(accepted(Map.of("node.id", "5")).config().identity().brokerId())
                .isEqualTo(5);
    }

    @Test
    void shouldTakeIdsAboveTheReservedOnesWhereNoneAreDrawn() {
        assertThat(accepted(with("broker.id", "100000", "broker.id.generation.enable", "false"))
                        .config()
                        .identity()
                        .brokerId())
                .isEqualTo(100_000);
    }

    @Test
    void shouldKeepTheMeaningOfOldAddresses() {
        Outcome.Accepted outcome = accepted(with(
                "port",
                "9999",
                "host.name",
                "10.0.0.1",
                "advertised.host.name",
                "kafka.example",
                "advertised.port",
                "19999"));
        NetworkProperties network = outcome.config().network();

        assertThat(network.listeners())
                .containsExactly(new Listener("PLAINTEXT", SecurityProtocol.PLAINTEXT, "10.0.0.1", 9999));
        assertThat(network.advertisedListeners())
                .containsExactly(new Listener("PLAINTEXT", SecurityProtocol.PLAINTEXT, "kafka.example", 19999));
        assertThat(outcome.warnings()).hasSize(4).allMatch(line -> line.contains("is an old name; write"));
    }

    @Test
    void shouldLeaveOldAddressesAloneWhereListenersAreSet() {
        Outcome.Accepted outcome = accepted(with("port", "9999", "listeners", "PLAINTEXT://127.0.0.1:1"));

        assertThat(outcome.config().network().listeners().getFirst().port()).isEqualTo(1);
        assertThat(outcome.warnings()).singleElement().asString().contains("is left alone: listeners is set");
    }

    @Test
    void shouldTakeAnOldPortOnTheLoopbackAddressAndRefuseOneThatIsNone() {
        assertThat(accepted(Map.of("port", "9999")).config().network().listeners())
                .containsExactly(new Listener("PLAINTEXT", SecurityProtocol.PLAINTEXT, "127.0.0.1", 9999));
        assertThat(problems(Map.of("port", "http"))).singleElement().asString().contains("Expected a port");
    }

    @ParameterizedTest
    @CsvSource({
        "zk.connect, zoo:2181/kafka, zookeeper.connect",
        "log.file.size, 2000000, log.segment.bytes",
        "max.message.size, 1000, message.max.bytes",
        "brokerid, 4, broker.id"
    })
    void shouldReadNamesOfKafka07(String old, String value, String now) {
        Outcome.Accepted outcome = accepted(Map.of(old, value));

        assertThat(new EffectiveConfig(outcome.config()).ofBroker())
                .filteredOn(entry -> entry.name().equals(now))
                .singleElement()
                .extracting(ConfigEntry::value)
                .isEqualTo(value);
        assertThat(outcome.warnings()).singleElement().asString().contains("is an old name of " + now);
    }

    @Test
    void shouldSayWhatIsGone() {
        assertThat(accepted(Map.of("zookeeper.sync.time.ms", "2000")).warnings())
                .singleElement()
                .asString()
                .contains("has no effect any more");
    }

    @Test
    void shouldPutDynamicSettingsOverStaticOnesAndOwnOverAll() {
        BrokerConfig base = accepted(Map.of("log.segment.bytes", "1000")).config();

        BrokerConfig changed = base.withDynamic(
                        Map.of("log.segment.bytes", "2000", "log.retention.ms", "5"),
                        Map.of("log.segment.bytes", "3000"))
                .config();

        assertThat(changed.topics().properties(Map.of()).segmentBytes()).isEqualTo(3000);
        assertThat(changed.topics().properties(Map.of()).retentionMs()).isEqualTo(5);
        BrokerConfig back = changed.withDynamic(Map.of(), Map.of()).config();
        assertThat(back.topics().properties(Map.of()).segmentBytes()).isEqualTo(1000);
    }

    @Test
    void shouldLeaveOutDynamicSettingsThatCanNotBe() {
        BrokerConfig.Changed changed = BrokerConfig.defaults()
                .withDynamic(
                        Map.of("num.partitions", "3", "listeners", "PLAINTEXT://:1", "log.segment.bytes", "x"),
                        Map.of("nonsense", "1", "max.connections", "9"));

        assertThat(changed.refusals()).hasSize(4);
        assertThat(changed.config().network().connections().max()).isEqualTo(9);
        assertThat(changed.config().topicDefaults().numPartitions()).isEqualTo(1);
    }

    @Test
    void shouldLeaveOutOneOfTwoDynamicSettingsThatContradictEachOther() {
        BrokerConfig.Changed changed = BrokerConfig.defaults()
                .withDynamic(
                        Map.of(
                                "log.cleaner.min.compaction.lag.ms", "10",
                                "log.cleaner.max.compaction.lag.ms", "5",
                                "log.segment.bytes", "1000"),
                        Map.of());

        assertThat(changed.refusals()).singleElement().asString().contains("log.cleaner.min.compaction.lag.ms = 10");
        TopicProperties topic = changed.config().topics().properties(Map.of());
        assertThat(topic.maxCompactionLagMs()).isEqualTo(Long.MAX_VALUE);
        assertThat(topic.minCompactionLagMs()).isEqualTo(10);
        assertThat(topic.segmentBytes()).isEqualTo(1000);
    }

    @Test
    void shouldHaveNothingAgainstADrawnBrokerIdWhenSettingsChange() {
        BrokerConfig drawn = BrokerConfig.defaults().withBrokerId(1001);

        BrokerConfig.Changed changed = drawn.withDynamic(Map.of("log.segment.bytes", "2000"), Map.of());

        assertThat(changed.refusals()).isEmpty();
        assertThat(changed.config().topics().properties(Map.of()).segmentBytes())
                .isEqualTo(2000);
    }

    @Test
    void shouldFallBackToAllBrokersWhereThisBrokersValueBreaksARule() {
        BrokerConfig config = BrokerConfig.defaults()
                .withDynamic(Map.of("log.retention.ms", "5"), Map.of("log.retention.ms", "0"))
                .config();

        assertThat(config.topics().properties(Map.of()).retentionMs()).isEqualTo(5);
    }

    @Test
    void shouldTakeNeitherOfTwoValuesThatBreakTheSameRule() {
        BrokerConfig.Changed changed = BrokerConfig.of(Map.of("log.retention.ms", "7"))
                .withDynamic(Map.of("log.retention.ms", "0"), Map.of("log.retention.ms", "-5", "max.connections", "9"));

        assertThat(changed.config().topics().properties(Map.of()).retentionMs()).isEqualTo(7);
        assertThat(changed.config().network().connections().max()).isEqualTo(9);
        assertThat(changed.refusals()).isNotEmpty();
    }

    @Test
    void shouldTakeListenersForOneBrokerWhereTheyFitTogether() {
        BrokerConfig base = BrokerConfig.of(Map.of("listeners", "PLAINTEXT://127.0.0.1:9092"));

        BrokerConfig more = base.withDynamic(
                        Map.of(),
                        Map.of(
                                "listeners", "PLAINTEXT://127.0.0.1:9092,MORE://127.0.0.1:9093",
                                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,MORE:PLAINTEXT",
                                "advertised.listeners", "PLAINTEXT://a:1,MORE://b:2"))
                .config();
        BrokerConfig.Changed odd =
                base.withDynamic(Map.of(), Map.of("listeners", "MORE://127.0.0.1:9093", "max.connections", "9"));

        assertThat(more.network().listeners()).hasSize(2);
        assertThat(more.network().advertisedListeners()).hasSize(2);
        assertThat(odd.config().network().listeners()).isEqualTo(base.network().listeners());
        assertThat(odd.config().network().connections().max()).isEqualTo(9);
        assertThat(odd.refusals()).singleElement().asString().contains("listener.security.protocol.map");
        assertThat(refusal(base, Map.of("listeners", "MORE://127.0.0.1:9093"), true)
                        .text())
                .contains("listener.security.protocol.map");
    }

    @Test
    void shouldSayWhyADynamicSettingIsRefused() {
        BrokerConfig config = BrokerConfig.defaults();

        assertThat(refusal(config, Map.of("log.segment.bytes", "2000"), false)).isNull();
        assertThat(refusal(config, Map.of("log.segment.bytes", "1"), false).text())
                .contains("14 or more");
        assertThat(refusal(config, Map.of("broker.id", "1"), true).text()).contains("while the broker runs");
        assertThat(refusal(config, Map.of("ssl.keystore.location", "/x"), false).text())
                .contains("for one broker only");
        assertThat(refusal(config, Map.of("ssl.keystore.location", "/x"), true).text())
                .contains("would protect nothing yet");
        assertThat(refusal(config, Map.of("log.retention.ms", "0"), true).text())
                .contains("-1 for no limit");
    }

    @Test
    void shouldRememberTheNumberItDrew() {
        BrokerConfig config = accepted(Map.of("listener.name.plaintext.max.connections", "5"))
                .config()
                .withBrokerId(1001);

        assertThat(config.identity().brokerId()).isEqualTo(1001);
        assertThat(config.network().connections().maxByListener()).isEqualTo(Map.of("PLAINTEXT", 5));
        assertThat(config.withDynamic(Map.of(), Map.of()).config().identity().brokerId())
                .isEqualTo(1001);
    }

    @Test
    void shouldTakeTheSessionTimeoutForConnectingToZooKeeper() {
        ZooKeeperProperties zooKeeper = accepted(
                        with("zookeeper.session.timeout.ms", "6000", "zookeeper.connect", "a:1,b:2/chroot"))
                .config()
                .zooKeeper();

        assertThat(zooKeeper.connectionTimeoutMs()).isEqualTo(6000);
        assertThat(zooKeeper.connect()).isEqualTo("a:1,b:2/chroot");
        assertThat(zooKeeper.embedded()).isFalse();
    }

    private static Failure refusal(BrokerConfig config, Map<String, String> settings, boolean forOne) {
        return config.dynamicRefusal(settings, settings.keySet(), forOne);
    }

    @Test
    void shouldNotHoldAgainstANewSettingWhatWasWrongBefore() {
        Map<String, String> settings =
                Map.of("nonsense", "1", "log.retention.ms", "0", "log.segment.bytes", "x", "num.io.threads", "4");

        assertThat(BrokerConfig.defaults().dynamicRefusal(settings, Set.of("num.io.threads"), false))
                .isNull();
        assertThat(BrokerConfig.defaults()
                        .dynamicRefusal(settings, Set.of("num.io.threads", "nonsense"), false)
                        .text())
                .contains("nonsense")
                .doesNotContain("log.segment.bytes");
        assertThat(BrokerConfig.dynamicRefusalElsewhere(settings, Set.of("log.segment.bytes"))
                        .text())
                .contains("log.segment.bytes = x");
        assertThat(BrokerConfig.dynamicRefusalElsewhere(settings, Set.of("num.io.threads")))
                .isNull();
    }

    @Test
    void shouldRefuseToTakeAwayWhatAnotherSettingRestsOn() {
        // given  memory that is enough for the one thread there is, but not for those that were given at the start
        BrokerConfig now = BrokerConfig.of(Map.of("log.cleaner.threads", "8"))
                .withDynamic(Map.of("log.cleaner.threads", "1", "log.cleaner.dedupe.buffer.size", "4000000"), Map.of())
                .config();

        // when, then
        assertThat(now.dynamicRefusal(Map.of("log.cleaner.dedupe.buffer.size", "4000000"), Set.of(), false)
                        .text())
                .contains("log.cleaner.dedupe.buffer.size = 4000000: Expected more than 1 MiB")
                .contains("8");
        assertThat(now.dynamicRefusal(Map.of("log.cleaner.threads", "1"), Set.of(), false))
                .isNull();
        assertThat(now.dynamicRefusal(Map.of(), Set.of(), false)).isNull();
    }

    @Test
    void shouldWantOneThreadForCompactionAndItsMemoryWhileRunning() {
        BrokerConfig none = BrokerConfig.of(Map.of("log.cleaner.threads", "0"));

        assertThat(refusal(none, Map.of("log.cleaner.threads", "0"), false).text())
                .contains("log.cleaner.threads = 0: Expected 1 or more while the broker runs");
        assertThat(refusal(none, Map.of("log.cleaner.dedupe.buffer.size", "100"), false)
                        .text())
                .contains("log.cleaner.dedupe.buffer.size = 100: Expected more than 1 MiB");
        assertThat(none.withDynamic(Map.of("log.cleaner.threads", "0"), Map.of())
                        .refusals())
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "log.cleaner.io.max.bytes.per.second, -5, above 0",
        "log.cleaner.io.max.bytes.per.second, 0, above 0",
        "log.cleaner.io.max.bytes.per.second, NaN, above 0",
        "log.cleaner.io.buffer.load.factor, 0, 'above 0, at most 1'",
        "log.cleaner.io.buffer.load.factor, 1.1, 'above 0, at most 1'",
    })
    void shouldRefuseWhatWouldStopCompaction(String name, String value, String why) {
        assertThat(problems(Map.of(name, value))).anyMatch(line -> line.contains(value + ": Expected " + why));
        assertThat(refusal(BrokerConfig.defaults(), Map.of(name, value), false).text())
                .contains(why);
        assertThat(refusal(BrokerConfig.defaults(), Map.of(name, "0.5"), false)).isNull();
    }
}
