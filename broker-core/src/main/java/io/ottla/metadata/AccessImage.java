package io.ottla.metadata;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.acl.AclBinding;

/**
 * Who may do how much of what. The broker carries it from the store to those who decide; the security issue fills it.
 *
 * @param acls all access lists
 * @param scram credentials as text, by user and mechanism
 * @param quotas by entity, as set
 * @param tokens delegation tokens as text, by id
 */
public record AccessImage(
        Set<AclBinding> acls,
        Map<String, Map<String, String>> scram,
        Map<Map<String, String>, Map<String, Double>> quotas,
        Map<String, String> tokens) {
    public static final AccessImage EMPTY = new AccessImage(Set.of(), Map.of(), Map.of(), Map.of());
}
