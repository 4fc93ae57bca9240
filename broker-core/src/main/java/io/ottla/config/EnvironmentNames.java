package io.ottla.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Makes names of settings of environment variables, by the rule of Apache's container image: {@code KAFKA_} is taken
 * off, letters become small, {@code ___} a dash, {@code __} an underscore, {@code _} a dot. {@code KAFKA_CFG_}, as
 * other images have it, is taken off in the same way. Variables that steer the start script are left alone, and so are
 * those that Kubernetes makes for a Service named "kafka".
 *
 * <p>Source: KIP-975 and {@code docker/examples/README.md} of Kafka 3.9.
 */
final class EnvironmentNames {
    private static final String PREFIX = "KAFKA_";
    private static final String CFG_PREFIX = "KAFKA_CFG_";

    /** For the start script, not for the broker. */
    private static final Set<String> SCRIPT = Set.of(
            "KAFKA_VERSION",
            "KAFKA_HEAP_OPTS",
            "KAFKA_LOG4J_OPTS",
            "KAFKA_OPTS",
            "KAFKA_JMX_OPTS",
            "KAFKA_JVM_PERFORMANCE_OPTS",
            "KAFKA_GC_LOG_OPTS",
            "KAFKA_LOG4J_ROOT_LOGLEVEL",
            "KAFKA_LOG4J_LOGGERS",
            "KAFKA_TOOLS_LOG4J_LOGLEVEL",
            "KAFKA_JMX_HOSTNAME",
            "KAFKA_JMX_PORT",
            "KAFKA_HOME",
            "KAFKA_DEBUG");

    private static final Pattern SERVICE_LINK =
            Pattern.compile("KAFKA_(\\w+_)?(SERVICE_HOST|SERVICE_PORT(_\\w+)?|PORT_\\d+_(TCP|UDP|SCTP)(_\\w+)?)");
    private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

    /**
     * What the environment says.
     *
     * @param values by setting; the origin is the variable
     */
    record Mapped(Map<String, SourcedValue> values, List<String> warnings, List<String> problems) {}

    private EnvironmentNames() {}

    static Mapped map(Map<String, String> environment) {
        Map<String, SourcedValue> values = new TreeMap<>();
        List<String> warnings = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        Map<String, String> lowerCase = lowerCaseNames();
        for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
            String name = variable.getKey();
            if (!name.startsWith(PREFIX) || name.equals(PREFIX) || SCRIPT.contains(name)) {
                continue;
            }
            if (isServiceLink(name, variable.getValue())) {
                warnings.add(name + " is left alone: Kubernetes makes it for a Service. To have none of these, set "
                        + "enableServiceLinks: false on the pod");
                continue;
            }
            String setting = setting(name);
            setting = lowerCase.getOrDefault(setting, setting);
            SourcedValue value = new SourcedValue(variable.getValue(), name);
            SourcedValue other = values.putIfAbsent(setting, value);
            if (other != null && !other.value().equals(value.value())) {
                problems.add(setting + ": Expected one value from the environment, but " + other.origin() + " and "
                        + name + " say different things; remove one of them");
            }
        }
        return new Mapped(values, warnings, problems);
    }

    /** The setting that a variable names. */
    static String setting(String variable) {
        String rest = variable.substring((variable.startsWith(CFG_PREFIX) ? CFG_PREFIX : PREFIX).length());
        return rest.toLowerCase(Locale.ROOT)
                .replace('_', '.')
                .replace("...", "-")
                .replace("..", "_");
    }

    /** Few settings have capitals, which variables can't say. */
    private static Map<String, String> lowerCaseNames() {
        Map<String, String> names = new HashMap<>();
        for (ConfigDefinition definition : ConfigCatalog.broker().all()) {
            names.put(definition.name().toLowerCase(Locale.ROOT), definition.name());
        }
        return names;
    }

    private static boolean isServiceLink(String name, String value) {
        return SERVICE_LINK.matcher(name).matches()
                || name.endsWith("_PORT") && SERVICE_ADDRESS.matcher(value).matches();
    }
}
