package io.ottla.console.words;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.springframework.context.support.ResourceBundleMessageSource;

/**
 * The console's message bundles, one for each part of it, below {@code io/ottla/console/messages}: {@code topics.properties}
 * is the English one, {@code topics_zh.properties} the Chinese. A test holds that both have the same keys and that pages
 * name no other.
 */
public final class Words {
    /** The languages that it speaks; the first is taken where a reader's is none of them. */
    public static final List<Locale> LANGUAGES = List.of(Locale.ENGLISH, Locale.CHINESE);

    static final List<String> PARTS = List.of(
            "common",
            "clusters",
            "brokers",
            "topics",
            "moves",
            "groups",
            "records",
            "transactions",
            "security",
            "zookeeper",
            "people");

    private static final ResourceBundleMessageSource SOURCE = bundles();

    private Words() {}

    /** The source that pages take their words from. */
    public static ResourceBundleMessageSource source() {
        return SOURCE;
    }

    private static ResourceBundleMessageSource bundles() {
        ResourceBundleMessageSource source = new ResourceBundleMessageSource();
        source.setBundleClassLoader(Words.class.getClassLoader());
        source.setBasenames(
                PARTS.stream().map(part -> "io/ottla/console/messages/" + part).toArray(String[]::new));
        source.setDefaultEncoding(StandardCharsets.UTF_8.name());
        source.setFallbackToSystemLocale(false);
        source.setDefaultLocale(Locale.ENGLISH);
        source.setAlwaysUseMessageFormat(true);
        return source;
    }
}
