package io.ottla.console.access;

import io.ottla.console.access.AuditEntry.Outcome;
import io.ottla.console.clusters.Cluster;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterPicture.Broker;
import io.ottla.console.clusters.ManagedCluster;
import io.ottla.console.clusters.Setting;
import io.ottla.console.clusters.Survey;
import io.ottla.console.clusters.Topic;
import io.ottla.console.clusters.TopicSummary;
import io.ottla.console.words.Wording;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;

/**
 * Somebody at one cluster: what he may see of it, and the one way by which he changes it. Pages and the API reach a cluster
 * by this alone, so that a role that is not enough is refused in one place.
 *
 * <p>Thread-safe; every call that asks the cluster blocks for a bounded time.
 */
public final class Visit {
    private final Visitor visitor;
    private final String from;
    private final ManagedCluster managed;
    private final AuditTrail trail;
    private final InstantSource clock;

    /**
     * @param from the address that he comes from
     * @throws Forbidden where he may not even look at the cluster
     */
    public Visit(Visitor visitor, String from, ManagedCluster managed, AuditTrail trail, InstantSource clock) {
        this.visitor = visitor;
        this.from = from;
        this.managed = managed;
        this.trail = trail;
        this.clock = clock;
        require(Action.VIEW_CLUSTER);
    }

    public Visitor visitor() {
        return visitor;
    }

    /** The cluster's key, as in addresses. */
    public String key() {
        return managed.key();
    }

    /** The cluster's name for people. */
    public String name() {
        return managed.name();
    }

    public boolean readOnly() {
        return managed.definition().readOnly();
    }

    public ManagedCluster managed() {
        return managed;
    }

    /** Whether he may do this to the cluster, so that a page can leave out what would be refused. */
    public boolean may(Action action) {
        return may(action, "");
    }

    /** Whether he may do this to a topic or group. */
    public boolean may(Action action, String name) {
        return !isReadOnlyFor(action) && visitor.may(action, key(), name);
    }

    /**
     * Whether a role by which he may do this to the cluster reaches to what belongs to a thing of another kind, too.
     *
     * @param name of the topic or group; not looked at for what is neither
     */
    public boolean may(Action action, ResourceType type, String name) {
        return !isReadOnlyFor(action) && visitor.may(action, type, key(), name);
    }

    /** Whether he may do this to some topic or group of the cluster. */
    public boolean maySomewhere(Action action) {
        return !isReadOnlyFor(action) && visitor.maySomewhere(action, key());
    }

    /** Why he may do this to nothing in the cluster, for a page to say in the place of its form; empty where he may. */
    public Optional<Wording> missing(Action action) {
        return maySomewhere(action) ? Optional.empty() : Optional.of(refusal(action, ""));
    }

    public void require(Action action) {
        require(action, "");
    }

    /**
     * Refuses what he may not do.
     *
     * @throws ClusterFailure as if a topic or group were not there, where he may not know that it is. Who makes one says nothing
     *     of what is there, so that he hears which names he may give
     */
    public void require(Action action, String name) {
        if (may(action, name)) {
            return;
        }
        if (action == Action.CREATE_TOPIC) {
            throw new Forbidden(refusal(action, name));
        }
        if (action.type() == ResourceType.TOPIC && !visitor.may(Action.VIEW_TOPIC, key(), name)) {
            throw new ClusterFailure(ClusterFailure.Kind.NO_SUCH_TOPIC, Wording.of("failure.no-topic"));
        }
        if (action.type() == ResourceType.GROUP && !visitor.may(Action.VIEW_GROUP, key(), name)) {
            throw new ClusterFailure(ClusterFailure.Kind.NO_SUCH_GROUP, Wording.of("failure.no-group"));
        }
        throw new Forbidden(refusal(action, name));
    }

    /**
     * Refuses what he may do to some of these topics or groups only, for what names none of them: not even those that he may
     * not do it to are named, since he may not know of them.
     *
     * @throws Forbidden then
     */
    public void requireOfAll(Action action, Collection<String> names) {
        if (!names.stream().allMatch(name -> may(action, name))) {
            throw new Forbidden(
                    isReadOnlyFor(action)
                            ? refusal(action, "")
                            : Wording.of("failure.role.others", visitor.name(), Wording.of("action." + action.key())));
        }
    }

    /** Whether nobody may do it here, whatever his role. */
    private boolean isReadOnlyFor(Action action) {
        return readOnly() && !action.reads();
    }

