package io.ottla.console.people;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** A password that the operator gives, in {@code console.admin.password}: as it is, or as a hash. */
public final class GivenPassword {
    /** What is expected, for a sentence to the operator. */
    public static final String EXPECTED = "8 characters to 72 bytes, or {bcrypt} and a hash";

    private static final int MIN_CHARACTERS = 8;
    /** BCrypt looks at no more. */
    private static final int MAX_BYTES = 72;

    private static final Pattern HASH = Pattern.compile("\\{bcrypt}\\$2[aby]\\$\\d\\d\\$[./0-9A-Za-z]{53}");

    private GivenPassword() {}

    /** Whether it can be somebody's password. */
    public static boolean isUsable(String text) {
        String given = read(text);
        return isHash(given)
                || given.length() >= MIN_CHARACTERS
                        && !given.startsWith("{")
                        && given.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
    }

    /** Without the end of the line, which files of secrets often have. */
    static String read(String text) {
        return text.replaceFirst("[\r\n]+$", "");
    }

    static boolean isHash(String given) {
        return HASH.matcher(given).matches();
    }
}
