package io.ottla.controller;

import io.ottla.config.ConfigCatalog;
import io.ottla.config.ConfigOperation;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.MetadataChange;
import io.ottla.types.Failure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;

/** Changes configuration of topics, brokers and groups, each resource for itself (KIP-133, KIP-339). */
final class ConfigAlteration implements ControllerMachine<List<Optional<Failure>>> {
    /** What one resource's configuration may take, so that it fits into a node of the store. */
    static final int MAX_BYTES = 500_000;
    /** What a group's id may take at most for the group to be configured: it becomes the name of a node. */
    static final int MAX_GROUP_BYTES = 1_000;
    /** What all such ids may take together: the store tells them in one answer, which has a bound. */
    static final int MAX_GROUPS_BYTES = 500_000;

    private final List<AlteredConfig> resources;
    private final boolean validateOnly;
    private final ConfigValidator validator;
    private final Policies policies;
    private final Elections elections;
    private SettledElections settled;
    private Elections.Tally tally = Elections.Tally.NONE;
    /** What the ids of all configured groups take; less than 0 while nobody has counted. */
    private long groupsBytes;

    ConfigAlteration(
            List<AlteredConfig> resources,
            boolean validateOnly,
            ConfigValidator validator,
            Policies policies,
            Elections elections) {
        this.resources = resources;
        this.validateOnly = validateOnly;
        this.validator = validator;
        this.policies = policies;
        this.elections = elections;
    }

    @Override
    public List<Optional<Failure>> decide(Draft draft) {
        groupsBytes = -1;
        settled = new SettledElections(elections);
        List<Optional<Failure>> results = new ArrayList<>(resources.size());
        for (AlteredConfig altered : resources) {
            results.add(Optional.ofNullable(alter(draft, altered)));
        }
        tally = settled.hold(draft);
        return results;
    }

    @Override
    public Elections.Tally tally() {
        return tally;
    }

    @Override
    public List<Optional<Failure>> refused(Failure failure) {
        return resources.stream().map(resource -> Optional.of(failure)).toList();
    }

    /** Null where it was done, or could be. */
    private Failure alter(Draft draft, AlteredConfig altered) {
        ConfigResourceName resource = altered.resource();
        Map<String, String> before = draft.image().config(resource).values();
        Failure missing = missing(resource, draft.image());
        if (missing != null) {
            return missing;
        }
        ConfigOperation.Outcome outcome = ConfigOperation.apply(
                altered.replacing() ? Map.of() : before,
                altered.operations(),
                name -> ConfigCatalog.find(resource.type(), name));
        return switch (outcome) {
            case ConfigOperation.Outcome.Refused(Failure failure) -> failure;
            case ConfigOperation.Outcome.Altered(Map<String, String> after) ->
                decide(draft, altered, before, Map.copyOf(after));
        };
    }

    private Failure decide(Draft draft, AlteredConfig altered, Map<String, String> before, Map<String, String> after) {
        ConfigResourceName resource = altered.resource();
        Set<String> asked = altered.operations().stream()
                .filter(operation -> operation.kind() != ConfigOperation.Kind.DELETE)
                .map(ConfigOperation::name)
                .collect(Collectors.toSet());
        Failure unwanted = strictnessFault(draft, resource, asked);
        Failure tooLarge = unwanted != null ? unwanted : sizeFault(after);
        Failure fault = tooLarge != null ? tooLarge : validator.fault(resource, after, asked);
        if (fault != null) {
            return fault;
        }
        Map<String, String> explicit = new HashMap<>(after);
        explicit.keySet().retainAll(asked);
        Failure forbidden = policies.alteration(resource, explicit, after);
        if (forbidden == null && !validateOnly && !after.equals(before)) {
            if (resource.type() == ConfigResource.Type.GROUP && before.isEmpty()) {
                groupsBytes += encoded(resource.name());
            }
            draft.decide(new MetadataChange.ConfigSet(
                    resource, after.isEmpty() ? ConfigImage.EMPTY : new ConfigImage(after)));
            settled.changed(resource, new ConfigImage(before), new ConfigImage(after));
        }
        return forbidden;
    }

