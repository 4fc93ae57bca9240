package io.ottla.console.people;

import io.ottla.console.access.Grant;
import io.ottla.console.access.Visitor;
import io.ottla.console.people.Person.Origin;
import java.util.List;

/**
 * Somebody who has shown who he is.
 *
 * @param grants what he may now
 * @param id as {@link Person#id}; empty where another place knows him
 * @param stamp as {@link Person#stamp}
 */
public record Login(String name, Origin origin, List<Grant> grants, String id, String stamp) {
    public static Login of(Person person) {
        return new Login(person.name(), person.origin(), person.grants(), person.id(), person.stamp());
    }

    public Visitor visitor() {
        return new Visitor(name, grants);
    }

    /** Whether the console itself knows him, and not a directory or provider. */
    public boolean isKnownHere() {
        return origin == Origin.CONFIGURED || origin == Origin.ADDED;
    }
}
