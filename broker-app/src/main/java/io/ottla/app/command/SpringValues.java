package io.ottla.app.command;

import io.ottla.config.BrokerConfig;
import io.ottla.config.SourcedValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplication.AbandonedRunException;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * The settings of the process around the broker as Spring would take them: its environment is made as for a start, from
 * all places that it reads, and nothing more.
 */
final class SpringValues {
    private static final Pattern OURS = Pattern.compile("(spring|server|management|logging|console|ottla)\\..+");
    /** What Spring tells others of this very process, and nobody can set. */
    private static final Set<String> NO_SETTINGS = Set.of(SpringProcess.CONFIG_LOCATION, "spring.application.pid");

    private static final Pattern SECRET = Pattern.compile(".*(password|secret|key|token|credential|jaas).*");

    /** What has no default of its own and operators ask for. */
    private static final List<String> UNSET = List.of("console.data", "logging.level.root");

    private final Class<?> application;
    private final Map<String, SourcedValue> given;
    private final Map<ConfigurationPropertyName, List<String>> lines = new TreeMap<>();

    /** @param given those that were given by name */
    SpringValues(Class<?> application, Map<String, SourcedValue> given) {
        this.application = application;
        this.given = given;
    }

    /** Lines of a properties file, in the order of names: each with its value, above it where that comes from. */
    List<String> printable() {
        SpringApplication spring = SpringProcess.application(application, given);
        spring.addListeners(new Look());
        try {
            spring.run();
        } catch (AbandonedRunException seen) {
            for (String name : UNSET) {
                lines.putIfAbsent(ConfigurationPropertyName.of(name), List.of("#" + name + "="));
            }
        }
        List<String> all = new ArrayList<>();
        lines.values().forEach(all::addAll);
        return all;
    }

    /** Looks at the environment once all places have been read, and ends the start. */
    private final class Look implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {
        @Override
        public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
            ConfigurableEnvironment environment = event.getEnvironment();
            for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
                if (source instanceof IterableConfigurationPropertySource names) {
                    names.stream()
                            .filter(name -> OURS.matcher(name.toString()).matches())
                            .forEach(name -> look(source, name, environment));
                }
            }
            throw new AbandonedRunException();
        }

        @Override
        public int getOrder() {
            // After all places are read, before logging begins: a level that is none must not end this.
            return LoggingApplicationListener.DEFAULT_ORDER - 1;
        }
    }

    /** Sources come in the order in which they win. */
    private void look(
            ConfigurationPropertySource source, ConfigurationPropertyName name, ConfigurableEnvironment environment) {
        ConfigurationProperty property = source.getConfigurationProperty(name);
        if (property == null || lines.containsKey(name) || NO_SETTINGS.contains(name.toString())) {
            return;
        }
        String key = property.getOrigin() instanceof PropertySourceOrigin map ? map.getPropertyName() : name.toString();
        String place = source.getUnderlyingSource() instanceof PropertySource<?> known ? known.getName() : "";
        boolean variable = place.equals(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
        String written = variable ? name.toString() : key;
        List<String> shown = new ArrayList<>();
        String origin = variable ? key : origin(place, key);
        if (origin != null) {
            shown.add("# from " + origin);
        }
        boolean secret = SECRET.matcher(written.toLowerCase(Locale.ROOT)).matches();
        shown.add(written + "="
                + (secret
                        ? BrokerConfig.HIDDEN
                        : environment.resolvePlaceholders(property.getValue().toString())));
        lines.put(name, shown);
    }

    /** Null for a default that is shipped. */
    private String origin(String place, String key) {
        return switch (place) {
            case GivenSettings.SOURCE -> given.get(key).origin();
            case StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME -> "-D" + key;
            default -> null;
        };
    }
}
