package io.ottla.simulation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The brokers of a simulation, their ZooKeeper and network, their clients, and what the nodes say of partitions. */
final class Cluster {
    private static final JsonMapper JSON = new JsonMapper();

    private static final String OFFSETS = "__consumer_offsets";

    /** What is kept of a topic that stays. */
    private record Kept(PartitionHistory partition, int minInSync) {}

    /** A partition's state as its node has it. */
    record State(int leader, int leaderEpoch, int controllerEpoch, List<Integer> inSync, List<Integer> eligible) {
        @Override
        public String toString() {
            return "led by " + leader + " in epoch " + leaderEpoch + " (controller's " + controllerEpoch + "), in sync "
                    + inSync + (eligible.isEmpty() ? "" : ", eligible " + eligible);
        }
    }

    private final SimulatedBroker.World world;
    private final Ensemble ensemble;
    private final List<SimulatedBroker> brokers = new ArrayList<>();
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final List<Kept> kept = new ArrayList<>();
    private final Map<PartitionHistory, State> states = new HashMap<>();
    private Consumer<String> changed = change -> {};
    private long seenChanges = -1;
    private long seenRoles = -1;
    private long uncleanElections;

    Cluster(SimulatedBroker.World world, Ensemble ensemble) {
        this.world = world;
        this.ensemble = ensemble;
    }

    /** A machine with a broker that is not started yet. */
    SimulatedBroker add(int id, Map<String, String> settings, SplittableRandom random) {
        SimulatedBroker broker = new SimulatedBroker(id, world, settings, random);
        brokers.add(broker);
        return broker;
    }

    <C extends SimulatedClient> C add(C client) {
        clients.add(client);
        return client;
    }

    /** Says who is told of each change of a partition's state. */
    void listen(Consumer<String> told) {
        changed = told;
    }

    Schedule schedule() {
        return world.schedule();
    }

    SimulatedNetwork network() {
        return world.network();
    }

    Ensemble ensemble() {
        return ensemble;
    }

    List<SimulatedBroker> brokers() {
        return brokers;
    }

    List<Address> addresses() {
        return brokers.stream().map(SimulatedBroker::address).toList();
    }

    List<SimulatedClient> clients() {
        return clients;
    }

    SimulatedClient anyClient(SplittableRandom random) {
        return clients.get(random.nextInt(clients.size()));
    }

    /**
     * What happens to the partitions of that topic is taken down from now on.
     *
     * @param unclean whether who lacks records may lead
     */
    void keep(String topic, int partitions, int minInSync, boolean unclean) {
        for (int i = 0; i < partitions; i++) {
            PartitionHistory partition = world.history().keep(topic, i);
            kept.add(new Kept(partition, minInSync));
            if (unclean) {
                partition.excuse();
            }
        }
    }

    /** How often somebody was to lead who was neither in sync nor eligible. */
    long uncleanElections() {
        return uncleanElections;
    }

    /** What is acknowledged with a single copy is gone with the machine that has it. */
    void excuseWhatRestsOn(SimulatedBroker broker) {
        for (Kept each : kept) {
            if (each.minInSync() == 1 && replicas(each.partition()).contains(broker.id())) {
                each.partition().excuse();
            }
        }
    }

    /** Whether the broker serves, is in sync wherever it is a replica of a topic that stays, and no bit is wrong there. */
    boolean isWhole(SimulatedBroker broker) {
        return !broker.disk().isDamaged() && isWholeButForDamage(broker);
    }

    /** As {@link #isWhole}, whatever bits are wrong. */
    boolean isWholeButForDamage(SimulatedBroker broker) {
        return broker.isServing() && ailments(broker.id()).isEmpty();
    }

    /**
     * Reads what any of those in sync has, where what a reader got is damaged. Returns the offset that follows, or the same
     * one where nobody has anything.
     */
    long readElsewhere(PartitionHistory partition, long from) {
        State state = state(partition);
        for (SimulatedBroker broker : brokers) {
            if (state != null && state.inSync().contains(broker.id()) && broker.isServing()) {
                ReplicaCopy copy = broker.copy(partition);
                String who = broker + "'s copy";
                long next = copy == null
                        ? from
                        : copy.read(
                                from,
                                copy.highWatermark(),
                                (offset, id, epoch) -> partition.saw(who, offset, id, epoch));
                if (next > from) {
                    return next;
                }
            }
        }
        return from;
    }

    private String ailments(int id) {
        for (String topic : ensemble.children("/brokers/topics")) {
            if (topic.startsWith(SimulatedAdmin.PASSING)) {
                continue;
            }
            JsonNode partitions =
                    JSON.readTree(ensemble.read("/brokers/topics/" + topic)).path("partitions");
            for (String number : partitions.propertyNames()) {
                State state = state(topic, number);
                if (ids(partitions.path(number)).contains(id)
                        && (state == null
                                || state.leader() < 0
                                || !state.inSync().contains(id))) {
                    return topic + "-" + number + " is " + state;
                }
            }
        }
        return "";
    }

