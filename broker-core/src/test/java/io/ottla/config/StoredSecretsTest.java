package io.ottla.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.config.StoredSecrets.Opened;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The samples are what the encoder of Kafka 3.9.2 made, by the secret "secret". */
class StoredSecretsTest {
    private static final String CBC =
            "initializationVector:924Osu5iAsT+ihaQniLZNQ==,keyLength:128,salt:hbCEOwXovSLhTKUvM"
                    + "jnBuzHd/vQFoJHMB/dmlUn+YEYNMkoGwPXGejxDxtn5OU4ofxS610NaitZpgIQgIxyPnrqihld1p/XbXJUrG9plHe89ERTqWM8vVeLxh4rWP"
                    + "gvdfpZC0DoWUnBuiC3CdC70UEQy5l168rHsV2SAE0zgoZedKUyUa1iZTLzPZdKaW+SZX7XZ00qWwAq34EnVHOC3X1QaPPQivFacts89QF1q"
                    + "P2nF++y/edieSPBItHB/S/72kTfHvtCOpfEeTXsfmV4JmwqNFV1Z4TT1ZjTcBb0TbRhi/qR6QRj1FfEF7Z8URV/VkWi9+v/Pt25NqEXicYy"
                    + "3Xg==,keyFactoryAlgorithm:PBKDF2WithHmacSHA512,cipherAlgorithm:AES/CBC/PKCS5Padding,iterations:4096,"
                    + "passwordLength:7,encryptedPassword:2frHt34M3MpoTPmYzp6x+Q==";
    private static final String GCM =
            "initializationVector:ZkSKHvix85iq+5XQ,keyLength:256,salt:NbVwzo8T4s+EbvrHococFNd7rd"
                    + "yD4FApCLzTQKwbe1EIjL1DSoIpphJkpgvwbsKNnh/WJHIkY5lpaiCb5r9Dkz1u4NCz/LxmhiFdDwweGLQUcTZQNF+Wu5dwzQzUVfGv+pyAf"
                    + "hOLzOwkbpV25ZfkNsQp76dTDCdPY++KvCvNeIb31mHmE6TKcrLv/evY4ETEvG2SFqb7aXUBgCyE3OlZWQCGkxpGE4AYMl2Th864xrLopgWt"
                    + "cAVFyUxsv+g+T7eWi2Dxl6RelG7a/Ee3Wn1F3bGjDrbzCxPWbX87mpda5gCF1ZOYLbqAXpU8Wy1CiQQCVhae8YiHDr0tyrtY0NEwew==,"
                    + "keyFactoryAlgorithm:PBKDF2WithHmacSHA1,cipherAlgorithm:AES/GCM/NoPadding,authenticationTagLength:128,"
                    + "iterations:1024,passwordLength:21,encryptedPassword:Mk2b07/AEowduexbt2nwVtQr317KuAmcXuastN9P1n8eolK6Z6A=";
    private static final String DES =
            "initializationVector:1DnPyQxfdLc=,keyLength:64,salt:VRXbASHGJsstOn/pwo1s4FmAeo9nXYU"
                    + "ggJSwQo0wPmM9RAnAV6+yor7qjHaKGS66qAbRpfXH7crN4y96mJjwhOEbt0DJzGbrVijYWhHXwaTHg90E7CaaxB6/rCXAQY6+zZ+cA8Nxf"
                    + "XAOWvZhtcpiwtXqoNNeLzsUZGsWeGzoW6iF94ygfnmvcQyktcFQkAIZivk/8nYLjje1BW9fS8s0V+4GWvp9INpU0lMtnUYsFkq+0erClhvc"
                    + "U/4ZCvF/lhrTXTU8OviPS6R8HpE9X+Q2kNbWhvw+EN7mEbSANO08wWk/0JFGgj7FK7ENAKG+OxY63g6ecsKekHUOyXYzaKMHwQ==,"
                    + "keyFactoryAlgorithm:PBKDF2WithHmacSHA256,cipherAlgorithm:DES/CBC/PKCS5Padding,iterations:1024,"
                    + "passwordLength:0,encryptedPassword:iiiCr6yDjIU=";

