package io.ottla.protocol;

import io.ottla.protocol.legacy.OldListOffsets;
import java.util.EnumSet;
import java.util.Set;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.utils.internals.ImplicitLinkedHashCollection;

/**
 * Decodes the bodies of requests and answers into the message classes of kafka-clients: one model an API, the latest,
 * whatever version came in.
 */
public final class Requests {
    /**
     * Elements that an array of a request with hashed collections may have. Those collections probe linearly: a hundred
     * thousand elements with one key, which fit into a frame of some hundred kilobytes, would hold an event loop for
     * minutes.
     */
    static final int MAX_HASHED_ELEMENTS = 10_000;

    private static final Set<ApiKeys> HASHED = hashed();

    private Requests() {}

    /** Whether requests of this version can be decoded: the message classes know it as stable, or it is one of old. */
    public static boolean knows(Api api, short version) {
        return switch (api) {
            case KafkaApi kafkas -> knows(kafkas.key(), version);
            case OwnApi own -> version >= own.oldestVersion() && version <= own.latestVersion();
        };
    }

    private static boolean knows(ApiKeys key, short version) {
        if (isOld(key, version)) {
            return true;
        }
        return key.hasValidVersion() && version >= key.oldestVersion() && version <= key.latestVersion(false);
    }

    private static boolean isOld(ApiKeys key, short version) {
        return key == ApiKeys.LIST_OFFSETS && version == OldListOffsets.VERSION;
    }

    /**
     * Decodes a request's body. Bytes behind it are ignored, as Kafka does. Records and byte fields are windows on the
     * frame.
     *
     * @param version one that {@link #knows}
     * @throws MalformedFrame where the bytes are no such request
     */
    public static ApiMessage request(Api api, short version, BoundedReadable reader) {
        try {
            return switch (api) {
                case KafkaApi kafkas -> request(kafkas.key(), version, reader);
                case OwnApi own -> read(own.newRequest(), version, reader);
            };
        } catch (MalformedFrame | IllegalStateException e) {
            throw e;
        } catch (RuntimeException e) {
            throw malformed("a " + api.label() + " request of version " + version, reader, e);
        } finally {
            reader.limitElements(Integer.MAX_VALUE);
        }
    }

    private static ApiMessage request(ApiKeys key, short version, BoundedReadable reader) {
        if (isOld(key, version)) {
            return OldListOffsets.read(reader);
        }
        reader.limitElements(HASHED.contains(key) ? MAX_HASHED_ELEMENTS : Integer.MAX_VALUE);
        try {
            return switch (key) {
                case PRODUCE -> new ProduceRequestData(reader, version);
                case FETCH -> new FetchRequestData(reader, version);
                default -> {
                    ApiMessage request = key.messageType.newRequest();
                    request.read(reader, version);
                    yield request;
                }
            };
        } finally {
            reader.limitElements(Integer.MAX_VALUE);
        }
    }

    /** Decodes an answer's body, of a broker that we asked. */
    public static ApiMessage response(Api api, short version, BoundedReadable reader) {
        return read(api.newResponse(), version, reader);
    }

    /**
     * Decodes any message.
     *
     * @return the message
     * @throws MalformedFrame where the bytes are no such message
     */
    public static <M extends Message> M read(M message, short version, BoundedReadable reader) {
        try {
            message.read(reader, version);
            return message;
        } catch (MalformedFrame | IllegalStateException e) {
            throw e;
        } catch (RuntimeException e) {
            throw malformed(message.getClass().getSimpleName() + " of version " + version, reader, e);
        }
    }

    /**
     * Reads the header of an answer.
     *
     * @return its correlation id
     */
    public static int responseHeader(short headerVersion, BoundedReadable reader) {
        int correlationId = reader.readInt();
        if (headerVersion >= 1) {
            reader.skipTaggedFields();
        }
        return correlationId;
    }

    /** The APIs whose requests keep elements in a hashed collection somewhere. */
    private static Set<ApiKeys> hashed() {
        Set<ApiKeys> keys = EnumSet.noneOf(ApiKeys.class);
        for (ApiKeys key : ApiKeys.values()) {
            if (key.hasValidVersion() && isHashed(key.messageType.newRequest().getClass())) {
                keys.add(key);
            }
        }
        return keys;
    }

    private static boolean isHashed(Class<?> message) {
        for (Class<?> part : message.getClasses()) {
            if (ImplicitLinkedHashCollection.class.isAssignableFrom(part) || isHashed(part)) {
                return true;
            }
        }
        return false;
    }

    private static MalformedFrame malformed(String what, BoundedReadable reader, RuntimeException problem) {
        String why = reader.arrayProblem();
        if (why == null) {
            why = problem.getMessage() == null ? problem.getClass().getSimpleName() : problem.getMessage();
        }
        return new MalformedFrame("Expected " + what + ", but " + why);
    }
}
