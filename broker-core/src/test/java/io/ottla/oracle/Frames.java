package io.ottla.oracle;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;

/** Frames that no client should send, without their length. */
final class Frames {
    private static final int CORRELATION_ID = 7;

    private Frames() {}

    static Map<String, byte[]> all() throws IOException {
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put("ApiVersions in an unknown version", header(ApiKeys.API_VERSIONS.id, 100, out -> out.writeByte(0)));
        all.put("an unknown key", header(9999, 0, out -> {}));
        all.put("a negative key", header(-1, 0, out -> {}));
        all.put("a key that is gone", header(ApiKeys.LEADER_AND_ISR.id, 0, out -> out.writeInt(0)));
        all.put("Metadata in an unknown version", header(ApiKeys.METADATA.id, 99, out -> out.writeInt(0)));
        all.put("Metadata in a negative version", header(ApiKeys.METADATA.id, -1, out -> out.writeInt(0)));
        all.put("Produce in version 0", header(ApiKeys.PRODUCE.id, 0, out -> out.write(new byte[10])));
        all.put("Metadata without its body", header(ApiKeys.METADATA.id, 1, out -> {}));
        all.put("Metadata with half a count", header(ApiKeys.METADATA.id, 1, out -> out.writeShort(0)));
        all.put(
                "Metadata with a count beyond the frame",
                header(ApiKeys.METADATA.id, 1, out -> out.writeInt(1_000_000)));
        all.put("Metadata with a negative count", header(ApiKeys.METADATA.id, 0, out -> out.writeInt(-5)));
        all.put("Metadata with a name beyond the frame", header(ApiKeys.METADATA.id, 1, out -> {
            out.writeInt(1);
            out.writeShort(30_000);
        }));
        all.put("Metadata with a null name", header(ApiKeys.METADATA.id, 1, out -> {
            out.writeInt(1);
            out.writeShort(-1);
        }));
        all.put("DeleteTopics with null names", header(ApiKeys.DELETE_TOPICS.id, 1, out -> {
            out.writeInt(-1);
            out.writeInt(1000);
        }));
        all.put("nothing", new byte[0]);
        all.put("one byte", new byte[1]);
        all.put("half a header", new byte[6]);
        return all;
    }

    @FunctionalInterface
    private interface Body {
        void write(DataOutputStream out) throws IOException;
    }

    private static byte[] header(int key, int version, Body body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(key);
        out.writeShort(version);
        out.writeInt(CORRELATION_ID);
        out.writeShort(-1);
        body.write(out);
        return bytes.toByteArray();
    }
}
