package io.ottla.broker;

import io.ottla.cluster.ClusterIdentity;
import io.ottla.storage.MetaProperties;
import io.ottla.types.BrokerId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What folders say of themselves, as {@link ClusterIdentity} judges it, and where the truth about it lies. */
final class NamedFolders {
    private NamedFolders() {}

    /** @param identities null for a folder that is new */
    static List<ClusterIdentity.Folder> of(Map<Path, MetaProperties> identities) {
        List<ClusterIdentity.Folder> named = new ArrayList<>();
        identities.forEach((path, meta) -> {
            if (meta != null) {
                BrokerId id = meta.brokerId().isPresent()
                        ? new BrokerId(meta.brokerId().getAsInt())
                        : BrokerId.NONE;
                named.add(new ClusterIdentity.Folder(path, meta.clusterId(), id));
            }
        });
        return named;
    }

    static ClusterIdentity.Place embedded(Path folder) {
        return new ClusterIdentity.Place("the embedded ZooKeeper with its data in " + folder, "zookeeper.embedded.dir");
    }

    static ClusterIdentity.Place at(String connect) {
        return new ClusterIdentity.Place("ZooKeeper at " + connect, "zookeeper.connect");
    }
}
