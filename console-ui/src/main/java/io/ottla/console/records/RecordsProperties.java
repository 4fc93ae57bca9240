package io.ottla.console.records;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the console that concern records.
 *
 * @param clusters {@code console.clusters.KEY.schema-registry.*}, of the cluster of this process too
 * @param masking {@code console.masking[n].*}: what is hidden in records
 */
@ConfigurationProperties("console")
public record RecordsProperties(Map<String, OfCluster> clusters, List<Mask> masking) {
    /** What a cluster has beside its brokers. */
    public record OfCluster(Registry schemaRegistry) {}

    /**
     * Where the schemas of its records are.
     *
     * @param url such as {@code https://registry.example.net:8081}
     */
    public record Registry(
            String url,
            @DefaultValue("") String user,
            @DefaultValue("") String password) {
        @Override
        public String toString() {
            return "Registry[url=" + url + "]";
        }
    }

    /**
     * A rule.
     *
     * @param topics names, where {@code *} stands for anything
     * @param fields paths of fields, such as {@code email} at any depth or {@code $.customer.email}
     * @param regex in the place of fields: a pattern by RE2's syntax
     * @param with what stands in the place of what is hidden
     * @param always whether administrators don't see it either
     */
    public record Mask(
            List<String> topics,
            List<String> fields,
            String regex,
            String with,
            @DefaultValue("false") boolean always) {}

    public RecordsProperties {
        clusters = clusters == null ? Map.of() : Map.copyOf(clusters);
        masking = masking == null ? List.of() : List.copyOf(masking);
    }

    /** @throws IllegalArgumentException naming the setting that can't hold */
    public void requireUsable() {
        var _ = rules();
    }

    /** @throws IllegalArgumentException naming the setting that can't hold */
    List<MaskingRule> rules() {
        List<MaskingRule> rules = new ArrayList<>();
        for (int i = 0; i < masking.size(); i++) {
            rules.add(MaskingRule.of("console.masking[" + i + "]", masking.get(i)));
        }
        return rules;
    }

    /**
     * What asks the registries, by the clusters' keys. Nothing is asked yet.
     *
     * @throws IllegalArgumentException naming the setting that can't hold
     */
    Map<String, RegistryClient> registries() {
        Map<String, RegistryClient> registries = new HashMap<>();
        clusters.forEach((key, cluster) -> {
            if (cluster.schemaRegistry() != null && cluster.schemaRegistry().url() != null) {
                Registry given = cluster.schemaRegistry();
                try {
                    registries.put(key, new RegistryClient(given.url(), given.user(), given.password()));
                } catch (IllegalArgumentException unusable) {
                    throw new IllegalArgumentException(
                            "console.clusters." + key + ".schema-registry.url: " + unusable.getMessage(), unusable);
                }
            }
        });
        return registries;
    }
}
