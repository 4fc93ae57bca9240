package io.ottla.api;

import io.ottla.config.BrokerConfig;
import io.ottla.config.ConfigCatalog;
import io.ottla.config.ConfigDefinition;
import io.ottla.config.ConfigOperation;
import io.ottla.types.Failure;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.config.ConfigResource;

/**
 * What this broker says to settings of its own that somebody wants to make while it runs: only it knows what it was
 * started with, and has the key for its secrets.
 */
interface OwnSettings {
    /**
     * Why settings can't be made here; null where they can.
     *
     * @param settings all that would be set
     * @param asked names of those that are new
     * @param forOne whether they are for this broker alone, rather than for all
     */
    Failure refusal(Map<String, String> settings, Set<String> asked, boolean forOne);

    /** Whether secrets can be kept. */
    boolean canKeepSecrets();

    /** A secret as it may be stored. Takes milliseconds. */
    String keep(String secret);

    /** Whether it sets something that nobody may read. */
    static boolean isSecret(ConfigOperation operation) {
        ConfigDefinition definition = ConfigCatalog.find(ConfigResource.Type.BROKER, operation.name());
        return operation.kind() == ConfigOperation.Kind.SET && definition != null && definition.sensitive();
    }

    /** By this broker's configuration, with what is set on it while it runs. */
    static OwnSettings of(Supplier<BrokerConfig> config, RandomGenerator random) {
        return new OwnSettings() {
            @Override
            public Failure refusal(Map<String, String> settings, Set<String> asked, boolean forOne) {
                return config.get().dynamicRefusal(settings, asked, forOne);
            }

            @Override
            public boolean canKeepSecrets() {
                return config.get().secrets().canKeep();
            }

            @Override
            public String keep(String secret) {
                return config.get().secrets().keep(secret, random);
            }
        };
    }
}