    private static StoredSecrets secrets(String... more) {
        Map<String, String> settings = new HashMap<>();
        for (int i = 0; i < more.length; i += 2) {
            settings.put("password.encoder." + more[i], more[i + 1]);
        }
        return BrokerConfig.of(settings).secrets();
    }

    @Test
    void shouldOpenWhatKafkaHasKept() {
        StoredSecrets secrets = secrets("secret", "secret");

        assertThat(secrets.open(CBC)).isEqualTo(new Opened.Secret("hunter2", false));
        assertThat(secrets.open(GCM)).isEqualTo(new Opened.Secret("passwörd, with: signs", false));
        assertThat(secrets.open(DES)).isEqualTo(new Opened.Secret("", false));
    }

    @ParameterizedTest
    @CsvSource({
        "AES/CBC/PKCS5Padding, 128, PBKDF2WithHmacSHA512, 4096",
        "AES/GCM/NoPadding, 256, PBKDF2WithHmacSHA1, 1024",
        "DES/CBC/PKCS5Padding, 64, PBKDF2WithHmacSHA256, 2000"
    })
    void shouldKeepSecretsInKafkasFormat(String cipher, String bits, String factory, String iterations) {
        StoredSecrets secrets = secrets(
                "secret",
                "key",
                "cipher.algorithm",
                cipher,
                "key.length",
                bits,
                "keyfactory.algorithm",
                factory,
                "iterations",
                iterations);

        String kept = secrets.keep("ünter2", new SplittableRandom(1));

        assertThat(kept.split(","))
                .contains(
                        "cipherAlgorithm:" + cipher,
                        "keyLength:" + bits,
                        "keyFactoryAlgorithm:" + factory,
                        "iterations:" + iterations,
                        "passwordLength:6");
        assertThat(kept).doesNotContain("nter2").isNotEqualTo(secrets.keep("ünter2", new SplittableRandom(2)));
        assertThat(secrets("secret", "key").open(kept)).isEqualTo(new Opened.Secret("ünter2", false));
    }

    @Test
    void shouldOpenWithTheOldSecretAndSayThatItIsOutdated() {
        assertThat(secrets("secret", "new", "old.secret", "secret").open(CBC))
                .isEqualTo(new Opened.Secret("hunter2", true));
    }

    @Test
    void shouldNotOpenWithoutTheRightSecret() {
        assertThat(secrets().open(CBC)).isInstanceOf(Opened.Sealed.class);
        assertThat(secrets("secret", "wrong").open(CBC)).isInstanceOf(Opened.Sealed.class);
        assertThat(secrets("secret", "wrong").open(GCM)).isInstanceOf(Opened.Sealed.class);
        assertThat(secrets().canKeep()).isFalse();
        assertThatThrownBy(() -> secrets().keep("x", new SplittableRandom(1)))
                .isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hunter2",
                "a:b,c",
                "iterations:9,salt:????",
                "keyLength:128,salt:AAAA,keyFactoryAlgorithm:none,cipherAlgorithm:AES,iterations:1,passwordLength:1,"
                        + "encryptedPassword:AAAA,initializationVector:AAAA",
            })
    void shouldNotBreakOnWhatIsNoSecret(String stored) {
        assertThat(secrets("secret", "secret").open(stored)).isInstanceOf(Opened.Sealed.class);
    }

    @Test
    void shouldNotBeKeptBusyByWhatAnybodyCanWrite() {
        assertThat(secrets("secret", "secret").open(CBC.replace("iterations:4096", "iterations:2147483647")))
                .isInstanceOf(Opened.Sealed.class);
    }

    @ParameterizedTest
    @CsvSource({"cipher.algorithm, none", "key.length, 100", "keyfactory.algorithm, none"})
    void shouldFindAtTheStartThatNothingCanBeEncrypted(String name, String value) {
        assertThatThrownBy(() -> secrets("secret", "s", name, value))
                .hasMessageContaining("password.encoder.cipher.algorithm");
        assertThat(secrets(name, value).canKeep())
                .as("nobody needs it without a secret")
                .isFalse();
    }
}
