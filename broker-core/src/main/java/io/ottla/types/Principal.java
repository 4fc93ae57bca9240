package io.ottla.types;

/**
 * Who somebody is, as in Kafka's access lists.
 *
 * @param type {@code User} unless a principal builder says otherwise
 */
public record Principal(String type, String name) {
    /** Somebody who has not said who they are. */
    public static final Principal ANONYMOUS = new Principal("User", "ANONYMOUS");

    /** A broker of this cluster, acting for the cluster. No authentication yields this type, so that it may do anything. */
    public static final Principal BROKER = new Principal("Broker", "");

    @Override
    public String toString() {
        return type + ":" + name;
    }
}
