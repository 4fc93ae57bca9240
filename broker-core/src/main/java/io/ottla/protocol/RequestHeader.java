package io.ottla.protocol;

import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * A request's header. Source: Kafka's protocol guide; KIP-482 (header version 2).
 *
 * @param apiKey as the client wrote it
 * @param apiVersion as the client wrote it
 * @param correlationId to be sent back
 * @param clientId null where the client names none, or where key and version are unknown
 * @param api null where the number names none that the message classes know
 * @param isKnown whether the message classes know the version too, so that the body can be decoded
 */
public record RequestHeader(
        short apiKey, short apiVersion, int correlationId, String clientId, Api api, boolean isKnown) {

    /**
     * Whether this asks for ApiVersions in a version that does not exist: then the answer is that of version 0 with
     * {@link Errors#UNSUPPORTED_VERSION} and the versions that do exist (KIP-511). Anything else that is not known
     * closes the connection.
     */
    public boolean asksForUnknownApiVersions() {
        return !isKnown && apiKey == ApiKeys.API_VERSIONS.id;
    }

    /** Version of the header in front of the answer; ApiVersions' answer has version 0 always (KIP-511). */
    public short responseHeaderVersion() {
        return isKnown ? api.responseHeaderVersion(apiVersion) : 0;
    }
}
