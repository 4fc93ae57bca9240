package io.ottla.console.people;

import io.ottla.console.access.Action;
import io.ottla.console.access.Grant;
import io.ottla.console.access.Visitor;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Somebody who may log in.
 *
 * @param hash of his password, as {@code {bcrypt}…}; empty where the console does not know it
 * @param grants all of them hold
 * @param id tells him from another one who had his name before
 * @param stamp another one after each change of his password or grants: what was opened before it is over
 * @param version of his entry
 * @param disabled whether he is kept out for now
 */
public record Person(
        String name,
        Origin origin,
        String hash,
        List<Grant> grants,
        String id,
        String stamp,
        int version,
        boolean disabled) {
    /** Where somebody comes from. */
    public enum Origin {
        /** {@code console.users.*} and {@code console.admin.password}: only the configuration changes him. */
        CONFIGURED,
        /** Kept by the console. */
        ADDED,
        /** A directory's. */
        LDAP,
        /** An identity provider's. */
        OIDC
    }

    /** What somebody can be called. */
    static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

    public Person {
        grants = List.copyOf(grants);
    }

    /** Whether somebody can be called that. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    public Visitor visitor() {
        return new Visitor(name, grants);
    }

    /** Whether he may say who may do what. */
    boolean isAdmin() {
        return visitor().may(Action.EDIT_PEOPLE);
    }

    /** Whether the console keeps his password. */
    public boolean hasPasswordHere() {
        return origin == Origin.ADDED;
    }

    /** Without the hash. */
    @Override
    public String toString() {
        return name + " (" + origin + ")";
    }
}
