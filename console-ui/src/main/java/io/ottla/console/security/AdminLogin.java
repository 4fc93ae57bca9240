package io.ottla.console.security;

import io.ottla.console.access.Grant;
import io.ottla.console.access.Role;
import io.ottla.console.access.Visitor;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/** Tells whether somebody is the administrator, for forms and for HTTP Basic alike, and slows guessing down. */
final class AdminLogin implements AuthenticationProvider {
    static final String USER = "admin";

    /** What the actuator asks for what is not everybody's. */
    static final String ROLE = "ADMIN";

    private static final Logger log = LoggerFactory.getLogger(AdminLogin.class);

    /** BCrypt looks at no more bytes than these. */
    private static final int MAX_PASSWORD = 72;

    /** Hashes computed at once: guessing must not take the processor from the broker. */
    private static final int HASHES_AT_ONCE = 1;

    private static final Duration TURN = Duration.ofSeconds(2);
    private static final int IPV6_SITE_BYTES = 8;

    private final AdminPassword password;
    private final FailedLogins failedLogins;
    private final Semaphore hashing = new Semaphore(HASHES_AT_ONCE, true);

    AdminLogin(AdminPassword password, FailedLogins failedLogins) {
        this.password = password;
        this.failedLogins = failedLogins;
    }

    @Override
    public Authentication authenticate(Authentication attempt) {
        String address = address(attempt);
        Duration wait = failedLogins.wait(address);
        if (wait.isPositive()) {
            throw new TooManyAttempts(wait);
        }
        String given =
                attempt.getCredentials() == null ? "" : attempt.getCredentials().toString();
        // The password is looked at first and always, so that time does not tell whether the name was right.
        boolean right = given.length() <= MAX_PASSWORD && isRight(given);
        if (!right || !USER.equals(attempt.getName())) {
            failedLogins.failed(address);
            log.warn("A login to the console from {} failed", address);
            throw new BadCredentialsException("Expected another user name or password.");
        }
        failedLogins.succeeded(address);
        var admin = UsernamePasswordAuthenticationToken.authenticated(
                new Visitor(USER, List.of(Grant.everywhere(Role.ADMIN))),
                null,
                List.of(new SimpleGrantedAuthority("ROLE_" + ROLE)));
        admin.setDetails(attempt.getDetails());
        return admin;
    }

    private boolean isRight(String given) {
        if (password.isRemembered(given)) {
            return true;
        }
        try {
            if (!hashing.tryAcquire(TURN.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new TooManyAttempts(TURN);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TooManyAttempts(TURN);
        }
        try {
            return password.isRight(given);
        } finally {
            hashing.release();
        }
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(authentication);
    }

    /** The caller's address; of IPv6 the part that names a site, since whoever has one has all of its addresses. */
    private static String address(Authentication attempt) {
        String text = attempt.getDetails() instanceof WebAuthenticationDetails web ? web.getRemoteAddress() : "";
        if (text == null || text.indexOf(':') < 0) {
            return String.valueOf(text);
        }
        try {
            InetAddress address = InetAddress.ofLiteral(text);
            return address instanceof Inet6Address v6
                    ? HexFormat.of().formatHex(Arrays.copyOf(v6.getAddress(), IPV6_SITE_BYTES))
                    : address.getHostAddress();
        } catch (IllegalArgumentException noLiteral) {
            return text;
        }
    }
}
