package io.ottla.controller;

import io.ottla.config.ControllerProperties;
import io.ottla.config.TopicDefaults;
import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.FeaturesImage;
import io.ottla.metadata.ImageVersion;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.TopicImage;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.TopicId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Takes what was found in the store into a draft, and decides what follows from it: leaders for partitions whose leader
 * has gone, states and ids for topics that an old tool made, deletions that one asked for. Pure but for the draft.
 */
final class Observer {
    private final BrokerId self;
    private final TopicDefaults defaults;
    private final ControllerProperties properties;
    private final ElectionRules rules;
    private final RandomGenerator random;

    Observer(BrokerId self, TopicDefaults defaults, ControllerProperties properties, RandomGenerator random) {
        this.self = self;
        this.defaults = defaults;
        this.properties = properties;
        this.rules = new ElectionRules(properties);
        this.random = random;
    }

    /** What a draft was made of, and the elections that followed. */
    record Opening(Draft draft, Elections.Tally tally) {}

    /**
     * Whether there is enough to begin with. Which features are in force decides which replicas may lead: who neither can
     * read that nor was ever told must not guess.
     *
     * @param latest the cluster as this broker published it, or was told of it, last
     */
    static boolean canOpen(StoredCluster stored, ClusterImage latest) {
        return stored.features().isReadable() || !latest.version().equals(ImageVersion.NONE);
    }

    /**
     * The draft a new controller begins with, or goes on with. Only where it {@link #canOpen}.
     *
     * @param known the cluster as this broker published it last
     * @param before who was registered then
     * @param seen where a term begins, the cluster as this broker was told of it last, by whichever controller; null where
     *     it goes on: whoever registered before that is another controller's affair
     */
    Opening open(
            StoredCluster stored, ClusterImage known, Registrations before, ClusterImage seen, ControllerEpoch epoch) {
        Registrations registrations =
                seen == null ? before.found(stored.brokers()) : Registrations.opening(stored.brokers(), seen);
        ClusterImage latest = seen == null ? known : seen;
        Predicate<BrokerId> isSameLife =
                seen == null ? broker -> registrations.isSameLife(broker, before) : registrations::isTold;
        ClusterImage image = ClusterImage.EMPTY
                .of(stored.clusterId())
                .at(new ImageVersion(epoch, 0))
                .with(new MetadataChange.ControllerSet(self))
                .with(new MetadataChange.FeaturesSet(stored.features().inForce(latest.features())));
        for (BrokerImage broker : registrations.live()) {
            image = image.with(new MetadataChange.BrokerSet(broker));
        }
        for (Map.Entry<ConfigResourceName, ConfigImage> config :
                stored.configs().entrySet()) {
            image = image.with(new MetadataChange.ConfigSet(config.getKey(), config.getValue()));
        }
        Map<String, Integer> nodeVersions = new HashMap<>();
        for (StoredTopic topic : stored.topics().values()) {
            String name = topic.topic().name();
            boolean doomed = defaults.deleteTopicEnable() && stored.deletions().contains(name);
            TopicImage opened = OfflineMarks.carried(topic.topic(), latest, isSameLife);
            image = image.with(new MetadataChange.TopicSet(doomed ? opened.doomed() : opened));
            nodeVersions.put(name, topic.nodeVersion());
        }
        Draft draft = new Draft(image, registrations, nodeVersions);
        stored.unreadable().keySet().forEach(name -> keep(draft, latest.topic(name), stored.deletions()));
        dropIdleMarks(draft, stored.deletions());
        stored.topics().keySet().forEach(name -> giveId(draft, name, latest.topic(name)));
        Set<BrokerId> restarted = seen == null ? registrations.restartedSince(before) : registrations.fresh();
        Elections elections = elections(epoch);
        Elections.Tally tally = elections.everywhere(draft, Elections.Returned.restarted(restarted));
        AdminRequests requests = new AdminRequests(draft, elections);
        return new Opening(
                draft, tally.plus(requests.take(stored.reassignments())).plus(requests.take(stored.elections())));
    }

    /** A topic that is in the store but can't be read is not gone: brokers would delete its logs. */
    private void keep(Draft draft, TopicImage known, Set<String> deletions) {
        if (known == null || known.deleting()) {
            return;
        }
        if (defaults.deleteTopicEnable() && deletions.contains(known.name())) {
            draft.observe(new MetadataChange.TopicSet(known.doomed()));
        } else {
            draft.freeze(known);
        }
    }

    /** What was found since. */
    Elections.Tally take(Draft draft, StoreReadings found, ControllerEpoch epoch, long nowMs) {
        if (found.features() != null) {
            FeaturesImage features = found.features().inForce(draft.image().features());
            if (!features.equals(draft.image().features())) {
                draft.observe(new MetadataChange.FeaturesSet(features));
            }
        }
        if (found.notes() != null) {
            found.notes().stream()
                    .filter(note -> note.writtenMs() + properties.configNoteRetentionMs() < nowMs)
                    .forEach(note -> draft.aside(new StoreWrite.ConfigNoteDelete(note.name())));
        }
        Elections.Tally tally = topics(draft, found, epoch).plus(configs(draft, found.configs(), epoch));
        if (found.deletions() != null) {
            deletions(draft, found.deletions());
        }
        if (found.brokers() != null) {
            tally = tally.plus(brokers(draft, found.brokers(), epoch));
        }
        AdminRequests requests = new AdminRequests(draft, elections(epoch));
        if (found.reassignments() != null) {
            tally = tally.plus(requests.take(found.reassignments()));
        }
        return found.elections() == null ? tally : tally.plus(requests.take(found.elections()));
    }

