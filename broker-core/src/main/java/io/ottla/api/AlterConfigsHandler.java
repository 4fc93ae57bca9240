package io.ottla.api;

import io.ottla.config.ConfigCatalog;
import io.ottla.config.ConfigOperation;
import io.ottla.config.LoggerLevels;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.peer.ControllerChannel;
import io.ottla.security.Authorizer;
import io.ottla.types.Caller;
import io.ottla.types.Failure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes configuration, each resource for itself (KIP-133, KIP-226, KIP-339, KIP-412, KIP-848): AlterConfigs and
 * IncrementalAlterConfigs. A broker does what only it can: it sets levels of its own loggers, judges settings of its
 * own, and encrypts secrets among them. All else it hands on to the controller. What is answered as done is in force.
 *
 * <p>What is for one broker must be asked of that broker; the rest may be asked of any.
 */
final class AlterConfigsHandler<Q extends ApiMessage, A extends ApiMessage> implements ApiHandler<Q, A> {
    private static final Logger LOG = LoggerFactory.getLogger(AlterConfigsHandler.class);

    /** These requests name no timeout; Kafka's brokers wait as long for the controller. */
    static final int PATIENCE_MS = 30_000;

    /** What the handler works with. */
    record Ports(
            int brokerId,
            Supplier<ClusterImage> image,
            OwnSettings own,
            LoggerLevels loggers,
            Authorizer authorizer,
            ControllerChannel channel,
            Executor workers) {}

    private final AlterConfigsKind<Q, A> kind;
    private final ApiSpec<Q, A> spec;
    private final Ports ports;
    private final ConfigAccess access;

    /** @param ports {@code workers} are for encryption */
    AlterConfigsHandler(AlterConfigsKind<Q, A> kind, Ports ports) {
        this.kind = kind;
        this.spec = kind.spec();
        this.ports = ports;
        this.access = new ConfigAccess(ports.authorizer, AclOperation.ALTER_CONFIGS);
    }

    @Override
    public ApiSpec<Q, A> spec() {
        return spec;
    }

