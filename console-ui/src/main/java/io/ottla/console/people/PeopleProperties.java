package io.ottla.console.people;

import io.ottla.console.access.Grant;
import io.ottla.console.people.Person.Origin;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * People of the configuration.
 *
 * @param users {@code console.users.NAME.*}
 */
@ConfigurationProperties("console")
public record PeopleProperties(Map<String, User> users) {
    /**
     * One of them.
     *
     * @param password as it is, or {@code {bcrypt}} and its hash
     * @param role {@code viewer}, {@code operator} or {@code admin}
     * @param clusters patterns of the clusters' keys; all of them where it is not set, as with the others
     */
    public record User(String password, String role, List<String> clusters, List<String> topics, List<String> groups) {
        /** Without the password. */
        @Override
        public String toString() {
            return "User[role=" + role + "]";
        }
    }

    public PeopleProperties {
        users = users == null ? Map.of() : Map.copyOf(users);
    }

    /** @throws IllegalArgumentException naming the setting that can't hold */
    Map<String, Person> people() {
        Map<String, Person> people = new TreeMap<>();
        users.forEach((name, user) -> {
            String setting = "console.users." + name;
            if (!Person.NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        setting + ": Expected a name of letters, digits, '.', '_', '@' and '-'"
                                + " that begins with a letter or digit, at most 64.");
            }
            try {
                Grant grant = new GrantText(
                                user.role() == null ? "viewer" : user.role(),
                                text(user.clusters()),
                                text(user.topics()),
                                text(user.groups()))
                        .grant();
                people.put(
                        name,
                        person(
                                name,
                                user.password() == null ? "" : user.password(),
                                setting + ".password",
                                List.of(grant)));
            } catch (IllegalArgumentException unusable) {
                throw new IllegalArgumentException(
                        unusable.getMessage().startsWith("console.")
                                ? unusable.getMessage()
                                : setting + ": " + unusable.getMessage(),
                        unusable);
            }
        });
        return people;
    }

    /** @param setting that has his password */
    static Person person(String name, String password, String setting, List<Grant> grants) {
        if (!GivenPassword.isUsable(password)) {
            throw new IllegalArgumentException(setting + ": Expected " + GivenPassword.EXPECTED);
        }
        String given = GivenPassword.read(password);
        String hash = GivenPassword.isHash(given) ? given : Passwords.hashOfConfigured(name, given);
        // The same at each broker that has the same settings, and nothing that tells a hash.
        String stamp = Secrets.digest(hash + grants);
        return new Person(name, Origin.CONFIGURED, hash, grants, "configured", stamp, 0, false);
    }

    private static String text(List<String> patterns) {
        return patterns == null ? "" : String.join(",", patterns);
    }
}
