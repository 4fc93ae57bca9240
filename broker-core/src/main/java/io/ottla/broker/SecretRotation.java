package io.ottla.broker;

import io.ottla.config.BrokerConfig;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.peer.RenewedSecrets;
import io.ottla.peer.SecretRenewals;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encrypts this broker's stored secrets anew where only {@code password.encoder.old.secret} opens them (KIP-226), so
 * that the old one can be taken out of the configuration after a start. The controller writes them, wherever it is.
 */
final class SecretRotation {
    private static final Logger LOG = LoggerFactory.getLogger(SecretRotation.class);
    /** How long the controller is looked for. */
    static final long PATIENCE_NS = 30_000_000_000L;

    private static final long RETRY_MS = 200;

    private final RenewedSecrets renewed;
    private final SecretRenewals controller;
    private final Clock clock;
    private final Timer timer;
    private final long deadlineNs;

    private SecretRotation(RenewedSecrets renewed, SecretRenewals controller, Clock clock, Timer timer) {
        this.renewed = renewed;
        this.controller = controller;
        this.clock = clock;
        this.timer = timer;
        this.deadlineNs = clock.monotonicNs() + PATIENCE_NS;
    }

    /** Begins, where there is something to do, and returns at once. */
    static void run(
            BrokerId self,
            ClusterImage image,
            BrokerConfig config,
            SecretRenewals controller,
            RandomGenerator random,
            Clock clock,
            Timer timer) {
        Map<String, String> outdated = config.secretsToRenew(
                image.config(ConfigResourceName.broker(self.value())).values());
        if (outdated.isEmpty()) {
            return;
        }
        Map<String, String> values = new HashMap<>();
        outdated.forEach((name, secret) -> values.put(name, config.secrets().keep(secret, random)));
        new SecretRotation(new RenewedSecrets(self, values), controller, clock, timer).ask();
    }

    private void ask() {
        CompletionStage<Optional<Failure>> asked;
        try {
            asked = controller.secretsRenewed(renewed);
        } catch (RuntimeException e) {
            asked = CompletableFuture.failedFuture(e);
        }
        asked.whenComplete((refusal, broken) -> {
            if (broken == null && refusal.isEmpty()) {
                LOG.info(
                        "Encrypted anew by password.encoder.secret: {}",
                        renewed.values().keySet());
            } else if (clock.monotonicNs() < deadlineNs) {
                timer.schedule(RETRY_MS, this::ask);
            } else {
                LOG.error(
                        "Could not encrypt anew: {}: {}",
                        renewed.values().keySet(),
                        broken == null ? refusal.get().text() : broken.toString());
            }
        });
    }
}
