package io.ottla.console.records;

import io.ottla.console.words.BrokenJson;
import io.ottla.console.words.Wording;
import java.io.InputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;

/** Records of a body, one JSON object after the other, each of at most {@link #LARGEST} bytes. For one thread. */
final class ProduceStream implements AutoCloseable {
    static final int LARGEST = 8 << 20;

    private final BoundedBody in;
    private final MappingIterator<JsonNode> objects;
    private boolean readable = true;

    /** @throws Unreadable where it does not even begin as a text */
    ProduceStream(InputStream in) {
        this.in = new BoundedBody(in, LARGEST);
        try {
            this.objects = Json.MAPPER
                    .readerFor(JsonNode.class)
                    .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .readValues(this.in);
        } catch (JacksonException noText) {
            throw malformed(noText); // The first bytes tell how the text is encoded.
        }
    }

    /**
     * The next record; null at the end of the body.
     *
     * @throws Unreadable naming the field
     */
    ProduceRequest next() {
        in.allowMore();
        JsonNode object;
        try {
            object = objects.hasNextValue() ? objects.nextValue() : null;
        } catch (JacksonException malformed) {
            readable = false;
            throw malformed(malformed);
        }
        return object == null ? null : ProduceRequest.of(object);
    }

    /** Whether another record may follow one that could not be read. */
    boolean isReadable() {
        return readable;
    }

    static Unreadable malformed(JacksonException malformed) {
        return new Unreadable(
                "body",
                malformed.getCause() instanceof BoundedBody.TooLarge
                        ? Wording.of("records.bad.too-large", LARGEST >> 20)
                        : Wording.of("records.bad.json", BrokenJson.of(malformed)));
    }

    @Override
    public void close() {
        objects.close();
    }
}
