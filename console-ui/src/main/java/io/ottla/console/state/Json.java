package io.ottla.console.state;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What entries hold: records as JSON. A later version's further fields are stepped over. */
public final class Json {
    private static final Logger log = LoggerFactory.getLogger(Json.class);

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private Json() {}

    public static byte[] write(Object value) {
        return text(value).getBytes(StandardCharsets.UTF_8);
    }

    public static String text(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** An object of texts; empty where it is none. Nothing of it gets into a log. */
    public static Optional<Map<String, String>> texts(String json) {
        try {
            return Optional.ofNullable(MAPPER.readValue(json, new TypeReference<Map<String, String>>() {}));
        } catch (JacksonException unreadable) {
            return Optional.empty();
        }
    }

    /** Empty, with a line in the log, where it is something else: what lies in the store may be anybody's. */
    public static <T> Optional<T> read(ConsoleStore.Entry entry, Class<T> type) {
        try {
            return Optional.ofNullable(MAPPER.readValue(entry.content(), type));
        } catch (JacksonException unreadable) {
            log.warn(
                    "The entry {} holds no {}: {}",
                    entry.name(),
                    type.getSimpleName(),
                    unreadable.getOriginalMessage());
            return Optional.empty();
        }
    }
}
