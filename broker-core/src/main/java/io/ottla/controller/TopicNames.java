package io.ottla.controller;

import java.util.Set;

/**
 * What a topic may be called: 1 to 249 of ASCII letters, digits, {@code .}, {@code _} and {@code -}, but neither
 * {@code .} nor {@code ..}. Names that differ only in {@code .} and {@code _} collide, since metrics can't tell them
 * apart.
 */
public final class TopicNames {
    /** So that a partition's folder, with its number and a mark of deletion, fits into a file name. */
    public static final int MAX_LENGTH = 249;

    /** Topics that brokers keep for themselves; clients may read them. */
    private static final Set<String> INTERNAL =
            Set.of("__consumer_offsets", "__transaction_state", "__share_group_state");

    private TopicNames() {}

    /** Null for a legal name, else a sentence that says what is wrong with it. */
    public static String fault(String name) {
        if (name.isEmpty()) {
            return "Topic name is invalid: the empty string is not allowed";
        }
        if (name.equals(".") || name.equals("..")) {
            return "Topic name is invalid: '" + name + "' is not allowed";
        }
        if (name.length() > MAX_LENGTH) {
            return "Topic name is invalid: '" + name.substring(0, 32) + "…' has " + name.length()
                    + " characters, which is more than " + MAX_LENGTH;
        }
        for (int i = 0; i < name.length(); i++) {
            if (!isLegal(name.charAt(i))) {
                return "Topic name is invalid: '" + name
                        + "' contains a character other than ASCII letters, digits, '.', '_' and '-'";
            }
        }
        return null;
    }

    public static boolean isLegal(String name) {
        return fault(name) == null;
    }

    public static boolean isInternal(String name) {
        return INTERNAL.contains(name);
    }

    /** The log of KRaft's controllers, which is no topic here; a topic of that name would stop a broker of KRaft. */
    static boolean isKraftsOwn(String name) {
        return name.equals("__cluster_metadata");
    }

    /** Names with the same key collide. */
    static String collisionKey(String name) {
        return name.replace('.', '_');
    }

    private static boolean isLegal(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-';
    }
}
