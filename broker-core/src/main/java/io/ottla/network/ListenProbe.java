package io.ottla.network;

import io.ottla.config.NetworkProperties.Listener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * Tells whether an address can be listened on, without listening: nobody can connect meanwhile. What is free now may be
 * taken by the time that somebody listens. Blocks where a host has to be looked up.
 */
public final class ListenProbe {
    /** What {@link #refusal} says of a port that somebody else listens on. */
    public static final String IN_USE = "it is in use";

    private ListenProbe() {}

    /** Why it can't be listened on, as what follows "but"; null where it can. */
    public static String refusal(InetSocketAddress address) {
        if (address.isUnresolved()) {
            return "the host " + address.getHostString() + " is not known";
        }
        try (Socket socket = new Socket()) {
            socket.setReuseAddress(
                    true); // As whoever listens does it: connections that are ending are in nobody's way.
            socket.bind(address);
            return null;
        } catch (IOException failure) {
            return reason(failure);
        }
    }

    /** A sentence on why a listener can't be opened; null where it can. */
    public static String refusal(Listener listener) {
        String why = refusal(address(listener));
        return why == null ? null : sentence(listener, why);
    }

    static String sentence(Listener listener, Throwable failure) {
        return sentence(listener, reason(failure));
    }

    private static String sentence(Listener listener, String why) {
        return "listeners: Expected to listen on " + listener + ", but " + why
                + (why.equals(IN_USE) ? "; give it another port, or stop what listens there" : "");
    }

    /** Where a listener listens; its host may be unknown. */
    public static InetSocketAddress address(Listener listener) {
        return listener.host().isEmpty()
                ? new InetSocketAddress(listener.port())
                : new InetSocketAddress(listener.host(), listener.port());
    }

    /** In words that are the same whoever tried, the JDK or a native transport. */
    private static String reason(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        if (message.contains("in use")) {
            return IN_USE;
        }
        if (message.contains("assign requested address")) {
            return "this machine does not have that address";
        }
        return message.contains("denied") ? "this process may not listen on that port" : failure.toString();
    }
}
