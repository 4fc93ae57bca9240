package io.ottla.console.people;

import io.ottla.console.access.Action;
import io.ottla.console.access.Change;
import io.ottla.console.access.ConsoleVisit;
import io.ottla.console.access.Grant;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterFailure.Kind;
import io.ottla.console.clusters.ClusterFailure.Reason;
import io.ottla.console.people.Person.Origin;
import io.ottla.console.state.ConsoleStore.Entry;
import io.ottla.console.state.Folder;
import io.ottla.console.state.Json;
import io.ottla.console.state.KnownEntries;
import io.ottla.console.words.Wording;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everybody whom the console knows by name: those of the configuration, who win, and those that it keeps. Changes are an
 * administrator's, and his own password everybody's.
 *
 * <p>Thread-safe. Calls fail with a {@link ClusterFailure} where the store can't be reached, but who was read before is known.
 */
public final class People {
    private static final Logger log = LoggerFactory.getLogger(People.class);

    private static final int MAX_GRANTS = 20;

    private final Map<String, Person> configured;
    private final KnownEntries entries;
    private final Passwords passwords;
    private final SecureRandom random;
    private final InstantSource clock;

    public People(
            Map<String, Person> configured,
            KnownEntries entries,
            Passwords passwords,
            SecureRandom random,
            InstantSource clock) {
        this.configured = Map.copyOf(configured);
        this.entries = entries;
        this.passwords = passwords;
        this.random = random;
        this.clock = clock;
    }

    /** Whether only the configuration changes him. */
    boolean configured(String name) {
        return configured.containsKey(name);
    }

    /** At most some seconds old. */
    public Optional<Person> find(String name) {
        Person known = configured.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        return Person.NAME.matcher(name).matches()
                ? entries.find(Folder.PEOPLE, name).flatMap(People::read)
                : Optional.empty();
    }

    /** All of them, ordered by name. */
    List<Person> all(ConsoleVisit visit) {
        visit.require(Action.VIEW_PEOPLE);
        List<Person> all = new ArrayList<>(configured.values());
        for (Entry entry : entries.all(Folder.PEOPLE)) {
            if (!configured.containsKey(entry.name())) {
                read(entry).ifPresent(all::add);
            }
        }
        all.sort(Comparator.comparing(Person::name));
        return all;
    }

    /** What a page shows of one. */
    Person get(ConsoleVisit visit, String name) {
        visit.require(Action.VIEW_PEOPLE);
        return find(name).orElseThrow(() -> nobody(name));
    }

    void add(ConsoleVisit visit, String name, String password, List<GrantText> grants) {
        visit.change(Change.of(Action.EDIT_PEOPLE, name).with("does", "add").with("grants", grants), () -> {
            if (!Person.NAME.matcher(name).matches()) {
                throw refused(Wording.of("people.bad-name", name));
            }
            requirePassword(password);
            List<GrantText> checked = texts(checked(grants));
            if (configured.containsKey(name)) {
                throw new ClusterFailure(Kind.TAKEN, Wording.of("people.taken", name));
            }
            if (entries.names(Folder.PEOPLE).size() >= Folder.PEOPLE.limit()) {
                throw refused(Wording.of("people.too-many", Folder.PEOPLE.limit()));
            }
            KeptPerson kept = new KeptPerson(
                    Secrets.mark(random),
                    passwords.hash(password),
                    checked,
                    Secrets.mark(random),
                    clock.millis(),
                    false);
            if (!entries.create(Folder.PEOPLE, name, Json.write(kept))) {
                throw new ClusterFailure(Kind.TAKEN, Wording.of("people.taken", name));
            }
            return null;
        });
    }

    void grant(ConsoleVisit visit, String name, List<GrantText> grants) {
        visit.change(Change.of(Action.EDIT_PEOPLE, name).with("does", "grant").with("grants", grants), () -> {
            List<Grant> checked = checked(grants);
            requireNotOneself(visit, name, checked);
            rewrite(name, old -> old.withGrants(texts(checked), Secrets.mark(random), clock.millis()));
            return null;
        });
    }

