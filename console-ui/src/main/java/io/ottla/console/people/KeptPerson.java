package io.ottla.console.people;

import io.ottla.console.people.Person.Origin;
import java.util.List;

/**
 * Somebody as his entry holds him, which his name is the name of.
 *
 * @param hash as {@code {bcrypt}…}
 * @param changed in milliseconds since 1970
 * @param disabled whether he may not log in now; null in entries of before there was that
 */
record KeptPerson(String id, String hash, List<GrantText> grants, String stamp, long changed, Boolean disabled) {
    /** @throws IllegalArgumentException where a grant of his can't be understood */
    Person person(String name, int version) {
        return new Person(
                name,
                Origin.ADDED,
                hash,
                grants.stream().map(GrantText::grant).toList(),
                id,
                stamp,
                version,
                isDisabled());
    }

    boolean isDisabled() {
        return Boolean.TRUE.equals(disabled);
    }

    /** The same with another password, which is no reason to let him in. */
    KeptPerson withHash(String other, String newStamp, long now) {
        return new KeptPerson(id, other, grants, newStamp, now, disabled);
    }

    KeptPerson withGrants(List<GrantText> others, String newStamp, long now) {
        return new KeptPerson(id, hash, others, newStamp, now, disabled);
    }

    KeptPerson withDisabled(boolean whether, String newStamp, long now) {
        return new KeptPerson(id, hash, grants, newStamp, now, whether);
    }
}