    /** What is missing for all to be well; empty where nothing is. */
    String ailment() {
        for (SimulatedBroker broker : brokers) {
            if (!broker.isServing()) {
                return broker + " does not serve";
            }
        }
        if (ensemble.read("/controller") == null) {
            return "there is no controller";
        }
        for (SimulatedBroker broker : brokers) {
            String ailment = ailments(broker.id());
            if (!ailment.isEmpty()) {
                return broker + " is not in sync: " + ailment;
            }
        }
        return "";
    }

    /** A log that is still damaged, though another replica has what it lacks; empty where there is none. */
    String damage() {
        for (SimulatedBroker broker : brokers) {
            for (String name : broker.disk().damaged()) {
                int dash = name.lastIndexOf('-');
                JsonNode replicas = replicas(name.substring(0, dash), name.substring(dash + 1));
                if (replicas.size() > 1 && ids(replicas).contains(broker.id())) {
                    return broker + "'s log of " + name + " is damaged";
                }
            }
        }
        return "";
    }

    /** Partitions in which a transaction is open; empty where there is none. */
    String openTransactions() {
        StringBuilder open = new StringBuilder();
        brokers.forEach(broker -> open.append(broker.openTransaction()));
        return open.toString();
    }

    /** How things stand, for people. */
    String describe() {
        StringBuilder text = new StringBuilder("  controller " + text(ensemble.read("/controller")));
        for (Kept each : kept) {
            text.append("\n    ").append(each.partition()).append(' ').append(state(each.partition()));
        }
        for (SimulatedBroker broker : brokers) {
            text.append("\n    ").append(broker.describe());
        }
        return text.toString();
    }

    private static String text(byte[] data) {
        return data == null ? "none" : new String(data, StandardCharsets.UTF_8);
    }

    List<Integer> replicas(PartitionHistory partition) {
        return ids(replicas(
                partition.name().topic(), Integer.toString(partition.name().partition())));
    }

    /** Missing where the topic is not there. */
    private JsonNode replicas(String topic, String number) {
        byte[] data = ensemble.read("/brokers/topics/" + topic);
        return (data == null ? JSON.createObjectNode() : JSON.readTree(data))
                .path("partitions")
                .path(number);
    }

    /** Null where there is none. */
    State state(PartitionHistory partition) {
        return state(partition.name().topic(), Integer.toString(partition.name().partition()));
    }

    private State state(String topic, String number) {
        byte[] data = ensemble.read("/brokers/topics/" + topic + "/partitions/" + number + "/state");
        if (data == null) {
            return null;
        }
        JsonNode json = JSON.readTree(data);
        return new State(
                json.path("leader").asInt(-1),
                json.path("leader_epoch").asInt(-1),
                json.path("controller_epoch").asInt(-1),
                ids(json.path("isr")),
                ids(json.path("eligible_replicas")));
    }

    /** Whether the nodes have the broker lead the partition of a group's offsets. */
    boolean coordinates(int broker, String group) {
        byte[] data = ensemble.read("/brokers/topics/" + OFFSETS);
        int partitions =
                data == null ? 0 : JSON.readTree(data).path("partitions").size();
        if (partitions == 0) {
            return false;
        }
        int hash = group.hashCode();
        int partition = (hash == Integer.MIN_VALUE ? 0 : Math.abs(hash)) % partitions;
        State state = state(OFFSETS, Integer.toString(partition));
        return state != null && state.leader() == broker;
    }

    private static List<Integer> ids(JsonNode array) {
        List<Integer> ids = new ArrayList<>();
        array.forEach(id -> ids.add(id.asInt()));
        return ids;
    }

    /**
     * Looks at the nodes, and at who is what by them, where either has changed: epochs never go back, a leader counts whom the
     * node counts, and who may lead has all that is committed.
     */
    void look() {
        long roles = brokers.stream().mapToLong(SimulatedBroker::roles).sum();
        boolean changes = ensemble.changes() != seenChanges;
        if (!changes && roles == seenRoles) {
            return;
        }
        seenChanges = ensemble.changes();
        seenRoles = roles;
        for (Kept each : kept) {
            PartitionHistory partition = each.partition();
            if (changes) {
                lookAtNode(partition);
            }
            State now = states.get(partition);
            for (SimulatedBroker broker : brokers) {
                if (now != null && broker.isServing()) {
                    broker.requireComplete(partition, now);
                    if (broker.id() == now.leader()) {
                        broker.requireCounted(partition, now);
                    }
                }
            }
        }
    }

    private void lookAtNode(PartitionHistory partition) {
        State now = state(partition);
        State before = now == null ? null : states.put(partition, now);
        if (now == null || now.equals(before)) {
            return;
        }
        changed.accept(partition + " " + now);
        if (before == null) {
            return;
        }
        if (now.leaderEpoch() < before.leaderEpoch() || now.controllerEpoch() < before.controllerEpoch()) {
            throw new Violation("The state of " + partition + " goes back from " + before + " to " + now);
        }
        if (now.leader() >= 0
                && !before.inSync().contains(now.leader())
                && !before.eligible().contains(now.leader())) {
            uncleanElections++;
        }
    }
}
