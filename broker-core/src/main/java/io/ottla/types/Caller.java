package io.ottla.types;

import java.net.InetAddress;

/**
 * Who asks: fixed when a request is decoded, and carried along when it is forwarded.
 *
 * @param clientId as the client names itself; empty when it does not
 */
public record Caller(Principal principal, InetAddress address, String clientId) {
    /** For the log: what the client chose is on one line there, and short. */
    @Override
    public String toString() {
        return Shown.of(principal.toString()) + " at " + address.getHostAddress()
                + (clientId.isEmpty() ? "" : ", client " + Shown.of(clientId));
    }
}
