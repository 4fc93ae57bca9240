package io.ottla.api;

/** Name and version of a client library, as ApiVersions v3 and later carry them (KIP-511). */
public record ClientSoftware(String name, String version) {
    public static final ClientSoftware UNKNOWN = new ClientSoftware("unknown", "unknown");
}
