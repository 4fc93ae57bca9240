package io.ottla.app.console;

import io.ottla.config.BrokerConfig;
import io.ottla.config.StoredSecrets;
import io.ottla.console.state.Sealer;
import java.security.SecureRandom;

/** Encrypts secrets of the console as the broker's own are, by {@code password.encoder.secret} where it is set. */
final class SealerOfBroker implements Sealer {
    private final StoredSecrets secrets;
    private final SecureRandom random = new SecureRandom();

    SealerOfBroker(BrokerConfig config) {
        this.secrets = config.secrets();
    }

    @Override
    public boolean canSeal() {
        return secrets.canKeep();
    }

    @Override
    public String seal(String text) {
        return secrets.keep(text, random);
    }

    @Override
    public Opened open(String sealed) {
        return switch (secrets.open(sealed)) {
            case StoredSecrets.Opened.Secret(String text, boolean outdated) -> new Opened.Text(text, outdated);
            case StoredSecrets.Opened.Sealed(String why) -> new Opened.Closed(why);
        };
    }
}
