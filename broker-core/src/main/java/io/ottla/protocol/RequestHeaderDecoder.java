package io.ottla.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Decodes request headers, one decoder a connection: clients say the same client id in every request, so that the last
 * one is kept and compared instead of being made again.
 *
 * <pre>
 *   apiKey         int16
 *   apiVersion     int16
 *   correlationId  int32
 *   clientId       nullable string, int16 length   header version 1 and 2
 *   tagged fields                                  header version 2
 * </pre>
 *
 * <p>Not thread-safe.
 */
public final class RequestHeaderDecoder {
    private byte[] lastClientIdBytes = new byte[0];
    private String lastClientId = "";

    /**
     * Decodes the header; the reader then stands at the body. Where key or version are unknown it stands behind the
     * correlation id.
     *
     * @throws MalformedFrame where there is no header
     */
    public RequestHeader decode(BoundedReadable reader) {
        return decode(reader.frame(), reader);
    }

    /** As above, of the frame that the reader reads. */
    public RequestHeader decode(ByteBuf frame, BoundedReadable reader) {
        short apiKey = reader.readShort();
        short apiVersion = reader.readShort();
        int correlationId = reader.readInt();
        Api api = Api.forId(apiKey);
        if (api == null || !Requests.knows(api, apiVersion)) {
            return new RequestHeader(apiKey, apiVersion, correlationId, null, api, false);
        }
        short headerVersion = api.requestHeaderVersion(apiVersion);
        String clientId = headerVersion >= 1 ? clientId(frame, reader) : null;
        if (headerVersion >= 2) {
            reader.skipTaggedFields();
        }
        return new RequestHeader(apiKey, apiVersion, correlationId, clientId, api, true);
    }

    private String clientId(ByteBuf frame, BoundedReadable reader) {
        int length = reader.readShort();
        if (length < -1) {
            throw new MalformedFrame("Expected a client id or null, but its length is " + length);
        }
        if (length < 0) {
            return null;
        }
        if (length > reader.remaining() || !isLast(frame, reader.index(), length)) {
            lastClientIdBytes = reader.readArray(length);
            lastClientId = new String(lastClientIdBytes, StandardCharsets.UTF_8);
        } else {
            reader.skip(length);
        }
        return lastClientId;
    }

    private boolean isLast(ByteBuf frame, int index, int length) {
        if (length != lastClientIdBytes.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (frame.getByte(index + i) != lastClientIdBytes[i]) {
                return false;
            }
        }
        return true;
    }
}
