package io.ottla.coordinator.group;

import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.TopicImage;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.protocol.Errors;

/** Whether offsets may be committed to a consumer group (KIP-848, KIP-1251). Pure. */
final class ConsumerCommits {
    /** From this version on a client understands what it is told of its epoch. */
    private static final short FIRST_WITH_MEMBER_EPOCHS = 9;

    private ConsumerCommits() {}

    /** NONE where they may. A member may commit by an older epoch what has been its own since then. */
    static Errors refusal(ConsumerGroup group, OffsetCommitRequestData request, short version, ClusterImage image) {
        int claimed = request.generationIdOrMemberEpoch();
        ConsumerMember member = group.state().member(request.memberId());
        Errors plain = group.commitRefusal(request.memberId(), request.groupInstanceId(), claimed, false);
        if (member == null || member.isClassic()) {
            return plain;
        }
        if (version < FIRST_WITH_MEMBER_EPOCHS) {
            return Errors.UNSUPPORTED_VERSION;
        }
        boolean isOlder = plain == Errors.STALE_MEMBER_EPOCH
                && claimed >= 0
                && claimed < member.place().epoch();
        return isOlder && hasHadAll(member.place(), request, claimed, image) ? Errors.NONE : plain;
    }

    private static boolean hasHadAll(
            MemberPlace place, OffsetCommitRequestData request, int epoch, ClusterImage image) {
        for (var topic : request.topics()) {
            TopicImage known = image.topic(topic.name());
            if (known == null) {
                return false;
            }
            for (var partition : topic.partitions()) {
                int since = Math.min(
                        place.assigned().epochOf(known.id(), partition.partitionIndex()),
                        place.revoking().epochOf(known.id(), partition.partitionIndex()));
                if (since > epoch) {
                    return false;
                }
            }
        }
        return true;
    }
}
