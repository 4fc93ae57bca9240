package io.ottla.console.security;

import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.people.Login;
import io.ottla.console.people.Passwords;
import io.ottla.console.people.People;
import io.ottla.console.people.Person;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/** Tells whether a name and a password belong together, for forms and for HTTP Basic alike, and slows guessing down. */
final class PeopleLogin implements AuthenticationProvider {
    private static final Logger log = LoggerFactory.getLogger(PeopleLogin.class);

    /** BCrypt looks at no more bytes than these. */
    private static final int MAX_PASSWORD = 72;

    /** Hashes computed at once: guessing must not take the processor from the broker. */
    private static final int HASHES_AT_ONCE = 1;

    private static final Duration TURN = Duration.ofSeconds(2);
    private static final int IPV6_SITE_BYTES = 8;

    private final People people;
    private final Passwords passwords;
    private final Optional<Directory> directory;
    private final FailedLogins failedLogins;
    private final LoginTrail trail;
    private final Semaphore hashing = new Semaphore(HASHES_AT_ONCE, true);

    PeopleLogin(
            People people,
            Passwords passwords,
            Optional<Directory> directory,
            FailedLogins failedLogins,
            LoginTrail trail) {
        this.people = people;
        this.passwords = passwords;
        this.directory = directory;
        this.failedLogins = failedLogins;
        this.trail = trail;
    }

    @Override
    public Authentication authenticate(Authentication attempt) {
        String from = attempt.getDetails() instanceof WebAuthenticationDetails web ? web.getRemoteAddress() : "";
        String given =
                attempt.getCredentials() == null ? "" : attempt.getCredentials().toString();
        KnownLogin known = new KnownLogin(logIn(attempt.getName(), given, String.valueOf(from)));
        known.setDetails(attempt.getDetails());
        return known;
    }

    /**
     * Who that is.
     *
     * @param from the address that he comes from
     * @throws TooManyAttempts where it is not even looked at
     * @throws BadCredentialsException where they do not belong together
     * @throws AuthenticationServiceException where that can't be told now
     */
    Login logIn(String name, String password, String from) {
        String site = site(from);
        Duration wait = failedLogins.wait(site);
        if (wait.isPositive()) {
            throw new TooManyAttempts(wait);
        }
        Optional<Login> login = look(name, password);
        if (login.isEmpty()) {
            failedLogins.failed(site);
            log.warn("A login to the console from {} failed", from);
            trail.failed(name, from);
            throw new BadCredentialsException("Expected another user name or password.");
        }
        failedLogins.succeeded(site);
        return login.get();
    }

    private Optional<Login> look(String name, String password) {
        Optional<Person> person;
        try {
            person = people.find(name);
        } catch (ClusterFailure away) {
            throw new AuthenticationServiceException(away.getMessage(), away);
        }
        if (person.isEmpty() && directory.isPresent()) {
            return directory.get().logIn(name, password);
        }
        // Whether there is anybody of that name: the same is done, so that time does not tell.
        boolean right = password.getBytes(StandardCharsets.UTF_8).length <= MAX_PASSWORD
                && isRight(person.orElse(null), password);
        return right ? person.filter(known -> !known.disabled()).map(Login::of) : Optional.empty();
    }

    private boolean isRight(Person person, String given) {
        if (person != null && passwords.isRemembered(person, given)) {
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
            return passwords.isRight(person, given);
        } finally {
            hashing.release();
        }
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(authentication);
    }

    /** The caller's address; of IPv6 the part that names a site, since whoever has one has all of its addresses. */
    private static String site(String text) {
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
