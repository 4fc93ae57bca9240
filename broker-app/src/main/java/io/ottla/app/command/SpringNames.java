package io.ottla.app.command;

import io.ottla.config.ConfigSources;
import io.ottla.config.SourcedValue;
import io.ottla.console.people.GivenPassword;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.boot.convert.DurationStyle;

/**
 * Checks those of Spring's names that operators set before the broker starts, so that a wrong one is listed with all the
 * other problems and stops the start while nothing has been made yet. The rest Spring checks by itself.
 */
final class SpringNames {
    private static final List<String> PORTS = List.of("server.port", "management.server.port");
    private static final List<String> ADDRESSES = List.of("server.address", "management.server.address");
    private static final List<String> SWITCHES = List.of("management.open", "ottla.metrics.partitions");
    private static final String PATIENCE = "ottla.readiness.patience";
    private static final String PASSWORD = "console.admin.password";
    private static final String USERS = "console.users.";
    private static final String LEVEL = "logging.level.";
    private static final Set<String> LEVELS =
            Set.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL", "OFF", "TRUE", "FALSE");
    private static final int MAX_PORT = 65_535;

    private SpringNames() {}

    /**
     * Adds a sentence for each that is wrong.
     *
     * @param settings those that were given by name; they win over variables, as {@code SERVER_PORT}
     */
    static void check(Map<String, SourcedValue> settings, Map<String, String> environment, List<String> problems) {
        Map<String, SourcedValue> given = withVariables(settings, environment);
        for (String name : PORTS) {
            SourcedValue value = given.get(name);
            if (value != null && !isPort(value.value())) {
                problems.add(refusal(name, value, "a port from 0 to 65535, or -1 for none"));
            }
        }
        for (String name : ADDRESSES) {
            SourcedValue value = given.get(name);
            if (value != null && !isAddress(value.value())) {
                problems.add(refusal(name, value, "an address or host name of this machine"));
            }
        }
        for (String name : SWITCHES) {
            SourcedValue value = given.get(name);
            if (value != null && !value.value().equals("true") && !value.value().equals("false")) {
                problems.add(refusal(name, value, "true or false"));
            }
        }
        SourcedValue patience = given.get(PATIENCE);
        if (patience != null && !isDuration(patience.value())) {
            problems.add(refusal(PATIENCE, patience, "a time such as 30m, 90s or 0s"));
        }
        ConsoleNames.check(given, problems);
        given.forEach((name, value) -> {
            if (isPassword(name, value.value()) && !GivenPassword.isUsable(value.value())) {
                problems.add(name + ": Expected " + GivenPassword.EXPECTED + " (from " + value.origin() + ")");
            }
            if (name.startsWith(LEVEL) && !LEVELS.contains(value.value().toUpperCase(Locale.ROOT))) {
                problems.add(refusal(name, value, "TRACE, DEBUG, INFO, WARN, ERROR or OFF"));
            }
        });
    }

    private static Map<String, SourcedValue> withVariables(
            Map<String, SourcedValue> settings, Map<String, String> environment) {
        Map<String, SourcedValue> given = new TreeMap<>();
        environment.forEach((variable, value) -> {
            String name = variable.toLowerCase(Locale.ROOT).replace('_', '.');
            if (ConfigSources.isSpring(name) || name.startsWith("ottla.")) {
                given.put(name, new SourcedValue(value, variable));
            }
        });
        given.putAll(settings);
        return given;
    }

    /** Of somebody in the configuration. An empty one of the administrator is none: he is made then. */
    private static boolean isPassword(String name, String value) {
        return name.equals(PASSWORD) && !value.isEmpty() || name.startsWith(USERS) && name.endsWith(".password");
    }

    private static String refusal(String name, SourcedValue value, String expected) {
        return name + " = " + value.value() + ": Expected " + expected + " (from " + value.origin() + ")";
    }

    private static boolean isPort(String text) {
        try {
            int port = Integer.parseInt(text);
            return port >= -1 && port <= MAX_PORT;
        } catch (NumberFormatException notANumber) {
            return false;
        }
    }

    private static boolean isDuration(String text) {
        try {
            return !DurationStyle.detectAndParse(text).isNegative();
        } catch (IllegalArgumentException none) {
            return false;
        }
    }

    private static boolean isAddress(String text) {
        try {
            return !text.isBlank() && InetAddress.getByName(text) != null;
        } catch (UnknownHostException unknown) {
            return false;
        }
    }
}
