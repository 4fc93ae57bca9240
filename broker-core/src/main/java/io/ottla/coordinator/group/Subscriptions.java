package io.ottla.coordinator.group;

import io.ottla.types.Shown;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the members of a consumers' classic group say they want to read. Belongs to its group. */
final class Subscriptions {
    private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);

    /** Later versions of a subscription only add to its end. */
    private static final short FIRST = 0;

    /** The last generation of which a line was written. */
    private int toldGeneration = -1;

    /** Topics that the members of the group subscribe to; null where that can't be known: one line for each generation. */
    Set<String> topics(ClassicGroup group) {
        if (!ClassicGroup.CONSUMER.equals(group.protocolTypeOrNull())) {
            return null;
        }
        Set<String> topics = new HashSet<>();
        if (group.roster().size() == 0) {
            return topics;
        }
        if (group.protocol() == null) {
            return null;
        }
        for (ClassicMember member : group.roster().members()) {
            ByteBuffer metadata = ByteBuffer.wrap(member.metadata(group.protocol()));
            try {
                metadata.getShort();
                topics.addAll(new ConsumerProtocolSubscription(new ByteBufferAccessor(metadata), FIRST).topics());
            } catch (RuntimeException e) {
                tell(group, member);
                return null;
            }
        }
        return topics;
    }

    private void tell(ClassicGroup group, ClassicMember member) {
        if (toldGeneration != group.generation()) {
            toldGeneration = group.generation();
            LOG.warn(
                    "Group {} has a member {} whose subscription can't be read; no topic counts as unread",
                    Shown.of(group.id()),
                    Shown.of(member.id()));
        }
    }
}
