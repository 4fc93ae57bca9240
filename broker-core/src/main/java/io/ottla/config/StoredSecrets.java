package io.ottla.config;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Secrets among a broker's dynamic settings, as ZooKeeper keeps them: encrypted by a key that is made of
 * {@code password.encoder.secret} (KIP-226). Immutable. Making a key takes milliseconds: not for event loops.
 *
 * <pre>
 *   name:value,name:value,…                    in any order; bytes are in Base64
 *   keyFactoryAlgorithm    PBKDF2WithHmacSHA512
 *   keyLength              128                 bits
 *   salt                   256 random bytes
 *   iterations             4096
 *   cipherAlgorithm        AES/CBC/PKCS5Padding
 *   initializationVector   of the cipher
 *   authenticationTagLength  128               bits; of ciphers in GCM only
 *   encryptedPassword      the text in UTF-8, encrypted
 *   passwordLength         its characters, to tell a wrong key
 * </pre>
 */
public final class StoredSecrets {
    private static final String KEY_FACTORY = "PBKDF2WithHmacSHA512";
    private static final int SALT_BYTES = 256;
    private static final int GCM_VECTOR_BYTES = 12;
    private static final int GCM_TAG_BITS = 128;
    /** What is read from ZooKeeper must not keep a thread busy for long. */
    private static final int MAX_ITERATIONS = 10_000_000;

    private final String secret;
    private final String oldSecret;
    private final String keyFactory;
    private final String cipher;
    private final int keyBits;
    private final int iterations;

    private StoredSecrets(ConfigValues values) {
        this.secret = values.textOrNull("password.encoder.secret");
        this.oldSecret = values.textOrNull("password.encoder.old.secret");
        String named = values.textOrNull("password.encoder.keyfactory.algorithm");
        this.keyFactory = named == null || named.isEmpty() ? KEY_FACTORY : named;
        this.cipher = values.text("password.encoder.cipher.algorithm");
        this.keyBits = values.integer("password.encoder.key.length");
        this.iterations = values.integer("password.encoder.iterations");
    }

    /** By the {@code password.encoder.} settings. */
    static StoredSecrets of(ConfigValues values) {
        return new StoredSecrets(values);
    }

    /** What was found where a secret is kept. */
    public sealed interface Opened {
        /** @param outdated whether only {@code password.encoder.old.secret} opens it */
        record Secret(String text, boolean outdated) implements Opened {}

        record Sealed(String why) implements Opened {}
    }

    /** Whether secrets can be kept: whether there is a key. */
    public boolean canKeep() {
        return secret != null;
    }

    /** Why these settings can't encrypt anything; null where they can, or need not. */
    String refusal(RandomGenerator random) {
        if (secret == null) {
            return null;
        }
        try {
            seal("", random);
            return null;
        } catch (GeneralSecurityException | RuntimeException e) {
            return e.getMessage();
        }
    }

