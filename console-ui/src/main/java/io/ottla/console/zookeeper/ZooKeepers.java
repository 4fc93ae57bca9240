package io.ottla.console.zookeeper;

import io.ottla.console.access.Action;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterDefinition.Origin;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterFailure.Kind;
import io.ottla.console.clusters.ClusterFailure.Reason;
import io.ottla.console.clusters.ZooKeeperPort;
import io.ottla.console.words.Wording;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What somebody may see of a cluster's ZooKeeper, for pages and programs alike. Thread-safe. */
final class ZooKeepers {
    /** Nodes below one that are shown at once. */
    static final int CHILDREN = 100;

    private static final int MAX_PATH = 2_000;
    /** No empty part, and none that leads elsewhere. */
    private static final Pattern PATH = Pattern.compile("/|(?:/(?!\\.{1,2}(?:/|$))[^/\\p{Cntrl}]+)+");

    private final Optional<ZooKeeperPort> port;

    /** @param port empty where the process has no client for it */
    ZooKeepers(Optional<ZooKeeperPort> port) {
        this.port = port;
    }

    boolean hasOne(Visit visit) {
        return port.isPresent()
                && (isOwn(visit) || !visit.managed().definition().zooKeeper().isEmpty());
    }

    List<ZooKeeperPort.Member> ensemble(Visit visit) {
        visit.require(Action.VIEW_CLUSTER);
        return asked(visit).ensemble(connect(visit));
    }

    /** The session of the broker beside the console; empty of other clusters. */
    Optional<ZooKeeperPort.Session> session(Visit visit) {
        visit.require(Action.VIEW_CLUSTER);
        return isOwn(visit) ? asked(visit).session() : Optional.empty();
    }

    /** @throws ClusterFailure where there is none, or there can't be one of that path */
    ZooKeeperPort.Node node(Visit visit, String path) {
        visit.require(Action.VIEW_ZOOKEEPER);
        if (path.length() > MAX_PATH || !PATH.matcher(path).matches()) {
            throw new ClusterFailure(Reason.REFUSED, Wording.of("zookeeper.bad-path"));
        }
        return asked(visit)
                .node(connect(visit), path)
                .orElseThrow(() -> new ClusterFailure(Kind.NO_SUCH_NODE, Wording.of("zookeeper.no-node", path)));
    }

    private ZooKeeperPort asked(Visit visit) {
        if (!hasOne(visit)) {
            throw new ClusterFailure(Reason.NOT_FOUND, Wording.of("zookeeper.none"));
        }
        return port.orElseThrow();
    }

    private static boolean isOwn(Visit visit) {
        return visit.managed().definition().origin() == Origin.BESIDE;
    }

    private static String connect(Visit visit) {
        return isOwn(visit) ? "" : visit.managed().definition().zooKeeper();
    }
}