    void setPassword(ConsoleVisit visit, String name, String password) {
        visit.change(Change.of(Action.EDIT_PEOPLE, name).with("does", "password"), () -> {
            replacePassword(name, password);
            return null;
        });
    }

    /** His own; whoever asks has been asked for the old one. */
    public void setOwnPassword(ConsoleVisit visit, String password) {
        visit.change(Change.of(Action.EDIT_ONESELF, visit.visitor().name()).with("does", "password"), () -> {
            replacePassword(visit.visitor().name(), password);
            return null;
        });
    }

    private void replacePassword(String name, String password) {
        requirePassword(password);
        String hash = passwords.hash(password);
        rewrite(name, old -> old.withHash(hash, Secrets.mark(random), clock.millis()));
    }

    /** Keeps somebody out, whose sessions end, or lets him in again; his password, roles and tokens stay. */
    void disable(ConsoleVisit visit, String name, boolean disabled) {
        visit.change(Change.of(Action.EDIT_PEOPLE, name).with("does", disabled ? "disable" : "enable"), () -> {
            if (disabled) {
                requireNotOneself(visit, name, List.of());
            }
            rewrite(name, old -> old.withDisabled(disabled, Secrets.mark(random), clock.millis()));
            return null;
        });
    }

    void remove(ConsoleVisit visit, String name) {
        visit.change(Change.of(Action.EDIT_PEOPLE, name).with("does", "remove"), () -> {
            requireNotOneself(visit, name, List.of());
            Entry entry = kept(name);
            if (!entries.delete(Folder.PEOPLE, name, entry.version())) {
                throw new ClusterFailure(Kind.OUTDATED, Wording.of("people.changed-meanwhile", name));
            }
            return null;
        });
    }

    private void rewrite(String name, UnaryOperator<KeptPerson> change) {
        Entry entry = kept(name);
        KeptPerson old = Json.read(entry, KeptPerson.class).orElseThrow(() -> nobody(name));
        if (!entries.update(Folder.PEOPLE, name, Json.write(change.apply(old)), entry.version())) {
            throw new ClusterFailure(Kind.OUTDATED, Wording.of("people.changed-meanwhile", name));
        }
    }

    private Entry kept(String name) {
        if (configured.containsKey(name)) {
            throw refused(Wording.of("people.configured", name));
        }
        if (!Person.NAME.matcher(name).matches()) {
            throw nobody(name);
        }
        return entries.ask(Folder.PEOPLE, name).orElseThrow(() -> nobody(name));
    }

    /** So that there is always one left who can give rights. */
    private static void requireNotOneself(ConsoleVisit visit, String name, List<Grant> grants) {
        boolean stays = new Person(name, Origin.ADDED, "", grants, "", "", 0, false).isAdmin();
        if (visit.visitor().name().equals(name) && !stays) {
            throw refused(Wording.of("people.oneself"));
        }
    }

    private static List<Grant> checked(List<GrantText> grants) {
        if (grants.isEmpty() || grants.size() > MAX_GRANTS) {
            throw refused(Wording.of("people.no-grants", MAX_GRANTS));
        }
        try {
            return grants.stream().map(GrantText::grant).toList();
        } catch (IllegalArgumentException unreadable) {
            throw refused(Wording.quoted(unreadable.getMessage()));
        }
    }

    private static void requirePassword(String password) {
        if (GivenPassword.isHash(password) || !GivenPassword.isUsable(password)) {
            throw refused(Wording.of("people.bad-password"));
        }
    }

    private static Optional<Person> read(Entry entry) {
        try {
            return Json.read(entry, KeptPerson.class).map(kept -> kept.person(entry.name(), entry.version()));
        } catch (IllegalArgumentException unreadable) {
            log.warn("The entry of {} can't be understood: {}", entry.name(), unreadable.getMessage());
            return Optional.empty();
        }
    }

    private static List<GrantText> texts(List<Grant> grants) {
        return grants.stream().map(GrantText::of).toList();
    }

    private static ClusterFailure nobody(String name) {
        return new ClusterFailure(Kind.NO_SUCH_PERSON, Wording.of("people.nobody", name));
    }

    private static ClusterFailure refused(Wording why) {
        return new ClusterFailure(Reason.REFUSED, why);
    }
}
