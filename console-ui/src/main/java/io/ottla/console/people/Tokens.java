package io.ottla.console.people;

import io.ottla.console.access.Action;
import io.ottla.console.access.Change;
import io.ottla.console.access.ConsoleVisit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterFailure.Reason;
import io.ottla.console.state.ConsoleStore.Entry;
import io.ottla.console.state.Folder;
import io.ottla.console.state.Json;
import io.ottla.console.state.KnownEntries;
import io.ottla.console.words.Wording;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Tokens by which programs of somebody get in, with what he may at that time. Shown once; only the digest is kept. A token ends
 * at its expiry, when its owner takes it away, and with him; while he is disabled it does not work.
 *
 * <p>Thread-safe.
 */
public final class Tokens {
    /** So that who finds one in a file knows what it is. */
    static final String PREFIX = "ottla_";

    public static final int MOST_DAYS = 366;
    private static final int MOST_OF_ONE = 20;
    private static final int MAX_LABEL = 60;

    private final KnownEntries entries;
    private final People people;
    private final SecureRandom random;
    private final InstantSource clock;

    /**
     * A token as its entry holds it.
     *
     * @param id of its owner
     * @param made in milliseconds since 1970, as {@code expires}
     */
    record Kept(String user, String id, String label, long made, long expires) {}

    /** A token as its owner sees it, who does not see the token itself. */
    public record Shown(String name, String label, Instant made, Instant expires) {}

    public Tokens(KnownEntries entries, People people, SecureRandom random, InstantSource clock) {
        this.entries = entries;
        this.people = people;
        this.random = random;
        this.clock = clock;
    }

    /** Whose it is; empty where it is nobody's, or over. */
    public Optional<Login> find(String token) {
        if (!token.startsWith(PREFIX) || !Secrets.isOne(token.substring(PREFIX.length()))) {
            return Optional.empty();
        }
        return entries.find(Folder.TOKENS, Secrets.digest(token))
                .flatMap(entry -> Json.read(entry, Kept.class))
                .flatMap(this::owner);
    }

    private Optional<Login> owner(Kept kept) {
        if (clock.millis() >= kept.expires()) {
            return Optional.empty();
        }
        return person(kept).filter(person -> !person.disabled()).map(Login::of);
    }

    private Optional<Person> person(Kept kept) {
        return people.find(kept.user()).filter(person -> person.id().equals(kept.id()));
    }

    /** Of one owner, the newest first. */
    public List<Shown> of(ConsoleVisit visit) {
        List<Shown> his = new ArrayList<>();
        for (Entry entry : entries.all(Folder.TOKENS)) {
            Json.read(entry, Kept.class)
                    .filter(kept -> kept.user().equals(visit.visitor().name())
                            && owner(kept).isPresent())
                    .ifPresent(kept -> his.add(new Shown(
                            entry.name(),
                            kept.label(),
                            Instant.ofEpochMilli(kept.made()),
                            Instant.ofEpochMilli(kept.expires()))));
        }
        his.sort(Comparator.comparing(Shown::made).reversed());
        return his;
    }

    /**
     * Makes one.
     *
     * @param days until it ends
     * @return the token, which nobody sees again
     */
    public String make(ConsoleVisit visit, String label, int days) {
        String owner = visit.visitor().name();
        return visit.change(
                Change.of(Action.EDIT_ONESELF, owner).with("does", "token").with("label", label), () -> {
                    String given = label.strip();
                    if (given.isEmpty() || given.length() > MAX_LABEL) {
                        throw refused(Wording.of("account.token.bad-label", MAX_LABEL));
                    }
                    if (days < 1 || days > MOST_DAYS) {
                        throw refused(Wording.of("account.token.bad-days", MOST_DAYS));
                    }
                    Person person = people.find(owner).orElseThrow(() -> refused(Wording.of("account.not-here")));
                    if (of(visit).size() >= MOST_OF_ONE
                            || entries.names(Folder.TOKENS).size() >= Folder.TOKENS.limit()) {
                        throw refused(Wording.of("account.token.too-many", MOST_OF_ONE));
                    }
                    String token = PREFIX + Secrets.make(random);
                    long now = clock.millis();
                    Kept kept = new Kept(
                            owner,
                            person.id(),
                            given,
                            now,
                            now + Duration.ofDays(days).toMillis());
                    entries.create(Folder.TOKENS, Secrets.digest(token), Json.write(kept));
                    return token;
                });
    }

    /** @param name of the entry, which is shown to its owner alone */
    public void remove(ConsoleVisit visit, String name) {
        visit.change(Change.of(Action.EDIT_ONESELF, visit.visitor().name()).with("does", "remove-token"), () -> {
            if (of(visit).stream().noneMatch(token -> token.name().equals(name))) {
                throw new ClusterFailure(ClusterFailure.Kind.NO_SUCH_TOKEN, Wording.of("account.token.none"));
            }
            entries.delete(Folder.TOKENS, name, -1);
            return null;
        });
    }

    /** Takes away those that are over; those of somebody who is disabled rest until he is not. */
    public void sweep() {
        for (Entry entry : entries.all(Folder.TOKENS)) {
            if (Json.read(entry, Kept.class)
                    .filter(kept -> clock.millis() < kept.expires())
                    .flatMap(this::person)
                    .isEmpty()) {
                entries.delete(Folder.TOKENS, entry.name(), entry.version());
            }
        }
    }

    private static ClusterFailure refused(Wording why) {
        return new ClusterFailure(Reason.REFUSED, why);
    }
}