    @Override
    public Reply<A> handle(RequestContext context, Q request) {
        List<ConfigChange> changes = kind.changes().apply(request);
        boolean validateOnly = kind.validateOnly().test(request);
        Failure[] failures = new Failure[changes.size()];
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < failures.length; i++) {
            ConfigChange change = changes.get(i);
            failures[i] = fault(context.caller(), change);
            if (failures[i] != null) {
                continue;
            }
            if (change.resourceType() == ConfigResource.Type.BROKER_LOGGER) {
                failures[i] = LoggerChange.make(ports.loggers, change.operations(), validateOnly);
            } else {
                places.add(i);
            }
        }
        if (places.isEmpty()) {
            return Reply.of(kind.answer().apply(changes, Arrays.asList(failures)));
        }
        Reply<A> reply = Reply.later();
        if (places.stream().anyMatch(place -> holdsSecrets(changes.get(place)))) {
            ports.workers.execute(() -> {
                try {
                    handOn(context, changes, failures, places, validateOnly, reply);
                } catch (RuntimeException broken) {
                    LOG.error("Settings of this broker could not be encrypted", broken);
                    reply.complete(spec.refusal().apply(request, Errors.UNKNOWN_SERVER_ERROR));
                }
            });
        } else {
            handOn(context, changes, failures, places, validateOnly, reply);
        }
        return reply;
    }

    private static boolean holdsSecrets(ConfigChange change) {
        return change.resourceType() == ConfigResource.Type.BROKER
                && change.operations().stream().anyMatch(OwnSettings::isSecret);
    }

    /** What this broker has against a change; null where it has nothing. */
    private Failure fault(Caller caller, ConfigChange change) {
        ConfigResource.Type type = change.resourceType();
        Errors denied = access.denied(caller, type, change.name());
        if (denied != Errors.NONE) {
            return Failure.of(denied);
        }
        if (change.fault() != null) {
            return change.fault();
        }
        return switch (type) {
            case TOPIC, GROUP -> null;
            case BROKER -> brokerFault(change);
            case BROKER_LOGGER ->
                change.replacing() ? unknownType(change) : ThisBroker.fault(ports.brokerId, change.name());
            case CLIENT_METRICS ->
                Failure.of(
                        Errors.INVALID_REQUEST,
                        "Subscriptions to clients' metrics can't be made: this broker does not take clients' metrics");
            case UNKNOWN -> unknownType(change);
        };
    }

    private static Failure unknownType(ConfigChange change) {
        return Failure.of(Errors.INVALID_REQUEST, "Unknown resource type " + change.type());
    }

    private Failure brokerFault(ConfigChange change) {
        boolean forOne = !change.name().isEmpty();
        Failure another = forOne ? ThisBroker.faultOrAll(ports.brokerId, change.name()) : null;
        if (another != null) {
            return another;
        }
        if (holdsSecrets(change) && !ports.own.canKeepSecrets()) {
            return Failure.of(
                    Errors.INVALID_REQUEST,
                    "Secrets can't be set while the broker runs, for there is no key to encrypt them with: set"
                            + " password.encoder.secret and start the broker again");
        }
        ConfigResourceName resource = new ConfigResourceName(ConfigResource.Type.BROKER, change.name());
        Map<String, String> before = change.replacing()
                ? Map.of()
                : ports.image.get().config(resource).values();
        ConfigOperation.Outcome outcome = ConfigOperation.apply(
                before, change.operations(), name -> ConfigCatalog.find(ConfigResource.Type.BROKER, name));
        return switch (outcome) {
            case ConfigOperation.Outcome.Refused(Failure failure) -> failure;
            case ConfigOperation.Outcome.Altered(Map<String, String> after) -> {
                Set<String> asked = change.operations().stream()
                        .filter(operation -> operation.kind() != ConfigOperation.Kind.DELETE)
                        .map(ConfigOperation::name)
                        .collect(Collectors.toSet());
                yield ports.own.refusal(after, asked, forOne);
            }
        };
    }

    /** @param places of the changes that the controller decides */
    private void handOn(
            RequestContext context,
            List<ConfigChange> changes,
            Failure[] failures,
            List<Integer> places,
            boolean validateOnly,
            Reply<A> reply) {
        List<ConfigChange> rest =
                places.stream().map(changes::get).map(this::sealed).toList();
        ports.channel
                .forward(
                        context.caller(),
                        kind.request().apply(rest, validateOnly),
                        context.apiVersion(),
                        context.deadlineNs(PATIENCE_MS))
                .whenComplete((answer, broken) -> {
                    List<Failure> decided = broken == null ? decided(answer) : all(rest.size(), broken);
                    if (broken == null) {
                        reply.throttled(throttled(answer));
                    }
                    for (int i = 0; i < places.size(); i++) {
                        failures[places.get(i)] = decided.get(i);
                    }
                    reply.complete(kind.answer().apply(changes, Arrays.asList(failures)));
                });
    }

    private ConfigChange sealed(ConfigChange change) {
        if (!holdsSecrets(change)) {
            return change;
        }
        return change.with(change.operations().stream()
                .map(operation -> OwnSettings.isSecret(operation)
                        ? ConfigOperation.set(operation.name(), ports.own.keep(operation.value()))
                        : operation)
                .toList());
    }

    @SuppressWarnings("unchecked") // a key has one class of answers
    private List<Failure> decided(ApiMessage answer) {
        return kind.failures().apply((A) answer);
    }

    @SuppressWarnings("unchecked") // as above
    private int throttled(ApiMessage answer) {
        return kind.throttled().applyAsInt((A) answer);
    }

    private static List<Failure> all(int count, Throwable broken) {
        Throwable cause = broken instanceof CompletionException ? broken.getCause() : broken;
        return Collections.nCopies(count, Failure.of(Errors.forException(cause)));
    }
}
