package io.ottla.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A folder: the names that processes see, and those that are durable. What was changed since the folder was forced survives
 * a power failure in its order up to some point, as with a file system that has a journal.
 */
final class SimulatedFolder implements SimulatedNode {
    private Map<String, SimulatedNode> entries = new TreeMap<>();
    private Map<String, SimulatedNode> durable = new TreeMap<>();
    private final List<Consumer<Map<String, SimulatedNode>>> unforced = new ArrayList<>();

    SimulatedNode get(String name) {
        return entries.get(name);
    }

    Map<String, SimulatedNode> entries() {
        return entries;
    }

    Collection<SimulatedNode> nodes() {
        return entries.values();
    }

    void put(String name, SimulatedNode node) {
        change(names -> names.put(name, node));
    }

    void remove(String name) {
        change(names -> names.remove(name));
    }

    void rename(String from, String to) {
        change(names -> {
            SimulatedNode node = names.remove(from);
            if (node != null) {
                names.put(to, node);
            }
        });
    }

    private void change(Consumer<Map<String, SimulatedNode>> how) {
        how.accept(entries);
        unforced.add(how);
    }

    void force() {
        if (!unforced.isEmpty()) {
            durable = new TreeMap<>(entries);
            unforced.clear();
        }
    }

    @Override
    public void losePower(RandomGenerator random) {
        if (!unforced.isEmpty()) {
            entries = new TreeMap<>(durable);
            int kept = random.nextInt(unforced.size() + 1);
            unforced.subList(0, kept).forEach(change -> change.accept(entries));
            durable = new TreeMap<>(entries);
            unforced.clear();
        }
        entries.values().forEach(node -> node.losePower(random));
    }
}
