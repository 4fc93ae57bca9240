package io.ottla.console.added;

import io.ottla.console.access.Action;
import io.ottla.console.access.Change;
import io.ottla.console.access.ConsoleVisit;
import io.ottla.console.clusters.Cluster;
import io.ottla.console.clusters.ClusterDefinition;
import io.ottla.console.clusters.ClusterDefinition.Origin;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterFailure.Kind;
import io.ottla.console.clusters.ClusterFailure.Reason;
import io.ottla.console.clusters.ClusterPicture;
import io.ottla.console.clusters.Clusters;
import io.ottla.console.clusters.ManagedCluster;
import io.ottla.console.state.ConsoleStore.Entry;
import io.ottla.console.state.Folder;
import io.ottla.console.state.Json;
import io.ottla.console.state.KnownEntries;
import io.ottla.console.words.Wording;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds, changes and takes away clusters, at this console and, within seconds, at all others. Those of the configuration are not
 * touched.
 *
 * <p>Thread-safe.
 */
final class AddedClusters {
    private static final Logger log = LoggerFactory.getLogger(AddedClusters.class);

    private final KnownEntries entries;
    private final Clusters clusters;
    private final ReentrantLock refreshing = new ReentrantLock();

    AddedClusters(KnownEntries entries, Clusters clusters) {
        this.entries = entries;
        this.clusters = clusters;
    }

    /** Has those that are kept now. One at a time, so that an older look does not win over a newer one. */
    void refresh() {
        refreshing.lock();
        try {
            List<ClusterDefinition> kept = new ArrayList<>();
            for (Entry entry : entries.all(Folder.CLUSTERS)) {
                read(entry).ifPresent(kept::add);
            }
            clusters.replaceAdded(kept);
        } finally {
            refreshing.unlock();
        }
    }

    private static Optional<ClusterDefinition> read(Entry entry) {
        try {
            return Json.read(entry, KeptCluster.class).map(kept -> kept.definition(entry.name()));
        } catch (IllegalArgumentException unreadable) {
            log.warn("The cluster {} can't be understood: {}", entry.name(), unreadable.getMessage());
            return Optional.empty();
        }
    }

    /** All that were added, ordered by key; their secrets are for nobody. */
    List<ClusterDefinition> all(ConsoleVisit visit) {
        visit.require(Action.EDIT_CLUSTERS);
        return entries.all(Folder.CLUSTERS).stream()
                .flatMap(entry -> read(entry).stream())
                .sorted(Comparator.comparing(ClusterDefinition::key))
                .toList();
    }

    /** What a page shows of one that was added; its secrets are for comparing alone. */
    ClusterDefinition get(ConsoleVisit visit, String key) {
        visit.require(Action.EDIT_CLUSTERS);
        requireNotFixed(key);
        return (ClusterDefinition.isKey(key) ? entries.find(Folder.CLUSTERS, key) : Optional.<Entry>empty())
                .flatMap(AddedClusters::read)
                .orElseThrow(() -> new ClusterFailure(Kind.NO_SUCH_CLUSTER, Wording.of("added.none", key)));
    }

    void add(ConsoleVisit visit, ClusterForm form) {
        visit.change(described(form, "add"), () -> {
            ClusterDefinition definition = form.definition(Optional.empty());
            requireNotFixed(definition.key());
            if (entries.names(Folder.CLUSTERS).size() >= Folder.CLUSTERS.limit()) {
                throw refused(Wording.of("added.too-many", Folder.CLUSTERS.limit()));
            }
            if (!entries.create(Folder.CLUSTERS, definition.key(), Json.write(KeptCluster.of(definition)))) {
                throw new ClusterFailure(Kind.TAKEN, Wording.of("added.taken", definition.key()));
            }
            refresh();
            return null;
        });
    }

    void change(ConsoleVisit visit, ClusterForm form) {
        visit.change(described(form, "change"), () -> {
            requireNotFixed(form.key());
            Entry entry = kept(form.key());
            ClusterDefinition definition = form.definition(read(entry));
            if (!entries.update(Folder.CLUSTERS, form.key(), Json.write(KeptCluster.of(definition)), entry.version())) {
                throw new ClusterFailure(Kind.OUTDATED, Wording.of("added.changed-meanwhile", form.key()));
            }
            refresh();
            return null;
        });
    }

    void remove(ConsoleVisit visit, String key) {
        visit.change(Change.of(Action.EDIT_CLUSTERS, key).with("does", "remove"), () -> {
            requireNotFixed(key);
            Entry entry = kept(key);
            if (!entries.delete(Folder.CLUSTERS, key, entry.version())) {
                throw new ClusterFailure(Kind.OUTDATED, Wording.of("added.changed-meanwhile", key));
            }
            refresh();
            return null;
        });
    }

    /**
     * Speaks to a cluster as it would be reached, once.
     *
     * @throws ClusterFailure saying what failed
     */
    ClusterPicture test(ConsoleVisit visit, ClusterForm form) {
        visit.require(Action.EDIT_CLUSTERS);
        Optional<ClusterDefinition> before = ClusterDefinition.isKey(form.key())
                ? entries.find(Folder.CLUSTERS, form.key()).flatMap(AddedClusters::read)
                : Optional.empty();
        Cluster trial = clusters.connect(form.definition(before));
        try {
            return trial.describe();
        } finally {
            Clusters.close(trial);
        }
    }

    private static Change described(ClusterForm form, String does) {
        return Change.of(Action.EDIT_CLUSTERS, form.key())
                .with("does", does)
                .with("at", form.bootstrap().isEmpty() ? form.zookeeper() : form.bootstrap())
                .with("settings", form.namesOfSettings())
                .with("enabled", form.enabled())
                .with("read-only", form.readOnly());
    }

    private Entry kept(String key) {
        return (ClusterDefinition.isKey(key) ? entries.ask(Folder.CLUSTERS, key) : Optional.<Entry>empty())
                .orElseThrow(() -> new ClusterFailure(Kind.NO_SUCH_CLUSTER, Wording.of("added.none", key)));
    }

    private void requireNotFixed(String key) {
        boolean fixed = clusters.all().stream()
                .map(ManagedCluster::definition)
                .anyMatch(each -> each.key().equals(key) && each.origin() != Origin.ADDED);
        if (fixed) {
            throw refused(Wording.of("added.configured", key));
        }
    }

    private static ClusterFailure refused(Wording why) {
        return new ClusterFailure(Reason.REFUSED, why);
    }
}
