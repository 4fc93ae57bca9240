package io.ottla.protocol;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.protocol.Writable;

/**
 * A broker has the controller store secrets of its own settings that it has encrypted anew.
 *
 * <pre>
 *   brokerId         int32
 *   secrets          array
 *     name           string   of the setting
 *     value          string   as it is to be stored
 *   tagged fields
 * </pre>
 */
public final class RenewedSecretsRequest extends OwnMessage {
    private int brokerId;
    private Map<String, String> values = Map.of();

    /** One to read into. */
    RenewedSecretsRequest() {
        super(OwnApi.RENEWED_SECRETS);
    }

    /** @param values by the names of the settings */
    public RenewedSecretsRequest(int brokerId, Map<String, String> values) {
        this();
        this.brokerId = brokerId;
        this.values = Map.copyOf(values);
    }

    public int brokerId() {
        return brokerId;
    }

    public Map<String, String> values() {
        return values;
    }

    @Override
    void writeFields(Writable to, short version) {
        to.writeInt(brokerId);
        Compact.writeCount(to, values.size());
        values.forEach((name, value) -> {
            Compact.writeString(to, name);
            Compact.writeString(to, value);
        });
        Compact.writeNoTags(to);
    }

    @Override
    void readFields(Readable from, short version) {
        brokerId = from.readInt();
        int count = Compact.readCount(from);
        Map<String, String> read = new HashMap<>();
        for (int i = 0; i < count; i++) {
            read.put(Compact.readString(from), Compact.readString(from));
        }
        values = Map.copyOf(read);
        Compact.skipTags(from);
    }

    /** Says nothing of what is in them. */
    @Override
    public String toString() {
        return "RenewedSecrets(broker " + brokerId + ", " + values.keySet() + ")";
    }
}
