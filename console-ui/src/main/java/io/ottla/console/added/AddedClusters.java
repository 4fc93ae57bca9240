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
import io.ottla.console.state.KeptOfCluster;
import io.ottla.console.state.KnownEntries;
import io.ottla.console.state.Sealer;
import io.ottla.console.words.Wording;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    private final SealedSecrets secrets;
    private final List<KeptOfCluster> others;
    private final ReentrantLock refreshing = new ReentrantLock();
    /** Clusters of which the log was told that their secrets can't be read. */
    private final Set<String> told = new HashSet<>();

    /** @param others what else is kept for clusters */
    AddedClusters(KnownEntries entries, Clusters clusters, Sealer sealer, List<KeptOfCluster> others) {
        this.entries = entries;
        this.clusters = clusters;
        this.others = others;
        this.secrets = new SealedSecrets(sealer);
    }

    /**
     * What was found of a cluster.
     *
     * @param locked why its secrets can't be read, so that it is switched off; empty where they can
     */
    private record Found(ClusterDefinition definition, String locked) {
        boolean isLocked() {
            return !locked.isEmpty();
        }
    }

    /** Has those that are kept now. One at a time, so that an older look does not win over a newer one. */
    void refresh() {
        refreshing.lock();
        try {
            List<ClusterDefinition> kept = new ArrayList<>();
            Set<String> sealed = new HashSet<>();
            Set<String> locked = new HashSet<>();
            for (Entry entry : entries.all(Folder.CLUSTERS)) {
                Optional<KeptCluster> content = Json.read(entry, KeptCluster.class);
                content.map(KeptCluster::sealed).ifPresent(sealed::add);
                read(entry).ifPresent(found -> {
                    kept.add(found.definition());
                    if (found.isLocked()) {
                        locked.add(entry.name());
                        warn(entry.name(), found.locked());
                    } else {
                        content.ifPresent(cluster -> sealAnew(entry, cluster, found.definition()));
                    }
                });
            }
            secrets.retain(sealed);
            told.retainAll(locked);
            clusters.replaceAdded(kept);
        } finally {
            refreshing.unlock();
        }
    }

    private void warn(String key, String why) {
        if (told.add(key)) {
            log.warn("The cluster {} is switched off here, since its secrets can't be read: {}", key, why);
        }
    }

    /** Encrypts what lies open, or is encrypted by the key of before; another console may do it first. */
    private void sealAnew(Entry entry, KeptCluster kept, ClusterDefinition definition) {
        boolean outdated = secrets.open(kept.sealed()) instanceof SealedSecrets.Found.Secrets found && found.outdated();
        if (!secrets.canSeal() || !kept.hasOpenSecrets() && !outdated) {
            return;
        }
        try {
            entries.update(Folder.CLUSTERS, entry.name(), content(definition), entry.version());
        } catch (ClusterFailure | IllegalArgumentException later) { // The store is away, or holds no entry as large.
            log.debug("The secrets of {} are not encrypted yet", entry.name(), later);
        }
    }

    private byte[] content(ClusterDefinition definition) {
        return Json.write(KeptCluster.of(definition, secrets));
    }

    private Optional<Found> read(Entry entry) {
        try {
            return Json.read(entry, KeptCluster.class).map(kept -> switch (secrets.open(kept.sealed())) {
                case SealedSecrets.Found.Secrets opened ->
                    new Found(kept.definition(entry.name(), opened.values()), "");
                case SealedSecrets.Found.Closed(String why) -> new Found(kept.locked(entry.name()), why);
            });
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
                .map(Found::definition)
                .sorted(Comparator.comparing(ClusterDefinition::key))
                .toList();
    }

    /** What a page shows of one that was added; its secrets are for comparing alone. */
    ClusterDefinition get(ConsoleVisit visit, String key) {
        return found(visit, key).definition();
    }

    /** Why the secrets of one can't be read; empty where they can. */
    Optional<String> locked(ConsoleVisit visit, String key) {
        return Optional.of(found(visit, key).locked()).filter(why -> !why.isEmpty());
    }

    private Found found(ConsoleVisit visit, String key) {
        visit.require(Action.EDIT_CLUSTERS);
        requireNotFixed(key);
        return (ClusterDefinition.isKey(key) ? entries.find(Folder.CLUSTERS, key) : Optional.<Entry>empty())
                .flatMap(this::read)
                .orElseThrow(() -> new ClusterFailure(Kind.NO_SUCH_CLUSTER, Wording.of("added.none", key)));
    }

    void add(ConsoleVisit visit, ClusterForm form) {
        visit.change(described(form, "add"), () -> {
            ClusterDefinition definition = form.definition(Optional.empty());
            requireNotFixed(definition.key());
            if (entries.names(Folder.CLUSTERS).size() >= Folder.CLUSTERS.limit()) {
                throw refused(Wording.of("added.too-many", Folder.CLUSTERS.limit()));
            }
            if (!entries.create(Folder.CLUSTERS, definition.key(), content(definition))) {
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
            Optional<Found> before = read(entry);
            if (before.isPresent() && before.get().isLocked() && !form.forget()) {
                throw refused(Wording.of("added.locked", before.get().locked()));
            }
            ClusterDefinition definition = form.definition(before.map(Found::definition));
            if (!entries.update(Folder.CLUSTERS, form.key(), content(definition), entry.version())) {
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
            clusters.all().stream()
                    .filter(each -> each.key().equals(key))
                    .forEach(cluster -> others.forEach(each -> each.requireFree(cluster)));
            if (!entries.delete(Folder.CLUSTERS, key, entry.version())) {
                throw new ClusterFailure(Kind.OUTDATED, Wording.of("added.changed-meanwhile", key));
            }
            refresh();
            others.forEach(each -> each.forget(key));
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
                ? entries.find(Folder.CLUSTERS, form.key()).flatMap(this::read).map(Found::definition)
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
