package io.ottla.peer;

import io.ottla.types.Failure;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** How brokers have their stored secrets written in another form. Thread-safe; nothing blocks the caller. */
@FunctionalInterface
public interface SecretRenewals {
    /**
     * Has them stored. Since they mean the same as what is there, nobody judges them.
     *
     * @return done when they are; why not where it was refused. Asking again does no harm
     */
    CompletionStage<Optional<Failure>> secretsRenewed(RenewedSecrets renewed);
}
