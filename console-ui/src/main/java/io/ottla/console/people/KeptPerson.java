package io.ottla.console.people;

import io.ottla.console.people.Person.Origin;
import java.util.List;

/**
 * Somebody as his entry holds him, which his name is the name of.
 *
 * @param hash as {@code {bcrypt}…}
 * @param changed in milliseconds since 1970
 */
record KeptPerson(String id, String hash, List<GrantText> grants, String stamp, long changed) {
    /** @throws IllegalArgumentException where a grant of his can't be understood */
    Person person(String name, int version) {
        return new Person(
                name, Origin.ADDED, hash, grants.stream().map(GrantText::grant).toList(), id, stamp, version);
    }
}
