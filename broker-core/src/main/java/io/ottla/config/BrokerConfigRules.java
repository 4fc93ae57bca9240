package io.ottla.config;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What settings must hold together, as Kafka 3.9 demands it at its start. */
final class BrokerConfigRules {
    private static final long CLEANER_BYTES_PER_THREAD = 1 << 20;
    private static final String ZOOKEEPER = "zookeeper.connect";

    private final ConfigValues values;
    private final FoundProblems problems;

    private BrokerConfigRules(ConfigValues values, FoundProblems problems) {
        this.values = values;
        this.problems = problems;
    }

    /** All rules, for what is given at the start. */
    static void check(ConfigValues values, FoundProblems problems) {
        BrokerConfigRules rules = new BrokerConfigRules(values, problems);
        rules.identity();
        rules.secrets();
        checkDynamic(values, problems);
    }

    /** Those that a change at run time can break; by then the broker's id may be one that was drawn. */
    static void checkDynamic(ConfigValues values, FoundProblems problems) {
        BrokerConfigRules rules = new BrokerConfigRules(values, problems);
        rules.times();
        rules.folders();
        rules.zooKeeper();
        rules.connections();
        rules.replication();
        rules.groups();
        rules.cleaner();
    }

    /** @param others settings that the expectation rests on */
    private void expect(boolean holds, String name, String expected, String... others) {
        if (!holds) {
            List<String> names = new ArrayList<>(List.of(name));
            names.addAll(List.of(others));
            problems.add(
                    name + " = " + ConfigValues.write(values.get(name)) + ": Expected " + expected,
                    names.toArray(String[]::new));
        }
    }

    private void identity() {
        int id = values.integer("broker.id");
        if (values.bool("broker.id.generation.enable")) {
            int most = values.integer("reserved.broker.max.id");
            expect(
                    id >= -1 && id <= most,
                    "broker.id",
                    "-1 to " + most + ", which is reserved.broker.max.id",
                    "reserved.broker.max.id");
        } else {
            expect(
                    id >= 0,
                    "broker.id",
                    "0 or more, because broker.id.generation.enable is false",
                    "broker.id.generation.enable");
        }
    }

    /** A cipher that fails would be found when the first secret is set, or worse, read. */
    private void secrets() {
        String why = StoredSecrets.of(values).refusal(new SplittableRandom(0));
        expect(
                why == null,
                "password.encoder.cipher.algorithm",
                "a cipher and a key that this JVM can make, but " + why,
                "password.encoder.keyfactory.algorithm",
                "password.encoder.key.length");
    }

    private void times() {
        for (String name : Synonyms.ofBroker("log.retention.ms")) {
            if (values.has(name)) {
                expect(values.number(name) >= 1 || values.number(name) == -1, name, "1 or more, or -1 for no limit");
            }
        }
        expectAtLeast("log.roll.ms", 1);
        expectAtLeast("log.roll.jitter.ms", 0);
        expectAtLeast("zookeeper.session.timeout.ms", 1);
        expectAtLeast("zookeeper.connection.timeout.ms", 1);
        expectAtLeast("log.flush.interval.ms", 0);
        expectAtLeast("log.flush.scheduler.interval.ms", 1);
        expectAtLeast("replica.high.watermark.checkpoint.interval.ms", 1);
        expectAtMost("log.cleaner.min.compaction.lag.ms", "log.cleaner.max.compaction.lag.ms");
    }

    private void expectAtLeast(String name, long least) {
        if (values.has(name)) {
            expect(values.number(name) >= least, name, least + " or more");
        }
    }

    private void expectAtMost(String name, String other) {
        expect(
                values.number(name) <= values.number(other),
                name,
                "not more than " + other + ", which is " + values.number(other),
                other);
    }

    private void folders() {
        List<String> folders = BrokerConfig.logDirs(values);
        String name = values.has("log.dirs") ? "log.dirs" : "log.dir";
        expect(!folders.contains(""), name, "folders, separated by commas");
        expect(folders.stream().distinct().count() == folders.size(), name, "each folder once");
        for (String folder : folders) {
            expect(folder.indexOf('\0') < 0, name, "names of folders");
        }
    }

    private void zooKeeper() {
        String connect = values.textOrNull(ZOOKEEPER);
        String why = connect == null || connect.isEmpty() ? null : ConnectText.refusal(connect);
        expect(
                why == null,
                ZOOKEEPER,
                "host:port,…, and behind the last one /path where the cluster has one, but " + why);
    }

