package io.ottla.api;

import io.ottla.config.ConfigOperation;
import io.ottla.config.LoggerLevels;
import io.ottla.types.Failure;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;

/** Changes levels of this process's loggers, all that are asked for or none (KIP-412). They hold until it stops. */
final class LoggerChange {
    private LoggerChange() {}

    /** Null where it was done, or could be. */
    static Failure make(LoggerLevels loggers, List<ConfigOperation> operations, boolean validateOnly) {
        Set<String> known = loggers.levels().keySet();
        for (ConfigOperation operation : operations) {
            Failure fault = fault(known, operation);
            if (fault != null) {
                return fault;
            }
        }
        if (!validateOnly) {
            for (ConfigOperation operation : operations) {
                String logger = LoggerLevels.named(operation.name());
                if (operation.kind() == ConfigOperation.Kind.SET) {
                    loggers.set(logger, operation.value());
                } else {
                    loggers.unset(logger);
                }
            }
        }
        return null;
    }

    private static Failure fault(Set<String> known, ConfigOperation operation) {
        String logger = LoggerLevels.named(operation.name());
        return switch (operation.kind()) {
            case APPEND, SUBTRACT ->
                Failure.of(
                        Errors.INVALID_REQUEST,
                        operation.kind() + " operation is not allowed for the BROKER_LOGGER resource");
            case DELETE ->
                logger.equals(LoggerLevels.ROOT)
                        ? Failure.of(
                                Errors.INVALID_REQUEST,
                                "Removing the log level of the " + LoggerLevels.ROOT + " logger is not allowed")
                        : unknown(known, logger);
            case SET ->
                LoggerLevels.SETTABLE.contains(operation.value())
                        ? unknown(known, logger)
                        : Failure.of(
                                Errors.INVALID_CONFIG,
                                "Cannot set the log level of " + logger + " to " + operation.value()
                                        + " as it is not a supported log level. Valid log levels are "
                                        + String.join(
                                                ", ",
                                                LoggerLevels.SETTABLE.stream()
                                                        .sorted()
                                                        .toList()));
        };
    }

    private static Failure unknown(Set<String> known, String logger) {
        return known.contains(logger)
                ? null
                : Failure.of(Errors.INVALID_CONFIG, "Logger " + logger + " does not exist!");
    }
}
