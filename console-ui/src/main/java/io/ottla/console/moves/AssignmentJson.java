package io.ottla.console.moves;

import io.ottla.console.moves.AssignmentReader.BadFile;
import io.ottla.console.words.BrokenJson;
import io.ottla.console.words.Wording;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON of {@code kafka-reassign-partitions} (UTF-8), read and written:
 *
 * <pre>
 * {"version": 1,
 *  "partitions": [
 *    {"topic": "t", "partition": 0, "replicas": [1, 2], "log_dirs": ["any", "/data/1"]}, …]}
 * </pre>
 *
 * {@code log_dirs} may be missing, {@code version} as well. Fields of other names are passed over.
 */
public final class AssignmentJson {
    /**
     * How much is read of what may be anybody's file.
     *
     * @param bytes of the file
     * @param partitions in it
     * @param replicas of one partition
     */
    public record Limits(int bytes, int partitions, int replicas) {
        public static final Limits DEFAULT = new Limits(48 << 20, 250_000, 1_000);
    }

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(20)
                    .maxStringLength(8_192)
                    .maxNameLength(256)
                    .build())
            .build();

    private final Limits limits;

    public AssignmentJson(Limits limits) {
        this.limits = limits;
    }

    /** Whether topics and brokers exist is another question: {@link AssignmentCheck}. */
    public Outcome<AssignmentFile> parse(byte[] json) {
        if (json.length > limits.bytes()) {
            return Outcome.refused(Wording.of(
                    "moves.json.too-large", Integer.toString(limits.bytes()), Integer.toString(json.length)));
        }
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            return Outcome.made(new AssignmentReader(parser, limits).read());
        } catch (BadFile bad) {
            return Outcome.refused(bad.wording());
        } catch (JacksonException bad) {
            return Outcome.refused(Wording.of("moves.json.malformed", BrokenJson.of(bad)));
        }
    }

    /** On one line, as Kafka's tool prints it; a folder is given for each replica. */
    public static byte[] write(AssignmentFile file) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeNumberProperty("version", 1);
            json.writeArrayPropertyStart("partitions");
            for (Map.Entry<TopicPartition, List<Integer>> entry :
                    file.assignment().replicas().entrySet()) {
                write(json, entry.getKey(), entry.getValue(), file.folders().get(entry.getKey()));
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    private static void write(
            JsonGenerator json, TopicPartition partition, List<Integer> replicas, List<String> folders) {
        json.writeStartObject();
        json.writeStringProperty("topic", partition.topic());
        json.writeNumberProperty("partition", partition.partition());
        json.writeArrayPropertyStart("replicas");
        replicas.forEach(json::writeNumber);
        json.writeEndArray();
        json.writeArrayPropertyStart("log_dirs");
        for (int i = 0; i < replicas.size(); i++) {
            json.writeString(folders == null ? AssignmentFile.ANY : folders.get(i));
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
