package io.ottla.app.command;

import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Hands Spring the settings that are its own, over all other places, before Spring reads any; and hides variables that
 * begin with {@code KAFKA_} from it, which are read by Kafka's rule alone.
 */
final class GivenSettings implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {
    /** The name under which Spring knows them. */
    static final String SOURCE = "ottla";

    private static final String KAFKA = "KAFKA_";

    private final Map<String, Object> properties;

    GivenSettings(Map<String, Object> properties) {
        this.properties = properties;
    }

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        MutablePropertySources sources = event.getEnvironment().getPropertySources();
        sources.addFirst(new MapPropertySource(SOURCE, properties));
        String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        PropertySource<?> environment = sources.get(name);
        if (environment != null && environment.getSource() instanceof Map<?, ?> variables) {
            Map<String, Object> visible = new HashMap<>();
            variables.forEach((variable, value) -> {
                if (!variable.toString().startsWith(KAFKA)) {
                    visible.put(variable.toString(), value);
                }
            });
            sources.replace(name, new SystemEnvironmentPropertySource(name, visible));
        }
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}
