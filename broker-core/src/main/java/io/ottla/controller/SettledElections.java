package io.ottla.controller;

import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

/**
 * Elections that are due since settings have changed by which they are held: a topic may allow unclean ones by now, or
 * a smaller in-sync set may be enough, so that nobody is eligible beside it any more.
 */
final class SettledElections {
    private final Elections elections;
    private final Set<String> topics = new LinkedHashSet<>();
    private boolean everywhere;

    SettledElections(Elections elections) {
        this.elections = elections;
    }

    void changed(ConfigResourceName resource, ConfigImage before, ConfigImage after) {
        for (String setting : ElectionRules.SETTINGS) {
            if (Objects.equals(before.values().get(setting), after.values().get(setting))) {
                continue;
            }
            switch (resource.type()) {
                case TOPIC -> topics.add(resource.name());
                case BROKER -> everywhere = everywhere || resource.name().isEmpty();
                case GROUP, CLIENT_METRICS, BROKER_LOGGER, UNKNOWN -> {}
            }
        }
    }

    Elections.Tally hold(Draft draft) {
        if (everywhere) {
            return elections.everywhere(draft, Elections.Returned.NOBODY);
        }
        return topics.isEmpty() ? Elections.Tally.NONE : elections.among(draft, topics, Elections.Returned.NOBODY);
    }
}
