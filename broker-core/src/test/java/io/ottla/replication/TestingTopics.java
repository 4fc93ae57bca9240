package io.ottla.replication;

import io.ottla.config.TopicProperties;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;

/** Topic configuration that differs from the defaults in some values. */
public final class TestingTopics {
    private TestingTopics() {}

    public static TopicProperties minInSync(int value) {
        return with(Map.of("minInSyncReplicas", value));
    }

    /** The defaults, but for these record components. */
    public static TopicProperties with(Map<String, Object> changes) {
        RecordComponent[] components = TopicProperties.class.getRecordComponents();
        try {
            Object[] values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                Object kept = components[i].getAccessor().invoke(TopicProperties.DEFAULTS);
                values[i] = changes.getOrDefault(components[i].getName(), kept);
            }
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return TopicProperties.class.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
