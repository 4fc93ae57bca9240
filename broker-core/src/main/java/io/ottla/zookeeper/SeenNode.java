package io.ottla.zookeeper;

import java.util.List;
import org.apache.zookeeper.data.Stat;

/**
 * A node as somebody sees it who looks around.
 *
 * @param children names in their order
 * @param content null where it was made without
 * @param version how often the content was changed
 * @param owner the session that it goes with; 0 where it stays
 * @param createdMs in milliseconds since 1970, as {@code changedMs}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record SeenNode(List<String> children, byte[] content, int version, long owner, long createdMs, long changedMs) {
    static SeenNode of(List<String> children, byte[] content, Stat stat) {
        return new SeenNode(
                children.stream().sorted().toList(),
                content,
                stat.getVersion(),
                stat.getEphemeralOwner(),
                stat.getCtime(),
                stat.getMtime());
    }
}
