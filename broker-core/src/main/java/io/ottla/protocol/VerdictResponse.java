package io.ottla.protocol;

import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.protocol.Writable;

/**
 * Whether the controller has taken in what a broker told it, or why not. The answer of several of our APIs.
 *
 * <pre>
 *   errorCode        int16
 *   errorMessage     nullable string
 *   tagged fields
 * </pre>
 */
public final class VerdictResponse extends OwnMessage {
    private short errorCode;
    private String errorMessage;

    /** One to read into, and the answer where all is well. */
    public VerdictResponse(OwnApi api) {
        super(api);
    }

    public VerdictResponse(OwnApi api, short errorCode, String errorMessage) {
        this(api);
        this.errorCode = errorCode;
        this.errorMessage = errorMessage;
    }

    public short errorCode() {
        return errorCode;
    }

    /** Null where there is none. */
    public String errorMessage() {
        return errorMessage;
    }

    @Override
    void writeFields(Writable to, short version) {
        to.writeShort(errorCode);
        Compact.writeString(to, errorMessage);
        Compact.writeNoTags(to);
    }

    @Override
    void readFields(Readable from, short version) {
        errorCode = from.readShort();
        errorMessage = Compact.readNullableString(from);
        Compact.skipTags(from);
    }

    @Override
    public String toString() {
        return "Verdict(error " + errorCode + ")";
    }
}
