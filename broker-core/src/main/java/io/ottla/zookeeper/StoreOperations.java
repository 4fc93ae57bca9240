package io.ottla.zookeeper;

import io.ottla.controller.EpochGuard;
import io.ottla.controller.StoreWrite;
import io.ottla.metadata.ConfigResourceName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;

/**
 * Turns writes of a controller into one transaction of ZooKeeper that begins with the check of its epoch. Some nodes may
 * or may not be there, left by an old tool or a crash; the transaction is made for the usual case first, and made again
 * with what is really there where that fails. Belongs to one call.
 */
final class StoreOperations {
    static final String EPOCH = "/controller_epoch";
    static final String DELETIONS = "/admin/delete_topics";

    private final NodeAcls acls;
    private final EpochGuard guard;
    private final List<StoreWrite> writes;
    private Set<String> existing = new HashSet<>();
    private List<Op> operations = new ArrayList<>();
    private int bytes;

    StoreOperations(NodeAcls acls, EpochGuard guard, List<StoreWrite> writes) {
        this.acls = acls;
        this.guard = guard;
        this.writes = writes;
    }

    /** Nodes that may or may not be there. */
    Set<String> uncertain() {
        Set<String> paths = new LinkedHashSet<>();
        for (StoreWrite write : writes) {
            switch (write) {
                case StoreWrite.TopicCreate create -> {
                    paths.add(ConfigNode.path(
                            ConfigResourceName.topic(create.topic().name())));
                }
                case StoreWrite.PartitionCreate create -> {
                    paths.add(PartitionNode.parent(create.partition().topic()));
                    paths.add(PartitionNode.folder(create.partition()));
                }
                case StoreWrite.DeletionNote note -> {
                    paths.addAll(DeletedLogs.folders(Set.of(note.broker())));
                    paths.add(DeletedLogs.path(note.broker(), note.replica()));
                }
                case StoreWrite.DeletionMark(String topic) -> paths.add(DELETIONS + "/" + topic);
                case StoreWrite.DeletionUnmark(String topic) -> paths.add(DELETIONS + "/" + topic);
                case StoreWrite.ConfigReplace replace -> paths.add(ConfigNode.path(replace.resource()));
                case StoreWrite.ConfigNoteDelete(String note) -> paths.add(ConfigNode.NOTES + "/" + note);
                case StoreWrite.ReassignmentsReplace replace -> paths.add(ReassignmentNode.PATH);
                case StoreWrite.ElectionsDelete delete -> paths.add(ElectionNode.PATH);
                case StoreWrite.TopicReplace replace -> {}
                case StoreWrite.PartitionReplace replace -> {}
                case StoreWrite.FeaturesReplace replace -> {}
            }
        }
        return paths;
    }

    /** The transaction where everything is as usual. */
    List<Op> usual() {
        Set<String> there = new HashSet<>();
        for (StoreWrite write : writes) {
            switch (write) {
                case StoreWrite.PartitionCreate create ->
                    there.add(PartitionNode.parent(create.partition().topic()));
                case StoreWrite.DeletionNote note -> there.addAll(DeletedLogs.folders(Set.of(note.broker())));
                case StoreWrite.DeletionUnmark(String topic) -> there.add(DELETIONS + "/" + topic);
                case StoreWrite.ConfigReplace replace -> there.add(ConfigNode.path(replace.resource()));
                case StoreWrite.ConfigNoteDelete(String note) -> there.add(ConfigNode.NOTES + "/" + note);
                case StoreWrite.ReassignmentsReplace replace -> there.add(ReassignmentNode.PATH);
                case StoreWrite.ElectionsDelete delete -> there.add(ElectionNode.PATH);
                case StoreWrite.TopicCreate create -> {}
                case StoreWrite.TopicReplace replace -> {}
                case StoreWrite.PartitionReplace replace -> {}
                case StoreWrite.DeletionMark mark -> {}
                case StoreWrite.FeaturesReplace replace -> {}
            }
        }
        return given(there);
    }

    /** @param there those of the {@link #uncertain} nodes that are there */
    List<Op> given(Set<String> there) {
        existing = new HashSet<>(there);
        operations = new ArrayList<>();
        bytes = 0;
        add(Op.check(EPOCH, guard.nodeVersion()), EPOCH, null);
        writes.forEach(this::add);
        return operations;
    }

    /** About how many bytes the last transaction takes on the wire. */
    int bytes() {
        return bytes;
    }

