package io.ottla.coordinator.group;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * What a member of a consumer group says of itself, as it is stored. Immutable.
 *
 * @param instanceId null for a dynamic member
 * @param rack null where it does not say
 * @param topics by name, sorted, each once
 * @param regex of more topics; empty for none
 * @param assignor of the server that it would like; null for any
 * @param classic what it says besides by the classic protocol; null where it speaks the consumer protocol
 */
record MemberSubscription(
        String instanceId,
        String rack,
        String clientId,
        String clientHost,
        List<String> topics,
        String regex,
        int rebalanceTimeoutMs,
        String assignor,
        ClassicSide classic) {
    static final MemberSubscription UNKNOWN =
            new MemberSubscription(null, null, "", "", List.of(), "", CommittedOffset.NONE, null, null);

    MemberSubscription {
        topics = topics.stream().distinct().sorted().toList();
    }

    /**
     * What a member says by the classic protocol.
     *
     * @param protocols in its order of preference
     */
    record ClassicSide(int sessionTimeoutMs, List<Protocol> protocols) {
        ClassicSide {
            protocols = List.copyOf(protocols);
        }

        boolean supports(String protocol) {
            return protocols.stream().anyMatch(each -> each.name().equals(protocol));
        }

        /** What it says by that protocol; nothing where it does not know it. */
        ByteBuffer metadata(String protocol) {
            for (Protocol each : protocols) {
                if (each.name().equals(protocol)) {
                    return each.metadata();
                }
            }
            return ByteBuffer.allocate(0);
        }
    }

    /** A protocol that a member knows, and what it says by it; never moved. */
    record Protocol(String name, ByteBuffer metadata) {}

    boolean isClassic() {
        return classic != null;
    }

    /** Whether it wants to read the same topics. */
    boolean readsAs(MemberSubscription other) {
        return topics.equals(other.topics) && regex.equals(other.regex);
    }
}
