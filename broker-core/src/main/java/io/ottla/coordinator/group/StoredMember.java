package io.ottla.coordinator.group;

import java.nio.ByteBuffer;

/**
 * A member of a classic group as it is stored.
 *
 * @param instanceId {@code group.instance.id}; null for a dynamic member
 * @param rebalanceTimeoutMs milliseconds
 * @param sessionTimeoutMs milliseconds
 * @param subscription the member's metadata for the protocol that the group has chosen; never moved
 * @param assignment what the leader gave it; never moved
 */
public record StoredMember(
        String memberId,
        String instanceId,
        String clientId,
        String clientHost,
        int rebalanceTimeoutMs,
        int sessionTimeoutMs,
        ByteBuffer subscription,
        ByteBuffer assignment) {}
