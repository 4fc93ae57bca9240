package io.ottla.simulation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The brokers of a simulation, their ZooKeeper and network, their clients, and what the nodes say of partitions. */
final class Cluster {
    private static final JsonMapper JSON = new JsonMapper();

    /** What is kept of a topic that stays. */
    private record Kept(PartitionHistory partition, int minInSync) {}

    /** A partition's state as its node has it. */
    record State(int leader, int leaderEpoch, int controllerEpoch, List<Integer> inSync) {}

    private final SimulatedBroker.World world;
    private final Ensemble ensemble;
    private final List<SimulatedBroker> brokers = new ArrayList<>();
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final List<Kept> kept = new ArrayList<>();
    private final Map<PartitionHistory, State> states = new HashMap<>();
    private long seenChanges = -1;

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

    /** What happens to the partitions of that topic is taken down from now on. */
    void keep(String topic, int partitions, int minInSync) {
        for (int i = 0; i < partitions; i++) {
            kept.add(new Kept(world.history().keep(topic, i), minInSync));
        }
    }

    /** What is acknowledged with a single copy is gone with the machine that has it. */
    void excuseWhatRestsOn(SimulatedBroker broker) {
        for (Kept each : kept) {
            if (each.minInSync() == 1 && replicas(each.partition()).contains(broker.id())) {
                each.partition().excuse();
            }
        }
    }

    /** Whether the broker serves, and is in sync wherever it is a replica. */
    boolean isWhole(SimulatedBroker broker) {
        if (!broker.isServing()) {
            return false;
        }
        for (Kept each : kept) {
            State state = state(each.partition());
            if (replicas(each.partition()).contains(broker.id())
                    && (state == null || !state.inSync().contains(broker.id()))) {
                return false;
            }
        }
        return true;
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
        for (Kept each : kept) {
            State state = state(each.partition());
            if (state == null || state.leader() < 0) {
                return each.partition() + " has no leader";
            }
            if (state.inSync().size() < replicas(each.partition()).size()) {
                return each.partition() + " has only " + state.inSync() + " of " + replicas(each.partition())
                        + " in sync";
            }
        }
        return "";
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
        byte[] data = ensemble.read("/brokers/topics/" + partition.name().topic());
        return data == null
                ? List.of()
                : ids(JSON.readTree(data)
                        .path("partitions")
                        .path(Integer.toString(partition.name().partition())));
    }

    /** Null where there is none. */
    State state(PartitionHistory partition) {
        byte[] data = ensemble.read("/brokers/topics/" + partition.name().topic() + "/partitions/"
                + partition.name().partition() + "/state");
        if (data == null) {
            return null;
        }
        JsonNode json = JSON.readTree(data);
        return new State(
                json.path("leader").asInt(-1),
                json.path("leader_epoch").asInt(-1),
                json.path("controller_epoch").asInt(-1),
                ids(json.path("isr")));
    }

    private static List<Integer> ids(JsonNode array) {
        List<Integer> ids = new ArrayList<>();
        array.forEach(id -> ids.add(id.asInt()));
        return ids;
    }

    /** Looks at the nodes where they have changed: epochs never go back, and a leader counts whom the node counts. */
    void look() {
        if (ensemble.changes() == seenChanges) {
            return;
        }
        seenChanges = ensemble.changes();
        for (Kept each : kept) {
            State now = state(each.partition());
            State before = now == null ? null : states.put(each.partition(), now);
            if (before == null || before.equals(now)) {
                continue;
            }
            if (now.leaderEpoch() < before.leaderEpoch() || now.controllerEpoch() < before.controllerEpoch()) {
                throw new Violation("The state of " + each.partition() + " goes back from " + before + " to " + now);
            }
            for (SimulatedBroker broker : brokers) {
                if (broker.id() == now.leader() && broker.isServing()) {
                    broker.requireCounted(each.partition(), now);
                }
            }
        }
    }
}
