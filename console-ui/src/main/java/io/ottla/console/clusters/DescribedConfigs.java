package io.ottla.console.clusters;

import io.ottla.console.words.Wording;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * Asks for settings with their documentation, which brokers before 2.6 do not tell: the client refuses to ask them for it
 * (KIP-569). That it did is remembered for a while.
 *
 * <p>Thread-safe.
 */
final class DescribedConfigs {
    /** Brokers are replaced by newer ones while the console runs. */
    private static final Duration GOOD_FOR = Duration.ofMinutes(5);

    private final Supplier<Admin> admin;
    private final Failures failures;
    private final InstantSource clock;
    private final AtomicReference<Instant> undocumentedUntil = new AtomicReference<>(Instant.MIN);

    DescribedConfigs(Supplier<Admin> admin, Failures failures, InstantSource clock) {
        this.admin = admin;
        this.failures = failures;
        this.clock = clock;
    }

    Map<ConfigResource, KafkaFuture<Config>> ask(Collection<ConfigResource> resources) {
        if (clock.instant().isBefore(undocumentedUntil.get())) {
            return ask(resources, false);
        }
        Map<ConfigResource, KafkaFuture<Config>> told = ask(resources, true);
        if (told.values().stream().noneMatch(this::isUnsupported)) {
            return told;
        }
        undocumentedUntil.set(clock.instant().plus(GOOD_FOR));
        return ask(resources, false);
    }

    private Map<ConfigResource, KafkaFuture<Config>> ask(Collection<ConfigResource> resources, boolean documentation) {
        return admin.get()
                .describeConfigs(
                        resources,
                        new DescribeConfigsOptions().includeSynonyms(true).includeDocumentation(documentation))
                .values();
    }

    private boolean isUnsupported(KafkaFuture<Config> answer) {
        try {
            failures.await(answer, Wording.of("doing.topic-settings"));
            return false;
        } catch (ClusterFailure failure) {
            return failure.getCause() instanceof UnsupportedVersionException;
        }
    }
}
