package io.ottla.protocol;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.message.DefaultPrincipalData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;

/**
 * What lies in an Envelope: a request, its caller's principal, and the answer, as bytes. Source: KIP-590.
 *
 * <pre>
 *   request     header, body
 *   principal   version int16 (0), then the message DefaultPrincipalData of that version
 *   answer      header, body
 *               controllerEpoch  int32   \ ours: who has applied the image of that place in history knows what the
 *               number           int64   / answer says; others ignore what is behind the body
 * </pre>
 */
public final class Enveloped {
    private static final short PRINCIPAL_VERSION = 0;
    private static final int PLACE_BYTES = 12;
    /** What the answer names is the same number. */
    private static final int CORRELATION_ID = 0;
    /** An answer is as large as a request may be for it. */
    private static final int EXPANSION = 64;

    private Enveloped() {}

    /** Somebody, as a principal is told between brokers. */
    public record Principal(String type, String name) {}

    /**
     * The answer, with the place in history of the image that shows it.
     *
     * @param controllerEpoch -1 where nothing is said
     */
    public record Answer(ApiMessage message, int controllerEpoch, long number) {}

    public static ByteBuffer request(Api api, short version, String clientId, ApiMessage body) {
        short headerVersion = api.requestHeaderVersion(version);
        byte[] client = clientId.getBytes(StandardCharsets.UTF_8);
        ByteBuffer content = MessageUtil.toByteBufferAccessor(body, version).buffer();
        ByteBuffer bytes = ByteBuffer.allocate(11 + client.length + content.remaining());
        bytes.putShort(api.id()).putShort(version).putInt(CORRELATION_ID);
        if (headerVersion >= 1) {
            bytes.putShort((short) client.length).put(client);
        }
        if (headerVersion >= 2) {
            bytes.put((byte) 0);
        }
        return bytes.put(content).flip();
    }

    /** The number of the API that is asked; -1 where there is none. */
    public static short api(ByteBuffer request) {
        return request.remaining() < 4 ? -1 : request.getShort(request.position());
    }

    /** The version that is asked in; -1 where there is none. */
    public static short version(ByteBuffer request) {
        return request.remaining() < 4 ? -1 : request.getShort(request.position() + 2);
    }

    public static byte[] principal(String type, String name) {
        return MessageUtil.toVersionPrefixedBytes(
                PRINCIPAL_VERSION,
                new DefaultPrincipalData().setType(type).setName(name).setTokenAuthenticated(false));
    }

    /** @throws MalformedFrame where the bytes are no principal */
    public static Principal principal(byte[] bytes) {
        BoundedReadable reader = new BoundedReadable().over(ByteBuffer.wrap(bytes), EXPANSION);
        short version = reader.readShort();
        if (version != PRINCIPAL_VERSION) {
            throw new MalformedFrame("Expected a principal of version 0, but got version " + version);
        }
        DefaultPrincipalData read = new DefaultPrincipalData();
        Requests.read(read, version, reader);
        return new Principal(read.type(), read.name());
    }

    /** @param controllerEpoch -1 where no image shows it */
    public static ByteBuffer answer(
            int correlationId, short headerVersion, ApiMessage body, short version, int controllerEpoch, long number) {
        ByteBuffer content = MessageUtil.toByteBufferAccessor(body, version).buffer();
        ByteBuffer bytes = ByteBuffer.allocate(5 + content.remaining() + PLACE_BYTES);
        bytes.putInt(correlationId);
        if (headerVersion >= 1) {
            bytes.put((byte) 0);
        }
        bytes.put(content);
        if (controllerEpoch >= 0) {
            bytes.putInt(controllerEpoch).putLong(number);
        }
        return bytes.flip();
    }

    /**
     * Reads the answer to a {@link #request}.
     *
     * @throws MalformedFrame where the bytes are none
     */
    public static Answer answer(Api api, short version, ByteBuffer bytes) {
        try {
            BoundedReadable reader = new BoundedReadable().over(bytes, EXPANSION);
            Requests.responseHeader(api.responseHeaderVersion(version), reader);
            ApiMessage message = Requests.response(api, version, reader);
            return reader.remaining() == PLACE_BYTES
                    ? new Answer(message, reader.readInt(), reader.readLong())
                    : new Answer(message, -1, 0);
        } catch (BufferUnderflowException e) {
            throw new MalformedFrame("Expected an answer in the envelope, but it is cut off");
        }
    }
}
