package io.ottla.console.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.pages.Addresses;
import io.ottla.console.rest.Links.Metadata;
import io.ottla.console.scram.ScramUser;
import java.util.List;

/** A SCRAM user; nothing of his password. */
record ScramUserData(
        String kind,
        Metadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("user_name") String userName,
        List<Credential> credentials) {
    /** What he logs in by. */
    record Credential(String mechanism, int iterations) {}

    static ScramUserData of(ScramUser user, Links links) {
        return new ScramUserData(
                "ScramUser",
                links.metadata("/scram-users/" + Addresses.segment(user.name())),
                links.cluster(),
                user.name(),
                user.credentials().stream()
                        .map(each -> new Credential(each.mechanismName(), each.iterations()))
                        .toList());
    }
}
