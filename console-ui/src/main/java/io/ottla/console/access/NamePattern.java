package io.ottla.console.access;

/**
 * Names that somebody's role is good for: letter by letter, but that {@code *} stands for any text. No regular expression,
 * so that no pattern is slow.
 */
public record NamePattern(String text) {
    /** Every name. */
    public static final NamePattern ANY = new NamePattern("*");

    private static final int MAX_LENGTH = 255;

    /** @throws IllegalArgumentException where it is empty or longer than any name */
    public NamePattern {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("Expected a name or a pattern such as orders-* of 1 to " + MAX_LENGTH
                    + " characters, but got '" + text + "'");
        }
    }

    public boolean matches(String name) {
        int at = 0;
        int in = 0;
        int star = -1;
        int resume = 0;
        while (in < name.length()) {
            if (at < text.length() && text.charAt(at) == '*') {
                star = at++;
                resume = in;
            } else if (at < text.length() && text.charAt(at) == name.charAt(in)) {
                at++;
                in++;
            } else if (star >= 0) {
                at = star + 1;
                in = ++resume;
            } else {
                return false;
            }
        }
        while (at < text.length() && text.charAt(at) == '*') {
            at++;
        }
        return at == text.length();
    }
}
