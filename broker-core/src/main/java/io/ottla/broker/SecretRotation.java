package io.ottla.broker;

import io.ottla.config.BrokerConfig;
import io.ottla.config.ConfigOperation;
import io.ottla.controller.Controller;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.types.Failure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encrypts this broker's stored secrets anew where only {@code password.encoder.old.secret} opens them (KIP-226), so
 * that the old one can be taken out of the configuration after a start.
 */
final class SecretRotation {
    private static final Logger LOG = LoggerFactory.getLogger(SecretRotation.class);

    private SecretRotation() {}

    static void run(
            ConfigResourceName self,
            ClusterImage image,
            BrokerConfig config,
            Controller controller,
            RandomGenerator random) {
        Map<String, String> outdated = config.secretsToRenew(image.config(self).values());
        if (outdated.isEmpty()) {
            return;
        }
        List<ConfigOperation> operations = outdated.entrySet().stream()
                .map(each -> ConfigOperation.set(each.getKey(), config.secrets().keep(each.getValue(), random)))
                .toList();
        controller.alterStored(self, operations).whenComplete((result, broken) -> report(outdated, result, broken));
    }

    private static void report(Map<String, String> outdated, List<Optional<Failure>> result, Throwable broken) {
        Failure failure = broken == null ? result.getFirst().orElse(null) : null;
        if (broken == null && failure == null) {
            LOG.info("Encrypted anew by password.encoder.secret: {}", outdated.keySet());
        } else {
            LOG.error("Could not encrypt anew: {}: {}", outdated.keySet(), broken == null ? failure.text() : broken);
        }
    }
}
