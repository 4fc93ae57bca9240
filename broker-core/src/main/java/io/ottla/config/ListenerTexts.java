package io.ottla.config;

import io.ottla.config.NetworkProperties.Listener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** Reads listeners, what is advertised for them, and the protocols they speak. Source: KIP-103. */
final class ListenerTexts {
    private static final Pattern LISTENER =
            Pattern.compile("([\\w.-]+)://(?:\\[([0-9a-fA-F:.%\\w]*)]|([\\w.%-]*)):(\\d{1,5})");

    private static final String LISTENERS = "listeners";
    private static final String ADVERTISED = "advertised.listeners";
    private static final String PROTOCOLS = "listener.security.protocol.map";

    private final FoundProblems problems;

    ListenerTexts(FoundProblems problems) {
        this.problems = problems;
    }

    /** {@code NAME:PROTOCOL,…}; names are upper case. */
    Map<String, SecurityProtocol> protocols(String text) {
        Map<String, SecurityProtocol> map = new LinkedHashMap<>();
        for (String entry : text.split(",", -1)) {
            int colon = entry.lastIndexOf(':');
            String name = colon < 1 ? "" : entry.substring(0, colon).strip().toUpperCase(Locale.ROOT);
            SecurityProtocol protocol = colon < 1 ? null : protocol(entry.substring(colon + 1));
            if (protocol == null) {
                problems.add(
                        PROTOCOLS + ": Expected NAME:PROTOCOL with PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL, but '"
                                + entry.strip() + "'",
                        PROTOCOLS);
            } else if (map.put(name, protocol) != null) {
                problems.add(PROTOCOLS + ": Expected each listener once, but " + name + " is there twice", PROTOCOLS);
            }
        }
        return map;
    }

    private static SecurityProtocol protocol(String text) {
        for (SecurityProtocol protocol : SecurityProtocol.values()) {
            if (protocol.name.equals(text.strip().toUpperCase(Locale.ROOT))) {
                return protocol;
            }
        }
        return null;
    }

    /** {@code NAME://HOST:PORT,…}. */
    List<Listener> listeners(String setting, String text, Map<String, SecurityProtocol> protocols) {
        List<Listener> listeners = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String entry : text.split(",", -1)) {
            Matcher matcher = LISTENER.matcher(entry.strip());
            if (!matcher.matches() || Integer.parseInt(matcher.group(4)) > 65_535) {
                problems.add(
                        setting + ": Expected NAME://HOST:PORT with a port from 0 to 65535, but '" + entry.strip()
                                + "'",
                        setting);
                continue;
            }
            String name = matcher.group(1).toUpperCase(Locale.ROOT);
            SecurityProtocol protocol = protocols.get(name);
            if (!names.add(name)) {
                problems.add(setting + ": Expected each listener once, but " + name + " is there twice", setting);
            } else if (protocol == null) {
                problems.add(
                        setting + ": Expected the protocol of " + name + " in " + PROTOCOLS + ", but it is not there",
                        setting,
                        PROTOCOLS);
            } else {
                String host = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
                listeners.add(new Listener(name, protocol, host, Integer.parseInt(matcher.group(4))));
            }
        }
        return listeners;
    }

    /** One port belongs to one listener, but for an address of IPv4 and one of IPv6 side by side. */
    void requireDistinctPorts(List<Listener> listeners) {
        Map<Integer, Listener> byPort = new HashMap<>();
        for (Listener listener : listeners) {
            if (listener.port() == 0) {
                continue;
            }
            Listener other = byPort.putIfAbsent(listener.port(), listener);
            if (other != null && isV6(other.host()) == isV6(listener.host())) {
                problems.add(
                        LISTENERS + ": Expected each listener on a port of its own, but " + other + " and " + listener
                                + " share one",
                        LISTENERS);
            }
        }
    }

    private static boolean isV6(String host) {
        return host.indexOf(':') >= 0;
    }

    /** Only what works is taken. */
    void requireWorkingProtocols(List<Listener> listeners) {
        for (Listener listener : listeners) {
            if (listener.protocol() != SecurityProtocol.PLAINTEXT) {
                problems.add(
                        LISTENERS + ": Expected protocol PLAINTEXT for " + listener.name() + ", but it is "
                                + listener.protocol() + ", which this version does not speak yet",
                        LISTENERS,
                        PROTOCOLS);
            }
        }
    }

    /** What is advertised must be listened on, and be an address one can go to. */
    void requireReachable(List<Listener> listeners, List<Listener> advertised) {
        Set<String> names = new HashSet<>();
        for (Listener listener : listeners) {
            names.add(listener.name());
        }
        for (Listener listener : advertised) {
            if (!names.contains(listener.name())) {
                problems.add(
                        ADVERTISED + ": Expected only names out of listeners, but " + listener.name() + " is not there",
                        ADVERTISED,
                        LISTENERS);
            }
        }
        for (Listener listener : advertised.isEmpty() ? listeners : advertised) {
            if (listener.host().equals("0.0.0.0") || listener.host().equals("::")) {
                problems.add(
                        ADVERTISED + ": Expected an address that clients can go to for " + listener.name()
                                + ", but it is " + listener.host() + "; set " + ADVERTISED
                                + " to the broker's name or address",
                        ADVERTISED,
                        LISTENERS);
            }
        }
    }
}
