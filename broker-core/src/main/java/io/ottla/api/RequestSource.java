package io.ottla.api;

import io.ottla.protocol.RequestHeaderDecoder;
import io.ottla.types.Caller;
import io.ottla.types.Principal;
import java.net.InetAddress;
import java.util.concurrent.Executor;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * Where requests come from: what the dispatcher remembers of one connection from request to request. Belongs to the
 * connection's event loop.
 */
public final class RequestSource implements PeerWatch {
    private final String listener;
    private final SecurityProtocol securityProtocol;
    private final boolean interBroker;
    private final InetAddress address;
    private final Executor loop;
    private final RequestHeaderDecoder headers = new RequestHeaderDecoder();
    private Principal principal = Principal.ANONYMOUS;
    private boolean authenticated;
    private boolean versionsAsked;
    private ClientSoftware software = ClientSoftware.UNKNOWN;
    private ClientRequests.OfSoftware requests;
    private Caller caller;
    private Runnable whenGone;
    private boolean gone;

    public RequestSource(
            String listener,
            SecurityProtocol securityProtocol,
            boolean interBroker,
            InetAddress address,
            Executor loop) {
        this.listener = listener;
        this.securityProtocol = securityProtocol;
        this.interBroker = interBroker;
        this.address = address;
        this.loop = loop;
        this.authenticated = securityProtocol == SecurityProtocol.PLAINTEXT || securityProtocol == SecurityProtocol.SSL;
    }

    public String listener() {
        return listener;
    }

    public SecurityProtocol securityProtocol() {
        return securityProtocol;
    }

    public boolean interBroker() {
        return interBroker;
    }

    public InetAddress address() {
        return address;
    }

    RequestHeaderDecoder headers() {
        return headers;
    }

    /** The connection's event loop. */
    public Executor loop() {
        return loop;
    }

    @Override
    public void whenGone(Runnable listener) {
        if (gone) {
            listener.run();
        } else {
            whenGone = listener;
        }
    }

    /** The peer has closed the connection, or its side of it. May be said again. */
    public void gone() {
        gone = true;
        Runnable listener = whenGone;
        whenGone = null;
        if (listener != null) {
            listener.run();
        }
    }

    /** Whether it has said who it is, where the listener asks for that. */
    public boolean authenticated() {
        return authenticated;
    }

    /** Who it is from now on: requests decoded before keep who they came from. */
    public void authenticate(Principal as) {
        principal = as;
        authenticated = true;
        caller = null;
    }

    public ClientSoftware software() {
        return software;
    }

    void identify(ClientSoftware as) {
        software = as;
        requests = null;
    }

    /** Where its requests count. */
    ClientRequests.OfSoftware requests(ClientRequests of) {
        ClientRequests.OfSoftware known = requests;
        if (known == null) {
            known = of.of(software);
            requests = known;
        }
        return known;
    }

    /** Says once that this is the connection's first ApiVersions. */
    boolean asksVersionsFirst() {
        boolean first = !versionsAsked;
        versionsAsked = true;
        return first;
    }

    /** The caller of that client id: the same object as long as it does not change, as it hardly ever does. */
    Caller caller(String clientId) {
        Caller last = caller;
        if (last == null || !last.clientId().equals(clientId)) {
            last = new Caller(principal, address, clientId);
            caller = last;
        }
        return last;
    }
}
