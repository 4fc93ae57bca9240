package io.ottla.console.overview;

import io.ottla.console.clusters.ClusterDefinition;
import io.ottla.console.clusters.ClusterDefinition.Origin;
import io.ottla.console.clusters.Survey;
import io.ottla.console.words.Wording;

/**
 * A cluster in the overview.
 *
 * @param added whether somebody added it here, so that it can be edited here
 * @param survey null where it does not answer or is switched off
 * @param problem why it does not answer; null where it does
 * @param behind groups that had something left to read when they were last looked at, of those that may be seen; -1 where
 *     nobody has looked
 */
public record ClusterCard(
        String key,
        String name,
        boolean readOnly,
        boolean enabled,
        boolean added,
        Survey survey,
        Wording problem,
        int behind) {
    /** One that tells nothing. */
    static ClusterCard of(ClusterDefinition definition, Wording problem) {
        return of(definition, null, problem, -1);
    }

    static ClusterCard of(ClusterDefinition definition, Survey survey, int behind) {
        return of(definition, survey, null, behind);
    }

    private static ClusterCard of(ClusterDefinition definition, Survey survey, Wording problem, int behind) {
        return new ClusterCard(
                definition.key(),
                definition.name(),
                definition.readOnly(),
                definition.enabled(),
                definition.origin() == Origin.ADDED,
                survey,
                problem,
                behind);
    }

    /** What all replicas take, -1 where no broker tells. */
    public long bytes() {
        return survey.folders().isEmpty()
                ? -1
                : survey.folders().stream()
                        .mapToLong(folder -> folder.logBytes())
                        .sum();
    }
}
