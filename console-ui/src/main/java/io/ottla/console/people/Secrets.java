package io.ottla.console.people;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Random texts that nobody guesses, and what is kept of them. */
final class Secrets {
    private static final int BYTES = 32;
    private static final int MARK_BYTES = 12;
    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{43}");

    private Secrets() {}

    /** 256 random bits. */
    static String make(SecureRandom random) {
        return text(random, BYTES);
    }

    /** Enough bits that no two are the same; no secret. */
    static String mark(SecureRandom random) {
        return text(random, MARK_BYTES);
    }

    private static String text(SecureRandom random, int bytes) {
        byte[] drawn = new byte[bytes];
        random.nextBytes(drawn);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(drawn);
    }

    /** Whether it looks like one that {@link #make} makes, so that it is worth a question. */
    static boolean isOne(String text) {
        return SECRET.matcher(text).matches();
    }

    /** What is kept of a secret: its SHA-256. One of 256 random bits needs no slower hash. */
    static String digest(String secret) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