    private void connections() {
        String overrides = values.text("max.connections.per.ip.overrides");
        try {
            HostCounts.read(overrides);
        } catch (IllegalArgumentException e) {
            problems.add(
                    "max.connections.per.ip.overrides = " + overrides + ": " + e.getMessage(),
                    "max.connections.per.ip.overrides");
        }
        expect(
                values.integer("max.connections.per.ip") > 0 || !overrides.isEmpty(),
                "max.connections.per.ip",
                "1 or more, or 0 together with max.connections.per.ip.overrides",
                "max.connections.per.ip.overrides");
        long budget = values.number("queued.max.request.bytes");
        expect(
                budget <= 0 || budget >= values.number("socket.request.max.bytes"),
                "queued.max.request.bytes",
                "-1, or at least socket.request.max.bytes, which is " + values.number("socket.request.max.bytes"),
                "socket.request.max.bytes");
        expectBuffer("socket.send.buffer.bytes");
        expectBuffer("socket.receive.buffer.bytes");
        expectBuffer("replica.socket.receive.buffer.bytes");
        long idle = values.number("connections.max.idle.ms");
        expect(
                idle <= 0 || values.number("connection.failed.authentication.delay.ms") < idle,
                "connection.failed.authentication.delay.ms",
                "less than connections.max.idle.ms, which is " + idle,
                "connections.max.idle.ms");
        expect(
                values.number("socket.connection.setup.timeout.ms") > 0,
                "socket.connection.setup.timeout.ms",
                "1 or more");
        expectAtLeast("request.timeout.ms", 1);
    }

    private void expectBuffer(String name) {
        long bytes = values.number(name);
        expect(bytes > 0 || bytes == -1, name, "1 or more, or -1 for the system's");
    }

    private void replication() {
        expectAtMost("replica.fetch.wait.max.ms", "replica.socket.timeout.ms");
        expectAtMost("replica.fetch.wait.max.ms", "replica.lag.time.max.ms");
        expectAtLeast("num.replica.fetchers", 1);
        Object selector = values.get("replica.selector.class");
        expect(
                selector == null
                        || selector.equals("")
                        || selector.equals(ReplicationProperties.LEADER)
                        || selector.equals(ReplicationProperties.BY_RACK),
                "replica.selector.class",
                ReplicationProperties.BY_RACK + " or " + ReplicationProperties.LEADER);
        expectAtLeast("replica.lag.time.max.ms", 1);
        expectAtLeast("broker.session.timeout.ms", 500);
        expect(
                values.integer("default.replication.factor") >= 1
                        && values.integer("default.replication.factor") <= Short.MAX_VALUE,
                "default.replication.factor",
                "1 to " + Short.MAX_VALUE);
        int acks = values.integer("offsets.commit.required.acks");
        expect(
                acks >= -1 && acks <= values.integer("offsets.topic.replication.factor"),
                "offsets.commit.required.acks",
                "-1 to offsets.topic.replication.factor, which is "
                        + values.integer("offsets.topic.replication.factor"),
                "offsets.topic.replication.factor");
    }

    private void groups() {
        expectAtMost("group.min.session.timeout.ms", "group.max.session.timeout.ms");
        for (String kind : List.of("group.consumer.", "group.share.")) {
            for (String time : List.of("heartbeat.interval.ms", "session.timeout.ms")) {
                expectAtMost(kind + "min." + time, kind + time);
                expectAtMost(kind + time, kind + "max." + time);
            }
            expect(
                    values.integer(kind + "heartbeat.interval.ms") < values.integer(kind + "session.timeout.ms"),
                    kind + "heartbeat.interval.ms",
                    "less than " + kind + "session.timeout.ms",
                    kind + "session.timeout.ms");
        }
        expectAtMost("group.consumer.min.assignment.interval.ms", "group.consumer.assignment.interval.ms");
        expectAtMost("group.consumer.assignment.interval.ms", "group.consumer.max.assignment.interval.ms");
        List<String> assignors = values.list("group.consumer.assignors");
        expect(
                !assignors.isEmpty() && assignors.stream().allMatch(AssignorNames::isKnown),
                "group.consumer.assignors",
                "uniform, range, or Kafka's classes of these names");
        expectAtMost("group.share.min.record.lock.duration.ms", "group.share.record.lock.duration.ms");
        expectAtMost("group.share.record.lock.duration.ms", "group.share.max.record.lock.duration.ms");
        int codec = values.integer("offsets.topic.compression.codec");
        expect(codec >= 0 && codec <= 4, "offsets.topic.compression.codec", "0 to 4");
    }

    private void cleaner() {
        int threads = values.integer("log.cleaner.threads");
        if (values.bool("log.cleaner.enable")) {
            expect(
                    values.number("log.cleaner.dedupe.buffer.size") / Math.max(1, threads) > CLEANER_BYTES_PER_THREAD,
                    "log.cleaner.dedupe.buffer.size",
                    "more than 1 MiB for each of log.cleaner.threads, and for one at least; there are " + threads,
                    "log.cleaner.threads");
        }
    }
}
