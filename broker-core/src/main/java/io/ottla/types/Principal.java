package io.ottla.types;

/**
 * Who somebody is, as in Kafka's access lists.
 *
 * @param type {@code User} unless a principal builder says otherwise
 */
public record Principal(String type, String name) {
    /** Somebody who has not said who they are. */
    public static final Principal ANONYMOUS = new Principal("User", "ANONYMOUS");

    @Override
    public String toString() {
        return type + ":" + name;
    }
}
