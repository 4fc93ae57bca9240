package io.ottla.console.people;

import java.util.random.RandomGenerator;

/** Makes passwords that nobody guesses and everybody can type: 138 random bits, in letters and digits that look apart. */
final class NewPassword {
    private static final String ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";

    private static final int GROUPS = 7;
    private static final int GROUP = 4;

    private NewPassword() {}

    static String make(RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS * GROUP; i++) {
            if (i > 0 && i % GROUP == 0) {
                text.append('-');
            }
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
