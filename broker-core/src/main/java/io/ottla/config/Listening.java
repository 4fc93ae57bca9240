package io.ottla.config;

import io.ottla.config.NetworkProperties.Listener;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * Where the broker listens, read and checked against itself.
 *
 * @param advertised empty where nothing else is advertised than what is listened on
 * @param interBroker the name of one of the listeners
 */
record Listening(List<Listener> listeners, List<Listener> advertised, String interBroker) {
    private static final String LISTENERS = "listeners";
    private static final String NAME = "inter.broker.listener.name";
    private static final String PROTOCOL = "security.inter.broker.protocol";

    static Listening of(ConfigValues values, FoundProblems problems) {
        int before = problems.count();
        ListenerTexts texts = new ListenerTexts(problems);
        Map<String, SecurityProtocol> protocols = texts.protocols(values.text("listener.security.protocol.map"));
        List<Listener> listeners = texts.listeners("listeners", values.text("listeners"), protocols);
        String advertisedText = values.textOrNull("advertised.listeners");
        List<Listener> advertised = advertisedText == null || advertisedText.isEmpty()
                ? List.of()
                : texts.listeners("advertised.listeners", advertisedText, protocols);
        if (problems.count() > before) {
            return new Listening(List.of(), List.of(), "");
        }
        texts.requireDistinctPorts(listeners);
        texts.requireWorkingProtocols(listeners);
        texts.requireReachable(listeners, advertised);
        String interBroker = interBroker(values, listeners, problems);
        requireNoControllerListener(values, listeners, problems);
        return new Listening(List.copyOf(listeners), List.copyOf(advertised), interBroker);
    }

    private static String interBroker(ConfigValues values, List<Listener> listeners, FoundProblems problems) {
        String name = values.textOrNull(NAME);
        String protocol = values.text(PROTOCOL);
        if (name != null && !name.isEmpty()) {
            if (!protocol.equals("PLAINTEXT")) {
                problems.add(
                        PROTOCOL + " = " + protocol + ": Expected only one of this and " + NAME + ", but both are set",
                        PROTOCOL,
                        NAME);
            }
            String upper = name.toUpperCase(Locale.ROOT);
            if (find(listeners, upper) == null) {
                problems.add(
                        NAME + " = " + name + ": Expected one of listeners, but they are " + names(listeners),
                        NAME,
                        LISTENERS);
            }
            return upper;
        }
        Listener named = find(listeners, protocol);
        if (named != null && named.protocol().name.equals(protocol)) {
            return protocol; // Kafka's rule, and the only one it has.
        }
        for (Listener listener : listeners) {
            if (listener.protocol().name.equals(protocol)) {
                return listener.name();
            }
        }
        problems.add(
                PROTOCOL + " = " + protocol + ": Expected a listener with this protocol, but listeners are "
                        + names(listeners) + "; set " + NAME,
                PROTOCOL,
                LISTENERS);
        return "";
    }

    private static void requireNoControllerListener(
            ConfigValues values, List<Listener> listeners, FoundProblems problems) {
        String controllers = values.textOrNull("controller.listener.names");
        if (controllers == null) {
            return;
        }
        for (String name : controllers.split(",", -1)) {
            if (find(listeners, name.strip().toUpperCase(Locale.ROOT)) != null) {
                problems.add(
                        "listeners: Expected no listener for KRaft controllers, but " + name.strip()
                                + " is one by controller.listener.names; remove it: metadata is kept in ZooKeeper, not by KRaft",
                        LISTENERS,
                        "controller.listener.names");
            }
        }
    }

    private static Listener find(List<Listener> listeners, String name) {
        for (Listener listener : listeners) {
            if (listener.name().equals(name)) {
                return listener;
            }
        }
        return null;
    }

    private static String names(List<Listener> listeners) {
        return String.join(", ", listeners.stream().map(Listener::name).toList());
    }
}