    /** Who is eligible to lead depends on it, so that leaders and controller must not differ. Source: KIP-966. */
    private static Failure strictnessFault(Draft draft, ConfigResourceName resource, Set<String> asked) {
        return resource.type() == ConfigResource.Type.BROKER
                        && !resource.name().isEmpty()
                        && asked.contains(ElectionRules.MIN_IN_SYNC)
                        && ElectionRules.keepsEligible(draft.image())
                ? Failure.of(
                        Errors.INVALID_CONFIG,
                        "Broker-level " + ElectionRules.MIN_IN_SYNC + " cannot be altered while "
                                + ElectionRules.ELIGIBLE_REPLICAS
                                + " is at level 1: set it for topics, or for all brokers")
                : null;
    }

    /** Null where the resource can be configured. */
    private Failure missing(ConfigResourceName resource, ClusterImage image) {
        return switch (resource.type()) {
            case TOPIC -> {
                if (resource.name().isEmpty()) {
                    yield Failure.of(Errors.INVALID_REQUEST, "Topics have no settings for all of them: name one");
                }
                String illegal = TopicNames.fault(resource.name());
                if (illegal != null) {
                    yield Failure.of(Errors.INVALID_TOPIC_EXCEPTION, illegal);
                }
                yield image.topic(resource.name()) != null
                        ? null
                        : Failure.of(
                                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                                "The topic '" + resource.name() + "' does not exist.");
            }
            case BROKER -> brokerFault(resource.name());
            case GROUP -> groupFault(resource, image);
            case CLIENT_METRICS, BROKER_LOGGER, UNKNOWN ->
                Failure.of(
                        Errors.INVALID_REQUEST,
                        "Expected a topic, a broker or a group to be configured, but it is " + resource.type());
        };
    }

    private static Failure brokerFault(String name) {
        if (name.isEmpty()) {
            return null;
        }
        try {
            return Integer.parseInt(name) >= 0
                            && Integer.toString(Integer.parseInt(name)).equals(name)
                    ? null
                    : Failure.of(Errors.INVALID_REQUEST, "Invalid broker id: " + name);
        } catch (NumberFormatException e) {
            return Failure.of(Errors.INVALID_REQUEST, "Broker id must be an integer, but it is: " + name);
        }
    }

    private Failure groupFault(ConfigResourceName group, ClusterImage image) {
        if (group.name().isEmpty()) {
            return Failure.of(Errors.INVALID_REQUEST, "Group name must not be empty");
        }
        if (encoded(group.name()) > MAX_GROUP_BYTES) {
            return Failure.of(
                    Errors.INVALID_REQUEST,
                    "Expected a group's id of at most " + MAX_GROUP_BYTES
                            + " bytes when it is encoded as in a URL, but it" + " has " + encoded(group.name()));
        }
        if (image.configs().containsKey(group)) {
            return null;
        }
        if (groupsBytes < 0) {
            groupsBytes = image.configs().keySet().stream()
                    .filter(other -> other.type() == ConfigResource.Type.GROUP)
                    .mapToLong(other -> encoded(other.name()))
                    .sum();
        }
        long all = groupsBytes + encoded(group.name());
        return all <= MAX_GROUPS_BYTES
                ? null
                : Failure.of(
                        Errors.POLICY_VIOLATION,
                        "The ids of all groups with configuration of their own would have " + all
                                + " bytes, which is more than " + MAX_GROUPS_BYTES
                                + "; take away that of groups which no longer need it");
    }

    /** Why configuration does not fit into a node; null where it does. */
    static Failure sizeFault(Map<String, String> configs) {
        int size = size(configs);
        return size <= MAX_BYTES
                ? null
                : Failure.of(
                        Errors.POLICY_VIOLATION,
                        "The configuration would take " + size + " bytes, which is more than the " + MAX_BYTES
                                + " that one resource may have");
    }

    /** How much room configuration takes at most, as the store holds it. */
    static int size(Map<String, String> configs) {
        long size = 0;
        for (Map.Entry<String, String> config : configs.entrySet()) {
            size += 6L + escaped(config.getKey()) + escaped(config.getValue());
        }
        return (int) Math.min(size, Integer.MAX_VALUE);
    }

    /** Bytes of a group's id in a node's name, at most. */
    private static long encoded(String id) {
        long bytes = 0;
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            bytes += c >= 0x80 ? 9 : Character.isLetterOrDigit(c) || c == '-' || c == '_' ? 1 : 3;
        }
        return bytes;
    }

    /** Bytes of a text in JSON, at most. */
    private static long escaped(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += c < ' ' ? 6 : c == '"' || c == '\\' ? 2 : c < 0x80 ? 1 : 3;
        }
        return bytes;
    }
}
