package io.ottla.api;

import io.ottla.config.ConfigOperation;
import io.ottla.types.Failure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * A resource of a request that changes configuration, of either kind, read and written.
 *
 * @param type as it came, which may stand for nothing
 * @param replacing whether all that is set so far goes (AlterConfigs)
 * @param fault what is wrong with it in itself; null where nothing is
 */
record ConfigChange(byte type, String name, List<ConfigOperation> operations, boolean replacing, Failure fault) {
    /** What one request may change, so that it does not keep the controller from all others. */
    static final int MAX_RESOURCES = 10_000;

    ConfigResource.Type resourceType() {
        return ConfigResource.Type.forId(type);
    }

    /** The same with other operations. */
    ConfigChange with(List<ConfigOperation> others) {
        return new ConfigChange(type, name, others, replacing, fault);
    }

    private ConfigChange failing(Failure failure) {
        return new ConfigChange(type, name, operations, replacing, failure);
    }

    static List<ConfigChange> of(AlterConfigsRequestData request) {
        List<ConfigChange> changes = new ArrayList<>(request.resources().size());
        for (AlterConfigsResource resource : request.resources()) {
            List<ConfigOperation> operations = new ArrayList<>();
            resource.configs().forEach(config -> operations.add(ConfigOperation.set(config.name(), config.value())));
            changes.add(new ConfigChange(
                    resource.resourceType(), resource.resourceName(), operations, true, fault(operations)));
        }
        return unique(changes);
    }

    static List<ConfigChange> of(IncrementalAlterConfigsRequestData request) {
        List<ConfigChange> changes = new ArrayList<>(request.resources().size());
        for (IncrementalAlterConfigsRequestData.AlterConfigsResource resource : request.resources()) {
            List<ConfigOperation> operations = new ArrayList<>();
            Failure fault = null;
            for (IncrementalAlterConfigsRequestData.AlterableConfig config : resource.configs()) {
                ConfigOperation.Kind kind = ConfigOperation.Kind.of(config.configOperation());
                if (kind == null) {
                    fault = Failure.of(Errors.INVALID_REQUEST, "Unknown operation type " + config.configOperation());
                } else {
                    operations.add(new ConfigOperation(config.name(), kind, config.value()));
                }
            }
            changes.add(new ConfigChange(
                    resource.resourceType(),
                    resource.resourceName(),
                    operations,
                    false,
                    fault == null ? fault(operations) : fault));
        }
        return unique(changes);
    }

    private static Failure fault(List<ConfigOperation> operations) {
        Set<String> names = new HashSet<>();
        List<String> nulls = new ArrayList<>();
        for (ConfigOperation operation : operations) {
            if (!names.add(operation.name())) {
                return Failure.of(Errors.INVALID_REQUEST, "Error due to duplicate config keys: " + operation.name());
            }
            if (operation.value() == null && operation.kind() != ConfigOperation.Kind.DELETE) {
                nulls.add(operation.name());
            }
        }
        return nulls.isEmpty()
                ? null
                : Failure.of(Errors.INVALID_REQUEST, "Null value not supported for : " + String.join(", ", nulls));
    }

    /** A resource that is named more than once is refused each time, and all where there are too many. */
    private static List<ConfigChange> unique(List<ConfigChange> changes) {
        if (changes.size() > MAX_RESOURCES) {
            Failure tooMany = Failure.of(
                    Errors.INVALID_REQUEST,
                    "Expected at most " + MAX_RESOURCES + " resources in one request, but there are " + changes.size());
            return changes.stream().map(change -> change.failing(tooMany)).toList();
        }
        record Key(byte type, String name) {}
        Set<Key> seen = new HashSet<>();
        Set<Key> twice = new HashSet<>();
        changes.forEach(change -> {
            Key key = new Key(change.type, change.name);
            if (!seen.add(key)) {
                twice.add(key);
            }
        });
        if (twice.isEmpty()) {
            return changes;
        }
        Failure failure = Failure.of(Errors.INVALID_REQUEST, "Each resource must appear at most once.");
        return changes.stream()
                .map(change -> twice.contains(new Key(change.type, change.name)) ? change.failing(failure) : change)
                .toList();
    }

    static AlterConfigsRequestData requestToReplace(List<ConfigChange> changes, boolean validateOnly) {
        AlterConfigsRequestData request = new AlterConfigsRequestData().setValidateOnly(validateOnly);
        for (ConfigChange change : changes) {
            AlterConfigsResource resource =
                    new AlterConfigsResource().setResourceType(change.type).setResourceName(change.name);
            for (ConfigOperation operation : change.operations) {
                resource.configs()
                        .add(new AlterConfigsRequestData.AlterableConfig()
                                .setName(operation.name())
                                .setValue(operation.value()));
            }
            request.resources().add(resource);
        }
        return request;
    }

    static IncrementalAlterConfigsRequestData requestToAlter(List<ConfigChange> changes, boolean validateOnly) {
        IncrementalAlterConfigsRequestData request =
                new IncrementalAlterConfigsRequestData().setValidateOnly(validateOnly);
        for (ConfigChange change : changes) {
            IncrementalAlterConfigsRequestData.AlterConfigsResource resource =
                    new IncrementalAlterConfigsRequestData.AlterConfigsResource()
                            .setResourceType(change.type)
                            .setResourceName(change.name);
            for (ConfigOperation operation : change.operations) {
                resource.configs()
                        .add(new IncrementalAlterConfigsRequestData.AlterableConfig()
                                .setName(operation.name())
                                .setConfigOperation(operation.kind().wire())
                                .setValue(operation.value()));
            }
            request.resources().add(resource);
        }
        return request;
    }

    /** @param failures of each change; null where it was done */
    static AlterConfigsResponseData replaced(List<ConfigChange> changes, List<Failure> failures) {
        AlterConfigsResponseData answer = new AlterConfigsResponseData();
        for (int i = 0; i < changes.size(); i++) {
            Failure failure = failures.get(i);
            answer.responses()
                    .add(new AlterConfigsResourceResponse()
                            .setErrorCode(failure == null ? 0 : failure.error().code())
                            .setErrorMessage(failure == null ? null : failure.text())
                            .setResourceType(changes.get(i).type)
                            .setResourceName(changes.get(i).name));
        }
        return answer;
    }

    /** @param failures of each change; null where it was done */
    static IncrementalAlterConfigsResponseData altered(List<ConfigChange> changes, List<Failure> failures) {
        IncrementalAlterConfigsResponseData answer = new IncrementalAlterConfigsResponseData();
        for (int i = 0; i < changes.size(); i++) {
            Failure failure = failures.get(i);
            answer.responses()
                    .add(new IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse()
                            .setErrorCode(failure == null ? 0 : failure.error().code())
                            .setErrorMessage(failure == null ? null : failure.text())
                            .setResourceType(changes.get(i).type)
                            .setResourceName(changes.get(i).name));
        }
        return answer;
    }

    /** What the controller said of each change that it was handed; null where it was done. */
    static List<Failure> failures(AlterConfigsResponseData answer) {
        return answer.responses().stream()
                .map(response -> failure(response.errorCode(), response.errorMessage()))
                .collect(ArrayList::new, ArrayList::add, ArrayList::addAll);
    }

    static List<Failure> failures(IncrementalAlterConfigsResponseData answer) {
        return answer.responses().stream()
                .map(response -> failure(response.errorCode(), response.errorMessage()))
                .collect(ArrayList::new, ArrayList::add, ArrayList::addAll);
    }

    private static Failure failure(short code, String message) {
        return code == 0 ? null : Failure.of(Errors.forCode(code), message);
    }
}
