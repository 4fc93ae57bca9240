package io.ottla.console.abilities;

import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.words.Wording;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * Why a cluster has nothing of a page's to show, and what would have to be done about it.
 *
 * @param heading in few words
 * @param text in a sentence or two
 */
public record Absence(Wording heading, Wording text) {
    /**
     * What a failure says of it.
     *
     * @throws ClusterFailure the failure itself, if it is another
     */
    public static Absence of(ClusterFailure failure, Ability ability) {
        return switch (failure.getCause()) {
            case UnsupportedVersionException missing ->
                new Absence(
                        Wording.of("absent.title"),
                        switch (ability) {
                            case ACLS -> Wording.of("absent.acls");
                            case QUOTAS -> Wording.of("absent.quotas");
                            case SCRAM -> Wording.of("absent.scram");
                            case TRANSACTIONS -> Wording.of("absent.transactions");
                        });
            case SecurityDisabledException off ->
                new Absence(Wording.of("acls.off.title"), Wording.of("acls.off.text"));
            case null, default -> throw failure;
        };
    }
}