    /** Encrypts a secret. There must be a key. */
    public String keep(String text, RandomGenerator random) {
        if (secret == null) {
            throw new IllegalStateException("Expected password.encoder.secret to be set, but it is not");
        }
        try {
            return seal(text, random);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "Expected a cipher that was tried at the start, but it fails: " + e.getMessage(), e);
        }
    }

    private String seal(String text, RandomGenerator random) throws GeneralSecurityException {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        Cipher sealing = Cipher.getInstance(cipher);
        boolean gcm = isGcm(cipher);
        byte[] vector = new byte[gcm ? GCM_VECTOR_BYTES : sealing.getBlockSize()];
        random.nextBytes(vector);
        SecretKey key = key(secret, keyFactory, cipher, salt, iterations, keyBits);
        sealing.init(Cipher.ENCRYPT_MODE, key, parameters(gcm, vector, GCM_TAG_BITS));
        byte[] sealed = sealing.doFinal(text.getBytes(StandardCharsets.UTF_8));
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("keyFactoryAlgorithm", keyFactory);
        fields.put("keyLength", Integer.toString(keyBits));
        fields.put("salt", Base64.getEncoder().encodeToString(salt));
        fields.put("iterations", Integer.toString(iterations));
        fields.put("cipherAlgorithm", cipher);
        fields.put("initializationVector", Base64.getEncoder().encodeToString(vector));
        if (gcm) {
            fields.put("authenticationTagLength", Integer.toString(GCM_TAG_BITS));
        }
        fields.put("encryptedPassword", Base64.getEncoder().encodeToString(sealed));
        fields.put("passwordLength", Integer.toString(text.length()));
        StringBuilder line = new StringBuilder();
        fields.forEach((name, value) ->
                line.append(line.isEmpty() ? "" : ",").append(name).append(':').append(value));
        return line.toString();
    }

    /** Reads a secret that this broker or Kafka's has kept. */
    public Opened open(String stored) {
        if (secret == null && oldSecret == null) {
            return new Opened.Sealed("it is encrypted, and password.encoder.secret is not set");
        }
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : stored.split(",", -1)) {
            int colon = field.indexOf(':');
            if (colon > 0) {
                fields.put(field.substring(0, colon), field.substring(colon + 1));
            }
        }
        String text = secret == null ? null : open(fields, secret);
        if (text != null) {
            return new Opened.Secret(text, false);
        }
        text = oldSecret == null ? null : open(fields, oldSecret);
        return text == null
                ? new Opened.Sealed("it is not encrypted by password.encoder.secret"
                        + (oldSecret == null ? "" : " nor by password.encoder.old.secret"))
                : new Opened.Secret(text, true);
    }

    /** Null where it can't be opened. */
    private static String open(Map<String, String> fields, String by) {
        try {
            String cipherName = field(fields, "cipherAlgorithm");
            int rounds = Integer.parseInt(field(fields, "iterations"));
            if (rounds > MAX_ITERATIONS) {
                return null;
            }
            SecretKey key = key(
                    by,
                    field(fields, "keyFactoryAlgorithm"),
                    cipherName,
                    Base64.getDecoder().decode(field(fields, "salt")),
                    rounds,
                    Integer.parseInt(field(fields, "keyLength")));
            boolean gcm = isGcm(cipherName);
            byte[] vector = Base64.getDecoder().decode(field(fields, "initializationVector"));
            int tagBits = gcm ? Integer.parseInt(field(fields, "authenticationTagLength")) : 0;
            Cipher opening = Cipher.getInstance(cipherName);
            opening.init(Cipher.DECRYPT_MODE, key, parameters(gcm, vector, tagBits));
            byte[] bytes = opening.doFinal(Base64.getDecoder().decode(field(fields, "encryptedPassword")));
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return text.length() == Integer.parseInt(field(fields, "passwordLength")) ? text.toString() : null;
        } catch (GeneralSecurityException | IllegalArgumentException | CharacterCodingException wrong) {
            return null;
        }
    }

    private static String field(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("Expected " + name + ", but it is not there");
        }
        return value;
    }

    private static SecretKey key(
            String secret, String factory, String cipherName, byte[] salt, int iterations, int keyBits)
            throws GeneralSecurityException {
        PBEKeySpec spec = new PBEKeySpec(secret.toCharArray(), salt, iterations, keyBits);
        byte[] key = SecretKeyFactory.getInstance(factory).generateSecret(spec).getEncoded();
        int mode = cipherName.indexOf('/');
        return new SecretKeySpec(key, mode < 0 ? cipherName : cipherName.substring(0, mode));
    }

    private static boolean isGcm(String cipherName) {
        return cipherName.contains("/GCM/");
    }

    private static AlgorithmParameterSpec parameters(boolean gcm, byte[] vector, int tagBits) {
        return gcm ? new GCMParameterSpec(tagBits, vector) : new IvParameterSpec(vector);
    }
}
