package io.ottla.console.scram;

import io.ottla.console.pages.Mistyped;
import io.ottla.console.words.Wording;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ScramMechanism;

/**
 * What was typed to give a user a password, so that the form can be shown again with it; the passwords are not among it.
 *
 * @param mechanisms their names
 */
public record UserForm(String name, List<String> mechanisms, String iterations, boolean made) {
    private static final String SECURE_DEFAULT = "8192";

    static UserForm empty(String name) {
        return new UserForm(name, List.of(ScramMechanism.SCRAM_SHA_512.mechanismName()), SECURE_DEFAULT, false);
    }

    /** Of a user whose credentials are known: the same mechanisms and iterations. */
    static UserForm of(ScramUser user) {
        return new UserForm(
                user.name(),
                user.credentials().stream()
                        .map(ScramUser.Credential::mechanismName)
                        .toList(),
                Integer.toString(user.credentials().stream()
                        .mapToInt(ScramUser.Credential::iterations)
                        .max()
                        .orElse(ScramUsers.MIN_ITERATIONS)),
                false);
    }

    static UserForm typed(Map<String, String> fields) {
        List<String> mechanisms = new ArrayList<>();
        for (ScramMechanism mechanism : ScramUsers.MECHANISMS) {
            if (fields.containsKey(mechanism.mechanismName())) {
                mechanisms.add(mechanism.mechanismName());
            }
        }
        return new UserForm(
                fields.getOrDefault("name", "").strip(),
                mechanisms,
                fields.getOrDefault("iterations", "").strip(),
                fields.containsKey("made"));
    }

    List<ScramMechanism> chosen() {
        return mechanisms.stream().map(ScramUsers::mechanism).toList();
    }

    int count() {
        try {
            return Integer.parseInt(iterations);
        } catch (NumberFormatException noNumber) {
            throw new Mistyped(Wording.of(
                    "users.bad.iterations",
                    Integer.toString(ScramUsers.MIN_ITERATIONS),
                    Integer.toString(ScramUsers.MAX_ITERATIONS),
                    iterations));
        }
    }

    Secret secret(Map<String, String> fields, SecureRandom random) {
        if (made) {
            return Secret.made(random);
        }
        String password = fields.getOrDefault("password", "");
        if (!password.equals(fields.getOrDefault("again", ""))) {
            throw new Mistyped(Wording.of("users.bad.again"));
        }
        return Secret.chosen(password);
    }
}
