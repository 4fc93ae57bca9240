package io.ottla.console.scram;

import io.ottla.console.access.Action;
import io.ottla.console.access.Change;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.pages.Mistyped;
import io.ottla.console.words.Wording;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.errors.ResourceNotFoundException;

/** What is asked of and done to SCRAM users, for pages and the API alike. */
public final class ScramUsers {
    /** What Kafka demands of both mechanisms. */
    public static final int MIN_ITERATIONS = 4_096;
    /** More than that would let logins keep brokers busy; Kafka refuses it too. */
    public static final int MAX_ITERATIONS = 16_384;

    /** In their order. */
    public static final List<ScramMechanism> MECHANISMS =
            List.of(ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512);

    private static final int MAX_NAME = 1_000;

    private ScramUsers() {}

    /** All of them, by name. */
    public static List<ScramUser> list(Visit visit) {
        visit.require(Action.VIEW_USERS);
        return visit
                .cluster()
                .await(visit.asking().describeUserScramCredentials().all(), Wording.of("doing.users"))
                .values()
                .stream()
                .map(ScramUser::of)
                .sorted(Comparator.comparing(ScramUser::name))
                .toList();
    }

    /** One of them, if there is such. */
    public static Optional<ScramUser> find(Visit visit, String name) {
        visit.require(Action.VIEW_USERS);
        try {
            return Optional.of(ScramUser.of(visit.cluster()
                    .await(
                            visit.asking()
                                    .describeUserScramCredentials(List.of(name))
                                    .description(name),
                            Wording.of("doing.users"))));
        } catch (ClusterFailure failure) {
            if (failure.getCause() instanceof ResourceNotFoundException) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    /**
     * Gives a user, who is made where there is none, a new password for these mechanisms.
     *
     * @throws Mistyped naming what can't be
     */
    public static void set(
            Visit visit, String name, Collection<ScramMechanism> mechanisms, int iterations, Secret password) {
        requireName(name);
        if (mechanisms.isEmpty()) {
            throw new Mistyped(Wording.of("users.bad.no-mechanism"));
        }
        if (iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS) {
            throw new Mistyped(Wording.of(
                    "users.bad.iterations",
                    Integer.toString(MIN_ITERATIONS),
                    Integer.toString(MAX_ITERATIONS),
                    Integer.toString(iterations)));
        }
        alter(
                visit,
                name,
                Change.of(Action.EDIT_USERS, name)
                        .with("do", "set")
                        .with("mechanisms", names(mechanisms))
                        .with("iterations", iterations),
                Set.copyOf(mechanisms).stream()
                        .map(mechanism -> (UserScramCredentialAlteration) new UserScramCredentialUpsertion(
                                name, new ScramCredentialInfo(mechanism, iterations), password.reveal()))
                        .toList());
    }

    /** Takes a mechanism from a user; with the last one he is gone. */
    public static void delete(Visit visit, String name, ScramMechanism mechanism) {
        requireName(name);
        alter(
                visit,
                name,
                Change.of(Action.EDIT_USERS, name).with("do", "delete").with("mechanisms", mechanism.mechanismName()),
                List.of(new UserScramCredentialDeletion(name, mechanism)));
    }

    private static void alter(
            Visit visit, String name, Change change, List<UserScramCredentialAlteration> alterations) {
        visit.change(change, admin -> {
            try {
                return visit.cluster()
                        .await(
                                admin.alterUserScramCredentials(alterations)
                                        .values()
                                        .get(name),
                                Wording.of("doing.alter-users"));
            } catch (ClusterFailure failure) {
                if (failure.getCause() instanceof ResourceNotFoundException) {
                    throw new ClusterFailure(
                            ClusterFailure.Kind.NO_SUCH_USER, Wording.of("users.no-such", name), failure.getCause());
                }
                throw failure;
            }
        });
    }

    /**
     * The mechanism of this name.
     *
     * @throws Mistyped where Kafka has no such
     */
    public static ScramMechanism mechanism(String name) {
        ScramMechanism found = ScramMechanism.fromMechanismName(name == null ? "" : name);
        if (found == ScramMechanism.UNKNOWN) {
            throw new Mistyped(Wording.of("users.bad.mechanism", names(MECHANISMS), String.valueOf(name)));
        }
        return found;
    }

    private static void requireName(String name) {
        if (name.isBlank() || name.length() > MAX_NAME) {
            throw new Mistyped(Wording.of("users.bad.name", MAX_NAME));
        }
    }

    private static String names(Collection<ScramMechanism> mechanisms) {
        return String.join(
                ", ",
                mechanisms.stream().map(ScramMechanism::mechanismName).sorted().toList());
    }
}
