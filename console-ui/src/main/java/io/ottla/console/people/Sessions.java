package io.ottla.console.people;

import io.ottla.console.access.Action;
import io.ottla.console.access.Change;
import io.ottla.console.access.ConsoleVisit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.people.Person.Origin;
import io.ottla.console.state.ConsoleStore.Entry;
import io.ottla.console.state.Folder;
import io.ottla.console.state.Json;
import io.ottla.console.state.KnownEntries;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is logged in, at whichever broker. Whoever has a session's token is its owner; only the token's digest is kept, as the
 * name of an entry. A session ends twelve hours after the login, an hour after its last use, and when its owner logs out, is
 * removed or disabled, or gets another password or other grants, and when somebody ends it: at every broker within seconds.
 *
 * <p>Thread-safe.
 */
public final class Sessions {
    static final Duration LONGEST = Duration.ofHours(12);
    static final Duration IDLE = Duration.ofHours(1);
    /** A session is written again no more often than that. */
    static final Duration RENEWAL = Duration.ofMinutes(5);

    private static final Logger log = LoggerFactory.getLogger(Sessions.class);

    private final KnownEntries entries;
    private final People people;
    private final SecureRandom random;
    private final InstantSource clock;

    /**
     * A session as its entry holds it.
     *
     * @param grants of somebody whom the console does not know otherwise; else empty
     * @param made in milliseconds since 1970
     * @param used when it was written last, which is somewhat before it was used last
     */
    record Kept(String user, Origin origin, String id, String stamp, List<GrantText> grants, long made, long used) {}

    public Sessions(KnownEntries entries, People people, SecureRandom random, InstantSource clock) {
        this.entries = entries;
        this.people = people;
        this.random = random;
        this.clock = clock;
    }

    /**
     * Begins one.
     *
     * @return its token
     * @throws ClusterFailure where it can't be kept
     */
    public String begin(Login login) {
        makeRoom();
        long now = clock.millis();
        String token = Secrets.make(random);
        Kept kept = new Kept(
                login.name(),
                login.origin(),
                login.id(),
                login.stamp(),
                login.isKnownHere()
                        ? List.of()
                        : login.grants().stream().map(GrantText::of).toList(),
                now,
                now);
        if (!entries.create(Folder.SESSIONS, Secrets.digest(token), Json.write(kept))) {
            throw new IllegalStateException("Expected a session that nobody has, but there is one of its name");
        }
        return token;
    }

    /** Whose it is; empty where it is nobody's, or over. */
    public Optional<Login> find(String token) {
        if (!Secrets.isOne(token)) {
            return Optional.empty();
        }
        Optional<Entry> entry = entries.find(Folder.SESSIONS, Secrets.digest(token));
        Optional<Kept> kept =
                entry.flatMap(found -> Json.read(found, Kept.class)).filter(this::isOpen);
        Optional<Login> login = kept.flatMap(this::owner);
        if (login.isPresent() && clock.millis() - kept.get().used() > RENEWAL.toMillis()) {
            renew(entry.get(), kept.get());
        }
        return login;
    }

    private Optional<Login> owner(Kept kept) {
        Optional<Person> person = people.find(kept.user());
        if (kept.origin() == Origin.CONFIGURED || kept.origin() == Origin.ADDED) {
            return person.filter(known -> known.origin() == kept.origin()
                            && !known.disabled()
                            && known.id().equals(kept.id())
                            && known.stamp().equals(kept.stamp()))
                    .map(Login::of);
        }
        return person.isPresent()
                ? Optional.empty() // The name is another's by now.
                : Optional.of(new Login(
                        kept.user(),
                        kept.origin(),
                        kept.grants().stream().map(GrantText::grant).toList(),
                        kept.id(),
                        kept.stamp()));
    }

    private boolean isOpen(Kept kept) {
        long now = clock.millis();
        return now - kept.made() < LONGEST.toMillis() && now - kept.used() < IDLE.toMillis();
    }

    private void renew(Entry entry, Kept kept) {
        Kept used = new Kept(
                kept.user(), kept.origin(), kept.id(), kept.stamp(), kept.grants(), kept.made(), clock.millis());
        try {
            entries.update(Folder.SESSIONS, entry.name(), Json.write(used), entry.version());
        } catch (ClusterFailure away) {
            log.debug("A session is renewed later", away);
        }
    }

    /** Ends one; nothing where there is none. */
    public void end(String token) {
        if (Secrets.isOne(token)) {
            entries.delete(Folder.SESSIONS, Secrets.digest(token), -1);
        }
    }

    /** Logs somebody out everywhere. */
    void endAll(ConsoleVisit visit, String name) {
        visit.change(Change.of(Action.EDIT_PEOPLE, name).with("does", "end-sessions"), () -> {
            endAll(name);
            return null;
        });
    }

    /** Logs oneself out everywhere, here too. */
    public void endOwn(ConsoleVisit visit) {
        String name = visit.visitor().name();
        visit.change(Change.of(Action.EDIT_ONESELF, name).with("does", "end-sessions"), () -> {
            endAll(name);
            return null;
        });
    }

    private void endAll(String name) {
        for (Entry entry : entries.all(Folder.SESSIONS)) {
            if (Json.read(entry, Kept.class)
                    .filter(kept -> kept.user().equals(name))
                    .isPresent()) {
                entries.delete(Folder.SESSIONS, entry.name(), -1);
            }
        }
    }

    /** Where there are as many as there may be, those that were used longest ago go. */
    private void makeRoom() {
        int most = Folder.SESSIONS.limit();
        if (entries.names(Folder.SESSIONS).size() < most) {
            return;
        }
        sweep();
        List<String> names = entries.names(Folder.SESSIONS);
        if (names.size() >= most) {
            List<Entry> oldest = new ArrayList<>(entries.all(Folder.SESSIONS));
            oldest.sort(Comparator.comparingLong(
                    entry -> Json.read(entry, Kept.class).map(Kept::used).orElse(0L)));
            oldest.subList(0, Math.min(oldest.size(), most / 20))
                    .forEach(entry -> entries.delete(Folder.SESSIONS, entry.name(), -1));
        }
    }

    /** Takes away those that are over. */
    public void sweep() {
        for (Entry entry : entries.all(Folder.SESSIONS)) {
            boolean open = Json.read(entry, Kept.class)
                    .filter(this::isOpen)
                    .flatMap(this::owner)
                    .isPresent();
            if (!open) {
                entries.delete(Folder.SESSIONS, entry.name(), entry.version());
            }
        }
    }
}
