package io.ottla.metadata;

import io.ottla.protocol.BoundedReadable;
import io.ottla.protocol.Compact;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Writable;

/**
 * Configuration and finalised features as bytes.
 *
 * <pre>
 *   configuration                    features
 *     type     int8   Kafka's          levels   array of string, int16
 *     name     string                  epoch    int64
 *     values   map                     tagged fields
 *     tagged fields
 *
 *   map        array of string, nullable string
 * </pre>
 */
final class SettingsCodec {
    private SettingsCodec() {}

    static void write(Writable to, ConfigResourceName resource, ConfigImage config) {
        to.writeByte(resource.type().id());
        Compact.writeString(to, resource.name());
        write(to, config.values());
        Compact.writeNoTags(to);
    }

    static MetadataChange.ConfigSet readConfig(BoundedReadable from) {
        ConfigResource.Type type = ConfigResource.Type.forId(from.readByte());
        ConfigResourceName resource = new ConfigResourceName(type, Compact.readString(from));
        Map<String, String> values = readMap(from);
        Compact.skipTags(from);
        return new MetadataChange.ConfigSet(resource, values.isEmpty() ? ConfigImage.EMPTY : new ConfigImage(values));
    }

    static void write(Writable to, FeaturesImage features) {
        Compact.writeCount(to, features.levels().size());
        features.levels().forEach((name, level) -> {
            Compact.writeString(to, name);
            to.writeShort(level);
        });
        to.writeLong(features.epoch());
        Compact.writeNoTags(to);
    }

    static FeaturesImage readFeatures(BoundedReadable from) {
        Map<String, Short> levels = new HashMap<>();
        for (int left = Compact.readCount(from); left > 0; left--) {
            levels.put(Compact.readString(from), from.readShort());
        }
        long epoch = from.readLong();
        Compact.skipTags(from);
        return new FeaturesImage(Map.copyOf(levels), epoch);
    }

    static void write(Writable to, Map<String, String> map) {
        Compact.writeCount(to, map.size());
        map.forEach((name, value) -> {
            Compact.writeString(to, name);
            Compact.writeString(to, value);
        });
    }

    /** May have null values. */
    static Map<String, String> readMap(BoundedReadable from) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int left = Compact.readCount(from); left > 0; left--) {
            map.put(Compact.readString(from), Compact.readNullableString(from));
        }
        return Collections.unmodifiableMap(map);
    }
}
