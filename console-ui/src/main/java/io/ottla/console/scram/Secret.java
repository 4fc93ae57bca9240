package io.ottla.console.scram;

import io.ottla.console.pages.Mistyped;
import io.ottla.console.words.Wording;
import java.security.SecureRandom;

/** A new password. Says itself to nobody by accident. */
public final class Secret {
    static final int MIN = 8;
    private static final int MAX = 1_000;

    /** Letters and digits that are not mistaken for one another. */
    private static final String LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    /** 139 random bits. */
    private static final int MADE = 24;

    private final String text;

    private Secret(String text) {
        this.text = text;
    }

    /**
     * One that somebody chose.
     *
     * @throws Mistyped where it is too short or long; does not tell it
     */
    public static Secret chosen(String text) {
        if (text == null || text.length() < MIN || text.length() > MAX || text.isBlank()) {
            throw new Mistyped(Wording.of("users.bad.password", MIN, MAX));
        }
        return new Secret(text);
    }

    static Secret made(SecureRandom random) {
        StringBuilder made = new StringBuilder(MADE);
        for (int i = 0; i < MADE; i++) {
            made.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return new Secret(made.toString());
    }

    /** The password itself. */
    String reveal() {
        return text;
    }

    @Override
    public String toString() {
        return "…";
    }
}
