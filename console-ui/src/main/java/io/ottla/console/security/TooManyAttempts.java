package io.ottla.console.security;

import java.time.Duration;
import org.springframework.security.core.AuthenticationException;

/** A login that was not even looked at. */
final class TooManyAttempts extends AuthenticationException {
    private final long seconds;

    TooManyAttempts(Duration wait) {
        super("Too many failed logins: try again in " + seconds(wait) + " s.");
        this.seconds = seconds(wait);
    }

    /** What to wait, at least 1. */
    long seconds() {
        return seconds;
    }

    private static long seconds(Duration wait) {
        return Math.max(1, wait.plusMillis(999).toSeconds());
    }
}
