package io.ottla.controller;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.FeaturesImage;
import io.ottla.metadata.MetadataChange;
import io.ottla.types.Failure;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;

/** Sets levels of features, all that are asked for or none (KIP-584, KIP-1022). */
final class FeatureChange implements ControllerMachine<Optional<Failure>> {
    private final List<FeatureUpdate> updates;
    private final boolean validateOnly;
    private final Map<String, Short> supported;
    private final Elections elections;
    private Elections.Tally tally = Elections.Tally.NONE;
    private boolean planned;

    FeatureChange(
            List<FeatureUpdate> updates, boolean validateOnly, Map<String, Short> supported, Elections elections) {
        this.updates = updates;
        this.validateOnly = validateOnly;
        this.supported = supported;
        this.elections = elections;
    }

    @Override
    public Optional<Failure> decide(Draft draft) {
        tally = Elections.Tally.NONE;
        FeaturesImage present = draft.image().features();
        Map<String, Short> levels = new HashMap<>(present.levels());
        Set<String> named = new HashSet<>();
        for (FeatureUpdate update : updates) {
            String fault = named.add(update.feature()) ? fault(update, draft) : "The feature is named more than once.";
            if (fault != null) {
                return Optional.of(Failure.of(
                        Errors.INVALID_UPDATE_VERSION,
                        "No feature was changed, since one can't be: level " + update.level() + " of "
                                + update.feature() + ". " + fault));
            }
            if (update.level() == 0) {
                levels.remove(update.feature());
            } else {
                levels.put(update.feature(), update.level());
            }
        }
        if (!validateOnly && !levels.equals(present.levels())) {
            planned = true;
            boolean kept = ElectionRules.keepsEligible(draft.image());
            draft.decide(new MetadataChange.FeaturesSet(new FeaturesImage(Map.copyOf(levels), present.epoch() + 1)));
            if (kept != ElectionRules.keepsEligible(draft.image())) {
                tally = elections.everywhere(draft, Elections.Returned.NOBODY);
            }
        }
        return Optional.empty();
    }

    @Override
    public Elections.Tally tally() {
        return tally;
    }

    @Override
    public Optional<Failure> refused(Failure failure) {
        return Optional.of(failure);
    }

    /** Null where the level may be set. */
    private String fault(FeatureUpdate update, Draft draft) {
        if (update.direction() == FeatureUpdate.Direction.UNKNOWN) {
            return "The type of the upgrade is none of those that there are.";
        }
        if (update.level() < 0) {
            return "A level can't be less than 0.";
        }
        short most = supported.getOrDefault(update.feature(), (short) 0);
        if (most == 0) {
            return "The controller does not know this feature.";
        }
        if (update.level() > most) {
            return "The controller supports levels 0 to " + most + ".";
        }
        for (Registration registration : draft.registrations().all().values()) {
            BrokerImage broker = registration.broker();
            BrokerImage.VersionRange range = broker.features().get(update.feature());
            short highest = range == null ? 0 : range.max();
            if (update.level() > highest) {
                return "Broker " + broker.id() + " supports levels 0 to " + highest + ".";
            }
        }
        short present = draft.image().features().levels().getOrDefault(update.feature(), (short) 0);
        if (update.level() < present && update.direction() == FeatureUpdate.Direction.UPGRADE && !planned) {
            return "It is at level " + present + "; a lower one needs the type safe or unsafe downgrade.";
        }
        return null;
    }
}
