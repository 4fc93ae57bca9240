package io.ottla.console.clusters;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Settings of Kafka's clients that a cluster's definition may have: a list of those that are allowed, and of login modules
 * no other than Kafka's for passwords and tokens. Others name classes, files or addresses that a client loads, which
 * whoever may add a cluster must not choose (GHSL-2023-229, GHSL-2023-230).
 */
public final class ClientSettings {
    static final Set<String> ALLOWED = Set.of(
            "security.protocol",
            "sasl.mechanism",
            "sasl.jaas.config",
            "ssl.truststore.type",
            "ssl.truststore.certificates",
            "ssl.truststore.location",
            "ssl.truststore.password",
            "ssl.keystore.type",
            "ssl.keystore.certificate.chain",
            "ssl.keystore.key",
            "ssl.keystore.location",
            "ssl.keystore.password",
            "ssl.key.password",
            "ssl.endpoint.identification.algorithm",
            "ssl.protocol",
            "ssl.enabled.protocols",
            "ssl.cipher.suites",
            "client.dns.lookup",
            "client.id",
            "request.timeout.ms",
            "default.api.timeout.ms",
            "connections.max.idle.ms",
            "metadata.max.age.ms",
            "reconnect.backoff.ms",
            "reconnect.backoff.max.ms",
            "retries",
            "retry.backoff.ms");

    /** What names a file of this machine: only its configuration may. */
    private static final Set<String> OF_THIS_MACHINE = Set.of("ssl.truststore.location", "ssl.keystore.location");

    private static final int MAX_VALUE = 64 * 1024;

    private static final Pattern LOGIN = Pattern.compile(
            "\\s*org\\.apache\\.kafka\\.common\\.security\\.(?:plain\\.PlainLoginModule|scram\\.ScramLoginModule)"
                    + "\\s+(?:required|requisite|sufficient|optional)(?:\\s+(?:username|password)=\"(?:[^\"\\\\]|\\\\.)*\")*\\s*;\\s*");

    private ClientSettings() {}

    /**
     * The same in order, if all of them are allowed.
     *
     * @throws IllegalArgumentException naming the one that is not
     */
    static Map<String, String> checked(Map<String, String> settings) {
        Map<String, String> checked = new TreeMap<>();
        settings.forEach((name, value) -> {
            if (!ALLOWED.contains(name)) {
                throw new IllegalArgumentException("Expected a client setting that the console knows, but got '" + name
                        + "'. It knows " + String.join(", ", new java.util.TreeSet<>(ALLOWED)) + ".");
            }
            if (value.length() > MAX_VALUE) {
                throw new IllegalArgumentException("Expected " + name + " of at most " + MAX_VALUE
                        + " characters, but got " + value.length() + ".");
            }
            if (name.equals("sasl.jaas.config") && !LOGIN.matcher(value).matches()) {
                throw new IllegalArgumentException("Expected sasl.jaas.config to name Kafka's PlainLoginModule or"
                        + " ScramLoginModule with username=\"…\" and password=\"…\", ended by a semicolon.");
            }
            checked.put(name, value);
        });
        return Map.copyOf(checked);
    }

    /**
     * Refuses what only the configuration of this machine may say.
     *
     * @throws IllegalArgumentException naming it
     */
    public static void requireFromAnywhere(Map<String, String> settings) {
        for (String name : settings.keySet()) {
            if (OF_THIS_MACHINE.contains(name)) {
                throw new IllegalArgumentException("Expected certificates themselves, as ssl.truststore.certificates,"
                        + " but got " + name + ", which names a file of this machine.");
            }
        }
    }

    /** Whether its value is never to be shown. */
    public static boolean isSecret(String name) {
        return name.equals("sasl.jaas.config") || name.endsWith("password") || name.equals("ssl.keystore.key");
    }
}
