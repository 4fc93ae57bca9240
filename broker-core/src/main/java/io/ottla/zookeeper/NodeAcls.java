package io.ottla.zookeeper;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;

/**
 * Who may do what with a node. Without {@code zookeeper.set.acl} everybody may do everything; with it only who made a
 * node may change it, everybody may read it except where secrets lie, and the nodes of old consumers stay open.
 * Immutable. Source: Kafka 3.9's documentation, "ZooKeeper authentication".
 */
public final class NodeAcls {
    private static final List<String> UNREADABLE =
            List.of("/config/users", "/config/brokers", "/delegation_token/tokens", ConsoleNodes.PARENT);
    private static final String OPEN = "/consumers";

    private final List<ACL> everybody = of(ZooDefs.Ids.OPEN_ACL_UNSAFE, List.of());
    private final List<ACL> secret = of(ZooDefs.Ids.CREATOR_ALL_ACL, List.of());
    private final List<ACL> readable = of(ZooDefs.Ids.CREATOR_ALL_ACL, ZooDefs.Ids.READ_ACL_UNSAFE);
    private final boolean restricted;

    /** @param restricted {@code zookeeper.set.acl} */
    public NodeAcls(boolean restricted) {
        this.restricted = restricted;
    }

    /** No {@code List.of}: ZooKeeper's client asks whether there is a null among them. */
    private static List<ACL> of(List<ACL> some, List<ACL> more) {
        List<ACL> both = new ArrayList<>(some);
        both.addAll(more);
        return Collections.unmodifiableList(both);
    }

    /** For a node that is made. */
    public List<ACL> of(String path) {
        if (!restricted || isAtOrBelow(path, OPEN)) {
            return everybody;
        }
        for (String sensitive : UNREADABLE) {
            if (isAtOrBelow(path, sensitive)) {
                return secret;
            }
        }
        return readable;
    }

    private static boolean isAtOrBelow(String path, String node) {
        return path.equals(node) || path.startsWith(node + "/");
    }
}