    private Elections.Tally configs(Draft draft, Map<ConfigResourceName, ConfigImage> found, ControllerEpoch epoch) {
        SettledElections settled = new SettledElections(elections(epoch));
        found.forEach((resource, config) -> {
            ConfigImage before = draft.image().config(resource);
            if (!config.equals(before)) {
                draft.observe(new MetadataChange.ConfigSet(resource, config));
                settled.changed(resource, before, config);
            }
        });
        return settled.hold(draft);
    }

    private Elections.Tally topics(Draft draft, StoreReadings found, ControllerEpoch epoch) {
        List<String> changed = new ArrayList<>();
        if (found.topicNames() != null) {
            for (TopicImage topic : List.copyOf(draft.image().topics().values())) {
                if (!found.topicNames().contains(topic.name())) {
                    draft.observe(new MetadataChange.TopicGone(topic));
                    draft.observe(
                            new MetadataChange.ConfigSet(ConfigResourceName.topic(topic.name()), ConfigImage.EMPTY));
                }
            }
        }
        for (StoredTopic topic : found.topics().values()) {
            if (topic(draft, topic)) {
                changed.add(topic.topic().name());
            }
        }
        return elections(epoch).among(draft, changed, Elections.Returned.NOBODY);
    }

    /** Whether it is not as it was. */
    private boolean topic(Draft draft, StoredTopic found) {
        Registrations registrations = draft.registrations();
        TopicImage now = OfflineMarks.carried(
                found.topic(), draft.image(), broker -> registrations.isSameLife(broker, registrations));
        TopicImage known = draft.image().topic(now.name());
        if (known != null
                && !known.id().isZero()
                && !now.id().isZero()
                && !known.id().equals(now.id())) {
            draft.observe(new MetadataChange.TopicGone(known));
            known = null;
        }
        TopicImage next =
                known == null ? now : new TopicImage(now.name(), now.id(), now.partitions(), known.deleting());
        if (next.equals(known) && !draft.isFrozen(now.name())) {
            draft.observe(found.nodeVersion(), now.name());
            return false;
        }
        draft.observe(new StoredTopic(next, found.nodeVersion()));
        giveId(draft, now.name(), known);
        return true;
    }

    /**
     * Gives an id to a topic without one: the one it had, where somebody who knows no ids has only written its node anew. Its
     * logs bear that id, and another one would make it another topic, without records.
     *
     * @param known what was known of a topic of this name; null where nothing was
     */
    private void giveId(Draft draft, String name, TopicImage known) {
        TopicImage topic = draft.image().topic(name);
        if (!topic.id().isZero() || topic.deleting()) {
            return;
        }
        boolean isThatOne = known != null
                && !known.id().isZero()
                && topic.partitions().stream().anyMatch(partition -> !partition.isUnborn());
        TopicId id = isThatOne ? known.id() : TopicIds.draw(random);
        draft.decide(new MetadataChange.TopicSet(new TopicImage(name, id, topic.partitions(), false)));
    }

    private void deletions(Draft draft, Set<String> names) {
        dropIdleMarks(draft, names);
        if (!defaults.deleteTopicEnable()) {
            return;
        }
        for (String name : names) {
            TopicImage topic = draft.image().topic(name);
            if (topic != null && !topic.deleting()) {
                draft.observe(new MetadataChange.TopicSet(topic.doomed()));
            }
        }
    }

    /** Marks for topics that are not there, and all of them where topics can't be deleted. */
    private void dropIdleMarks(Draft draft, Set<String> names) {
        for (String name : names) {
            if (!defaults.deleteTopicEnable() || draft.image().topic(name) == null) {
                draft.aside(new StoreWrite.DeletionUnmark(name));
            }
        }
    }

    /**
     * A broker that was restarted leads nothing any more until it is elected again; who has only lost its session with the
     * store has lost nothing.
     */
    private Elections.Tally brokers(Draft draft, Map<BrokerId, BrokerImage> found, ControllerEpoch epoch) {
        Registrations before = draft.registrations();
        Registrations now = before.found(found);
        if (now.equals(before)) {
            return Elections.Tally.NONE;
        }
        draft.observe(now);
        OfflineMarks.drop(draft, before);
        return elections(epoch).everywhere(draft, Elections.Returned.restarted(now.restartedSince(before)));
    }

    /** Waits no longer to hear of brokers that have yet to say how they are. */
    Elections.Tally endCall(Draft draft, ControllerEpoch epoch) {
        return elections(epoch).endCall(draft);
    }

    private Elections elections(ControllerEpoch epoch) {
        return new Elections(rules, epoch);
    }
}
