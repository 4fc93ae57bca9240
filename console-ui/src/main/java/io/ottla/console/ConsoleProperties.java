package io.ottla.console;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the console, all under {@code console.}.
 *
 * @param bootstrap {@code console.bootstrap}: the cluster that it manages, as {@code host:port,…}; unset: the broker of
 *     this process
 * @param data {@code console.data}: folder for what the console keeps; unset: beside the broker's logs
 * @param timeout {@code console.timeout}: after which an unanswered call to the cluster fails; at least a second
 * @param client {@code console.client.*}: settings of Kafka's Admin client, such as {@code
 *     console.client.security.protocol}
 */
@ConfigurationProperties("console")
public record ConsoleProperties(
        String bootstrap, Path data, @DefaultValue("10s") Duration timeout, Map<String, String> client) {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    public ConsoleProperties {
        bootstrap = bootstrap == null ? "" : bootstrap.strip();
        client = client == null ? Map.of() : Map.copyOf(client);
        if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "console.timeout: Expected one second to five minutes, but got " + timeout.toMillis() + " ms.");
        }
    }
}
