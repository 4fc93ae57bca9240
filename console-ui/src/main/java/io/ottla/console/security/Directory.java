package io.ottla.console.security;

import io.ottla.console.people.Login;
import java.util.Optional;
import org.springframework.security.authentication.AuthenticationServiceException;

/** Another place that knows people and their passwords. */
@FunctionalInterface
interface Directory {
    /**
     * Asks whether they belong together.
     *
     * @return empty where they do not, or where he may do nothing here
     * @throws AuthenticationServiceException where it does not answer
     */
    Optional<Login> logIn(String name, String password);
}
