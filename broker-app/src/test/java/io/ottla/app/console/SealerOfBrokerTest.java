package io.ottla.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.BrokerConfig;
import io.ottla.console.state.Sealer;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SealerOfBrokerTest {
    private static Sealer sealer(Map<String, String> settings) {
        return new SealerOfBroker(BrokerConfig.of(settings));
    }

    @Test
    void shouldEncryptByTheBrokersSecretAndByNothingWithoutOne() {
        // given
        Sealer with = sealer(Map.of("password.encoder.secret", "the-key"));
        Sealer without = sealer(Map.of());
        Sealer renewed =
                sealer(Map.of("password.encoder.secret", "the-next-key", "password.encoder.old.secret", "the-key"));

        // when
        String sealed = with.seal("{\"ssl.truststore.password\":\"very-secret\"}");

        // then
        assertThat(sealed).doesNotContain("very-secret");
        assertThat(with.open(sealed))
                .isEqualTo(new Sealer.Opened.Text("{\"ssl.truststore.password\":\"very-secret\"}", false));
        assertThat(renewed.open(sealed))
                .isInstanceOfSatisfying(
                        Sealer.Opened.Text.class,
                        text -> assertThat(text.outdated()).isTrue());
        assertThat(without.canSeal()).isFalse();
        assertThat(without.open(sealed))
                .isEqualTo(new Sealer.Opened.Closed("it is encrypted, and password.encoder.secret is not set"));
    }
}