    private void add(StoreWrite write) {
        switch (write) {
            case StoreWrite.TopicCreate create -> {
                String topic = create.topic().name();
                createOrSet(ConfigNode.path(ConfigResourceName.topic(topic)), ConfigNode.encode(create.config()));
                create(TopicNode.path(topic), TopicNode.encode(create.topic()));
                create(PartitionNode.parent(topic), null);
            }
            case StoreWrite.TopicReplace replace ->
                set(TopicNode.path(replace.topic().name()), TopicNode.encode(replace.topic()), replace.version());
            case StoreWrite.PartitionCreate create -> {
                ensure(PartitionNode.parent(create.partition().topic()));
                ensure(PartitionNode.folder(create.partition()));
                create(PartitionNode.path(create.partition()), PartitionNode.encode(create.state()));
            }
            case StoreWrite.PartitionReplace replace ->
                set(
                        PartitionNode.path(replace.partition()),
                        PartitionNode.encode(replace.state()),
                        replace.state().partitionEpoch().value() - 1);
            case StoreWrite.DeletionNote note -> {
                DeletedLogs.folders(Set.of(note.broker())).forEach(this::ensure);
                String path = DeletedLogs.path(note.broker(), note.replica());
                if (!existing.contains(path)) {
                    create(path, note.name().getBytes(StandardCharsets.UTF_8));
                }
            }
            case StoreWrite.DeletionMark(String topic) -> ensure(DELETIONS + "/" + topic);
            case StoreWrite.DeletionUnmark(String topic) -> deleteIfThere(DELETIONS + "/" + topic);
            case StoreWrite.ConfigReplace replace -> replaceConfig(replace);
            case StoreWrite.ConfigNoteDelete(String note) -> deleteIfThere(ConfigNode.NOTES + "/" + note);
            case StoreWrite.ReassignmentsReplace replace -> {
                if (replace.left().isEmpty()) {
                    deleteIfThere(ReassignmentNode.PATH, replace.version());
                } else if (existing.contains(ReassignmentNode.PATH)) {
                    set(ReassignmentNode.PATH, ReassignmentNode.encode(replace.left()), replace.version());
                }
            }
            case StoreWrite.ElectionsDelete delete -> deleteIfThere(ElectionNode.PATH, delete.version());
            case StoreWrite.FeaturesReplace replace -> {
                byte[] data = FeatureNode.encode(replace.features().levels());
                int version = Math.toIntExact(replace.features().epoch()) - 1;
                if (version < 0) {
                    create(FeatureNode.PATH, data);
                } else {
                    set(FeatureNode.PATH, data, version);
                }
            }
        }
    }

    /** Kafka leaves nodes of topics and brokers in which nothing is set; it knows none of groups. */
    private void replaceConfig(StoreWrite.ConfigReplace replace) {
        String node = ConfigNode.path(replace.resource());
        if (!ConfigNode.isKafkas(replace.resource())) {
            if (replace.config().values().isEmpty()) {
                deleteIfThere(node);
            } else {
                createOrSet(node, ConfigNode.encode(replace.config()));
            }
            return;
        }
        createOrSet(node, ConfigNode.encode(replace.config()));
        byte[] note = ConfigNode.encodeNote(replace.resource());
        String path = ConfigNode.NOTE_PREFIX;
        add(Op.create(path, note, acls.of(path), CreateMode.PERSISTENT_SEQUENTIAL), path, note);
    }

    private void createOrSet(String path, byte[] data) {
        if (existing.contains(path)) {
            set(path, data, -1);
        } else {
            create(path, data);
        }
    }

    private void ensure(String path) {
        if (!existing.contains(path)) {
            create(path, null);
        }
    }

    private void deleteIfThere(String path) {
        deleteIfThere(path, -1);
    }

    private void deleteIfThere(String path, int version) {
        if (existing.remove(path)) {
            add(Op.delete(path, version), path, null);
        }
    }

    private void create(String path, byte[] data) {
        existing.add(path);
        add(Op.create(path, data, acls.of(path), CreateMode.PERSISTENT), path, data);
    }

    private void set(String path, byte[] data, int version) {
        add(Op.setData(path, data, version), path, data);
    }

    private void add(Op operation, String path, byte[] data) {
        operations.add(operation);
        bytes += 64 + path.getBytes(StandardCharsets.UTF_8).length + (data == null ? 0 : data.length);
    }
}
