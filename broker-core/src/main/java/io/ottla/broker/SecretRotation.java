package io.ottla.broker;

import io.ottla.config.BrokerConfig;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.peer.ControllerChannel;
import io.ottla.time.Clock;
import io.ottla.types.BrokerId;
import io.ottla.types.Caller;
import io.ottla.types.Principal;
import java.net.InetAddress;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encrypts this broker's stored secrets anew where only {@code password.encoder.old.secret} opens them (KIP-226), so
 * that the old one can be taken out of the configuration after a start. The controller writes them, wherever it is.
 */
final class SecretRotation {
    private static final Logger LOG = LoggerFactory.getLogger(SecretRotation.class);
    /** How long the controller is looked for. */
    private static final long PATIENCE_NS = 30_000_000_000L;

    private SecretRotation() {}

    static void run(
            BrokerId self,
            ClusterImage image,
            BrokerConfig config,
            ControllerChannel channel,
            RandomGenerator random,
            Clock clock) {
        ConfigResourceName own = ConfigResourceName.broker(self.value());
        Map<String, String> outdated =
                config.secretsToRenew(image.config(own).values());
        if (outdated.isEmpty()) {
            return;
        }
        AlterConfigsResource resource =
                new AlterConfigsResource().setResourceType(own.type().id()).setResourceName(own.name());
        outdated.forEach((name, secret) -> resource.configs()
                .add(new AlterableConfig()
                        .setName(name)
                        .setConfigOperation(AlterConfigOp.OpType.SET.id())
                        .setValue(config.secrets().keep(secret, random))));
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request.resources().add(resource);
        channel.forward(
                        new Caller(Principal.BROKER, InetAddress.getLoopbackAddress(), ""),
                        request,
                        ApiKeys.INCREMENTAL_ALTER_CONFIGS.latestVersion(),
                        clock.monotonicNs() + PATIENCE_NS)
                .whenComplete((answer, broken) -> report(outdated.keySet(), answer, broken));
    }

    private static void report(Set<String> names, ApiMessage answer, Throwable broken) {
        if (broken != null) {
            LOG.error("Could not encrypt anew: {}: {}", names, broken.toString());
            return;
        }
        IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse done =
                ((IncrementalAlterConfigsResponseData) answer).responses().getFirst();
        if (done.errorCode() == Errors.NONE.code()) {
            LOG.info("Encrypted anew by password.encoder.secret: {}", names);
        } else {
            LOG.error("Could not encrypt anew: {}: {} {}", names, Errors.forCode(done.errorCode()), done.errorMessage());
        }
    }
}
