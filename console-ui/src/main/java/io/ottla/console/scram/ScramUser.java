package io.ottla.console.scram;

import java.util.Comparator;
import java.util.List;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialsDescription;

/**
 * A user, and by what he can log in.
 *
 * @param credentials at least one, in the mechanisms' order
 */
public record ScramUser(String name, List<Credential> credentials) {
    /** What the cluster tells of a credential; never the secret itself. */
    public record Credential(ScramMechanism mechanism, int iterations) {
        /** As Kafka's settings name it, such as {@code SCRAM-SHA-512}. */
        public String mechanismName() {
            return mechanism.mechanismName();
        }
    }

    public ScramUser {
        credentials = List.copyOf(credentials);
    }

    static ScramUser of(UserScramCredentialsDescription described) {
        return new ScramUser(
                described.name(),
                described.credentialInfos().stream()
                        .map(info -> new Credential(info.mechanism(), info.iterations()))
                        .sorted(Comparator.comparing(Credential::mechanism))
                        .toList());
    }
}
