package io.ottla.config;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Names that Kafka had once: those that still mean something here become today's names, with a warning; the others are
 * named as gone. Sources: the upgrade notes of Kafka 0.8 to 4.0.
 */
final class OldNames {
    private static final String HOST = "host.name";
    private static final String PORT = "port";
    private static final String ADVERTISED_HOST = "advertised.host.name";
    private static final String ADVERTISED_PORT = "advertised.port";
    private static final String LISTENERS = "listeners";
    private static final String ADVERTISED_LISTENERS = "advertised.listeners";
    private static final String BROKER_ID = "broker.id";
    private static final String NODE_ID = "node.id";

    private static final Map<String, String> RENAMED = Map.ofEntries(
            Map.entry("brokerid", BROKER_ID),
            Map.entry("hostname", HOST),
            Map.entry("zk.connect", "zookeeper.connect"),
            Map.entry("zk.sessiontimeout.ms", "zookeeper.session.timeout.ms"),
            Map.entry("zk.connectiontimeout.ms", "zookeeper.connection.timeout.ms"),
            Map.entry("log.file.size", "log.segment.bytes"),
            Map.entry("log.retention.size", "log.retention.bytes"),
            Map.entry("log.flush.interval", "log.flush.interval.messages"),
            Map.entry("log.default.flush.interval.ms", "log.flush.interval.ms"),
            Map.entry("log.default.flush.scheduler.interval.ms", "log.flush.scheduler.interval.ms"),
            Map.entry("max.socket.request.bytes", "socket.request.max.bytes"),
            Map.entry("max.message.size", "message.max.bytes"),
            Map.entry("socket.send.buffer", "socket.send.buffer.bytes"),
            Map.entry("socket.receive.buffer", "socket.receive.buffer.bytes"),
            Map.entry("auto.create.topics", "auto.create.topics.enable"));

    private static final Map<String, String> GONE = Map.of(
            "zookeeper.sync.time.ms",
            "nothing waits for a lagging ZooKeeper",
            "replica.lag.max.messages",
            "followers are judged by time alone, see replica.lag.time.max.ms",
            "controller.message.queue.size",
            "the controller has no queue for each broker",
            "quota.producer.default",
            "default quotas are set by kafka-configs with --entity-default",
            "quota.consumer.default",
            "default quotas are set by kafka-configs with --entity-default",
            "enable.zookeeper",
            "there is always a ZooKeeper",
            "log.cleanup.interval.mins",
            "see log.retention.check.interval.ms",
            "log.cleanup.interval.minutes",
            "see log.retention.check.interval.ms",
            "num.threads",
            "requests run on the event loops of their connections",
            "metrics.jmx.include",
            "metrics are read from /actuator/prometheus");

    private final Map<String, SourcedValue> values;
    private final List<String> warnings;
    private final List<String> problems;

    private OldNames(Map<String, SourcedValue> given, List<String> warnings, List<String> problems) {
        this.values = new TreeMap<>(given);
        this.warnings = warnings;
        this.problems = problems;
    }

    /** The same configuration in today's names. */
    static Map<String, SourcedValue> replaced(
            Map<String, SourcedValue> given, List<String> warnings, List<String> problems) {
        OldNames names = new OldNames(given, warnings, problems);
        names.rename();
        names.dropGone();
        names.addresses();
        names.identity();
        names.timestamps();
        return names.values;
    }

    private void rename() {
        for (Map.Entry<String, String> renamed : new TreeMap<>(RENAMED).entrySet()) {
            SourcedValue old = values.remove(renamed.getKey());
            if (old == null) {
                continue;
            }
            String now = renamed.getValue();
            if (values.putIfAbsent(now, new SourcedValue(old.value(), renamed.getKey() + " " + origin(old))) == null) {
                warnings.add(
                        renamed.getKey() + " (from " + old.origin() + ") is an old name of " + now + "; write that");
            } else {
                warnings.add(renamed.getKey() + " (from " + old.origin() + ") is left alone: it is an old name of "
                        + now + ", which is set too");
            }
        }
    }

