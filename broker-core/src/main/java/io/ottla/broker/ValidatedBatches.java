package io.ottla.broker;

import io.ottla.api.BatchChecks;
import io.ottla.config.TopicProperties;
import io.ottla.record.BatchValidator;
import io.ottla.record.Validation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Produced batches are judged by the record room. Thread-safe. */
final class ValidatedBatches implements BatchChecks {
    private final BatchValidator validator;

    ValidatedBatches(BatchValidator validator) {
        this.validator = validator;
    }

    @Override
    public boolean mustLeaveLoop(ByteBuffer records, TopicProperties properties) {
        return validator.mustLeaveLoop(records, properties.batchRules());
    }

    @Override
    public Outcome check(ByteBuffer records, short apiVersion, TopicProperties properties, long nowMs) {
        return switch (validator.check(records, apiVersion, properties.batchRules())) {
            case Validation.Accepted(var batches) -> new Outcome.Passed(batches);
            case Validation.Rejected(var failure, var errors) -> new Outcome.Failed(failure, faults(errors));
        };
    }

    private static List<RecordFault> faults(List<Validation.RecordError> errors) {
        List<RecordFault> faults = new ArrayList<>(errors.size());
        for (Validation.RecordError error : errors) {
            faults.add(new RecordFault(error.batchIndex(), error.message()));
        }
        return faults;
    }
}