    private Wording refusal(Action action, String name) {
        Wording what = Wording.of("action." + action.key());
        if (isReadOnlyFor(action)) {
            return Wording.of("failure.read-only", name());
        }
        String elsewhere = name.isEmpty() ? "" : visitor.elsewhere(action, key(), name);
        if (!elsewhere.isEmpty()) {
            return Wording.of("failure.role.names", visitor.name(), what, elsewhere);
        }
        boolean bounded =
                action.type() == ResourceType.WHOLE_CLUSTER && visitor.may(action, ResourceType.CLUSTER, key(), "");
        return bounded
                ? Wording.of("failure.role.bounded", visitor.name(), what)
                : Wording.of(
                        "failure.role",
                        visitor.name(),
                        what,
                        Wording.of("role." + Grant.least(action, name).key()));
    }

    /**
     * Refuses what he may do to no topic or group of the cluster, and tells the trail of it.
     *
     * @throws Forbidden then
     */
    public void requireSomewhere(Action action) {
        Optional<Wording> missing = missing(action);
        if (missing.isEmpty()) {
            return;
        }
        Forbidden refusal = new Forbidden(missing.get());
        record(Change.of(action), Outcome.DENIED, refusal.getMessage());
        throw refusal;
    }

    /**
     * A broker that is up.
     *
     * @throws ClusterFailure where it is not
     */
    public Broker broker(int id) {
        return cluster().describe().brokers().stream()
                .filter(candidate -> candidate.id() == id)
                .findFirst()
                .orElseThrow(() -> new ClusterFailure(
                        ClusterFailure.Kind.NO_SUCH_BROKER, Wording.of("brokers.not-up", Integer.toString(id))));
    }

    /**
     * Refuses what would be asked of a broker that is not there: only it could tell, and waiting for its answer would take as
     * long as the client may.
     */
    public void requireUp(int broker) {
        broker(broker);
    }

    /** The configuration that holds for a broker that is up, ordered by name. */
    public List<Setting> brokerSettings(int broker) {
        requireUp(broker);
        return cluster().brokerSettings(broker);
    }

    /** What can be asked of the cluster about everything in it: only for what names no topic or group. */
    public Cluster cluster() {
        return managed.cluster();
    }

    /** The whole cluster, with those topics alone that he may see. */
    public Survey survey() {
        Survey whole = managed.cluster().survey();
        return whole.withTopics(visible(whole.topics()));
    }

    /** The same for a page, which shows what is known by now, see {@link Cluster#glance}. */
    public Survey glance() {
        Survey known = managed.cluster().glance();
        return known.withTopics(visible(known.topics()));
    }

    /** The topics that he may see, ordered by name and without sizes. */
    public List<TopicSummary> topics() {
        return visible(managed.cluster().topics());
    }

    /** Their names alone, which cost the cluster less. */
    public List<String> topicNames() {
        return managed.cluster().topicNames().stream()
                .filter(name -> visitor.may(Action.VIEW_TOPIC, key(), name))
                .toList();
    }

    public Topic topic(String name) {
        require(Action.VIEW_TOPIC, name);
        return managed.cluster().topic(name);
    }

    private List<TopicSummary> visible(List<TopicSummary> topics) {
        return topics.stream()
                .filter(topic -> visitor.may(Action.VIEW_TOPIC, key(), topic.name()))
                .toList();
    }

    /** The cluster's Admin client for questions alone: whatever would change something is refused. Who asks it about a topic or group calls {@link #require} first. */
    public Admin asking() {
        return AskingAdmin.of(managed.cluster().admin());
    }

    /**
     * Changes something: if his role allows it and the cluster is not read-only. How it ended goes to the trail.
     *
     * @param work done with the cluster's Admin client; throws {@link ClusterFailure} when the cluster says no
     */
    public <T> T change(Change change, Function<Admin, T> work) {
        try {
            if (change.names().isEmpty() || !isOfNames(change)) {
                require(change.action());
            } else {
                change.names().forEach(name -> require(change.action(), name));
            }
        } catch (Forbidden | ClusterFailure denied) {
            record(change, Outcome.DENIED, denied.getMessage());
            throw denied;
        }
        try {
            T result = work.apply(managed.cluster().admin());
            record(change, Outcome.DONE, "");
            return result;
        } catch (ClusterFailure failure) {
            boolean unknown = failure.reason() == ClusterFailure.Reason.NO_ANSWER;
            record(change, unknown ? Outcome.UNKNOWN : Outcome.FAILED, failure.getMessage());
            throw failure;
        } catch (RuntimeException unexpected) {
            record(change, Outcome.UNKNOWN, unexpected.toString());
            throw unexpected;
        } finally {
            managed.cluster().changed();
        }
    }

    /** Whether its names are those of topics or groups. */
    private static boolean isOfNames(Change change) {
        ResourceType type = change.action().type();
        return type == ResourceType.TOPIC || type == ResourceType.GROUP;
    }

    private void record(Change change, Outcome outcome, String message) {
        trail.record(new AuditEntry(
                clock.instant(),
                visitor.name(),
                from,
                key(),
                change.action(),
                change.names(),
                change.details(),
                outcome,
                message));
    }
}