    private static String origin(SourcedValue value) {
        return "in " + value.origin();
    }

    private void dropGone() {
        for (Map.Entry<String, String> gone : new TreeMap<>(GONE).entrySet()) {
            SourcedValue old = values.remove(gone.getKey());
            if (old != null) {
                warnings.add(gone.getKey() + " (from " + old.origin() + ") has no effect any more: " + gone.getValue());
            }
        }
    }

    /** {@code host.name} and {@code port} make a listener, their advertised sisters an advertised one. */
    private void addresses() {
        SourcedValue host = values.remove(HOST);
        SourcedValue port = values.remove(PORT);
        SourcedValue advertisedHost = values.remove(ADVERTISED_HOST);
        SourcedValue advertisedPort = values.remove(ADVERTISED_PORT);
        boolean listenersGiven = values.containsKey(LISTENERS);
        becomes(HOST, host, LISTENERS, listenersGiven);
        becomes(PORT, port, LISTENERS, listenersGiven);
        boolean advertisedGiven = values.containsKey(ADVERTISED_LISTENERS);
        becomes(ADVERTISED_HOST, advertisedHost, ADVERTISED_LISTENERS, advertisedGiven);
        becomes(ADVERTISED_PORT, advertisedPort, ADVERTISED_LISTENERS, advertisedGiven);

        String boundHost = host == null ? "127.0.0.1" : host.value();
        int boundPort = portOf(PORT, port, 9092);
        if (!listenersGiven && (host != null || port != null)) {
            values.put(LISTENERS, listener(boundHost, boundPort, first(port, host)));
        }
        if (!advertisedGiven && (advertisedHost != null || advertisedPort != null)) {
            String toldHost = advertisedHost == null ? boundHost : advertisedHost.value();
            int toldPort = portOf(ADVERTISED_PORT, advertisedPort, boundPort);
            values.put(ADVERTISED_LISTENERS, listener(toldHost, toldPort, first(advertisedHost, advertisedPort)));
        }
    }

    private static SourcedValue first(SourcedValue one, SourcedValue other) {
        return one == null ? other : one;
    }

    private static SourcedValue listener(String host, int port, SourcedValue from) {
        boolean bareV6 = host.indexOf(':') >= 0 && !host.startsWith("[");
        return new SourcedValue("PLAINTEXT://" + (bareV6 ? "[" + host + "]" : host) + ":" + port, from.origin());
    }

    private void becomes(String old, SourcedValue value, String now, boolean given) {
        if (value != null) {
            warnings.add(old + " (from " + value.origin() + ") "
                    + (given ? "is left alone: " + now + " is set" : "is an old name; write " + now));
        }
    }

    private int portOf(String name, SourcedValue value, int otherwise) {
        if (value == null) {
            return otherwise;
        }
        try {
            int port = Integer.parseInt(value.value());
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        problems.add(name + " = " + value.value() + " (from " + value.origin() + "): Expected a port from 0 to 65535");
        return otherwise;
    }

    /** {@code node.id} and {@code broker.id} are one; each stands for the other. */
    private void identity() {
        SourcedValue broker = values.get(BROKER_ID);
        SourcedValue node = values.get(NODE_ID);
        if (broker == null && node != null) {
            values.put(BROKER_ID, new SourcedValue(node.value(), NODE_ID + " " + origin(node)));
        } else if (broker != null && node == null) {
            values.put(NODE_ID, new SourcedValue(broker.value(), BROKER_ID + " " + origin(broker)));
        } else if (broker != null && !broker.value().equals(node.value())) {
            problems.add("node.id = " + node.value() + " (from " + node.origin() + "): Expected the same as broker.id, "
                    + "but that is " + broker.value() + " (from " + broker.origin() + ")");
        }
    }

    private void timestamps() {
        SourcedValue difference = values.get("log.message.timestamp.difference.max.ms");
        if (difference != null) {
            warnings.add("log.message.timestamp.difference.max.ms (from " + difference.origin()
                    + ") is an old name; write log.message.timestamp.before.max.ms and "
                    + "log.message.timestamp.after.max.ms");
        }
    }
}
