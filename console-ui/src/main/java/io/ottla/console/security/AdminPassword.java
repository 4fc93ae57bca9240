package io.ottla.console.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * The administrator's password: the one that {@code console.admin.password} gives, as it is or as a hash, or one that is
 * made at the first start, said once in the log, and kept as a hash. Of one that is given nothing is kept.
 *
 * <p>A hash that is slow on purpose would make each REST call slow. Therefore the last password that was right is
 * remembered, as a keyed digest under a key that only this process knows.
 *
 * <p>Thread-safe.
 */
final class AdminPassword implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger("ottla");
    private static final String DIGEST = "HmacSHA256";

    private final PasswordFile file;
    private final String given;
    private final PasswordEncoder encoder;
    private final SecureRandom random;
    private final SecretKeySpec key;
    private volatile String hash = "";
    private volatile byte[] remembered = {};
    private volatile boolean running;

    /**
     * @param given the password, or {@code {bcrypt}} and its hash; empty where one is to be made
     * @throws IllegalArgumentException where what is given can be nobody's password
     */
    AdminPassword(Path folder, String given, PasswordEncoder encoder, SecureRandom random) {
        this.file = new PasswordFile(folder);
        if (!given.isEmpty() && !GivenPassword.isUsable(given)) {
            throw new IllegalArgumentException("console.admin.password: Expected " + GivenPassword.EXPECTED);
        }
        this.given = GivenPassword.read(given);
        this.encoder = encoder;
        this.random = random;
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        this.key = new SecretKeySpec(secret, DIGEST);
    }

    /** Reads the hash, or makes a password. A folder that can't be used closes the console and disturbs nothing else. */
    @Override
    public void start() {
        running = true;
        if (!given.isEmpty()) {
            hash = GivenPassword.isHash(given) ? given : encoder.encode(given);
            log.info("The console's user is admin, and console.admin.password is the password");
            return;
        }
        try {
            Optional<String> known = file.read();
            hash = known.isPresent() ? known.get() : makeOne();
        } catch (IOException | IllegalArgumentException unusable) {
            log.error("Nobody can log in to the console, since its password can't be kept: {}", unusable.toString());
        }
    }

    private String makeOne() throws IOException {
        String password = NewPassword.make(random);
        String made = encoder.encode(password);
        file.write(made);
        log.info("The console's user is admin with the password {}", password);
        log.info("It is said this once. Delete {} and start again to get another one", file.path());
        return made;
    }

    boolean isRight(String password) {
        String expected = hash;
        if (expected.isEmpty()) {
            return false;
        }
        byte[] digest = digest(password);
        if (MessageDigest.isEqual(digest, remembered)) {
            return true;
        }
        boolean right = encoder.matches(password, expected);
        if (right) {
            remembered = digest;
        }
        return right;
    }

    /** Whether this is the password that was right the last time: known without any work. */
    boolean isRemembered(String password) {
        return MessageDigest.isEqual(digest(password), remembered);
    }

    private byte[] digest(String password) {
        try {
            Mac mac = Mac.getInstance(DIGEST);
            mac.init(key);
            return mac.doFinal(password.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException("Expected this JDK to know " + DIGEST, everyJdkHasIt);
        }
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
