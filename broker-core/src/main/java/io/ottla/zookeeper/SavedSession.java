package io.ottla.zookeeper;

import java.util.Base64;

/**
 * A session with ZooKeeper, as one gets back into it. Its text does not show the password.
 *
 * @param secret the session's password in base 64
 */
public record SavedSession(long id, String secret) {
    public static SavedSession of(long id, byte[] password) {
        return new SavedSession(id, Base64.getEncoder().encodeToString(password));
    }

    /** @throws IllegalArgumentException where it is not in base 64 */
    public byte[] password() {
        return Base64.getDecoder().decode(secret);
    }

    @Override
    public String toString() {
        return "0x" + Long.toHexString(id);
    }
}
