package io.ottla.app.security;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.function.Supplier;
import org.springframework.security.authentication.AuthenticationTrustResolver;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;

/**
 * Lets in who comes over the loopback address, and who has logged in. A request that a proxy on this machine hands on is
 * not from this machine.
 */
final class FromThisMachine implements AuthorizationManager<RequestAuthorizationContext> {
    private final boolean open;
    private final AuthenticationTrustResolver trust = new AuthenticationTrustResolverImpl();

    /** @param open lets everybody in */
    FromThisMachine(boolean open) {
        this.open = open;
    }

    @Override
    public AuthorizationResult authorize(
            Supplier<? extends Authentication> authentication, RequestAuthorizationContext context) {
        return new AuthorizationDecision(
                open || isLocal(context.getRequest()) || trust.isAuthenticated(authentication.get()));
    }

    private static boolean isLocal(HttpServletRequest request) {
        return request.getHeader("X-Forwarded-For") == null
                && request.getHeader("Forwarded") == null
                && InetAddress.ofLiteral(request.getRemoteAddr()).isLoopbackAddress();
    }
}
