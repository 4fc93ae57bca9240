package io.ottla.console.people;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.security.crypto.bcrypt.BCrypt;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/**
 * Hashes passwords with bcrypt, and compares them.
 *
 * <p>A hash that is slow on purpose would make each call of a program slow. Therefore passwords that were right are
 * remembered, as digests under a key that only this process knows.
 *
 * <p>Thread-safe.
 */
public final class Passwords {
    static final String PREFIX = "{bcrypt}";
    private static final String DIGEST = "HmacSHA256";
    private static final int REMEMBERED = 200;
    private static final int SALT_BYTES = 16;
    private static final int COST = 10;

    private final BCryptPasswordEncoder encoder = new BCryptPasswordEncoder(COST);
    private final SecretKeySpec key;
    /** Compared with where there is nobody of a name, so that time does not tell. */
    private final String nobodys;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, byte[]> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
            return size() > REMEMBERED;
        }
    };

    public Passwords(SecureRandom random) {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        this.key = new SecretKeySpec(secret, DIGEST);
        // The hash of nothing that can be given: its second half is not that of any password.
        this.nobodys = BCrypt.gensalt(COST, random) + "...............................";
    }

    /** A new hash of it. */
    public String hash(String password) {
        return PREFIX + encoder.encode(password);
    }

    /**
     * A hash of a password that is written in the configuration, the same in each process: those of all brokers must know a
     * session of his.
     */
    static String hashOfConfigured(String name, String password) {
        byte[] salt = Arrays.copyOf(sha256("ottla console " + name), SALT_BYTES);
        return PREFIX + BCrypt.hashpw(password, BCrypt.gensalt("$2a", COST, new FixedSalt(salt)));
    }

    /** Gives what it was made with, once. */
    private static final class FixedSalt extends SecureRandom {
        private static final long serialVersionUID = 1;

        private final byte[] salt;

        FixedSalt(byte[] salt) {
            this.salt = salt.clone();
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(salt, 0, bytes, 0, bytes.length);
        }
    }

    /** Whether this is a password that was right before: known without any work. */
    public boolean isRemembered(Person person, String password) {
        lock.lock();
        try {
            byte[] known = remembered.get(person.name());
            return known != null && MessageDigest.isEqual(known, digest(person, password));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether it is his.
     *
     * @param person null where there is nobody of that name: then it takes as long and is not
     */
    public boolean isRight(Person person, String password) {
        if (person != null && isRemembered(person, password)) {
            return true;
        }
        String hash = person == null || person.hash().isEmpty()
                ? nobodys
                : person.hash().substring(PREFIX.length());
        boolean right = encoder.matches(password, hash) && person != null;
        if (right) {
            lock.lock();
            try {
                remembered.put(person.name(), digest(person, password));
            } finally {
                lock.unlock();
            }
        }
        return right;
    }

    /** The hash is part of it: after a change the old password is not remembered any more. */
    private byte[] digest(Person person, String password) {
        try {
            Mac mac = Mac.getInstance(DIGEST);
            mac.init(key);
            mac.update(person.hash().getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(password.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException("Expected this JDK to know " + DIGEST, everyJdkHasIt);
        }
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
