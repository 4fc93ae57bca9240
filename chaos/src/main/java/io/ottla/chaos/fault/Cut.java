package io.ottla.chaos.fault;

import io.ottla.chaos.cluster.Cluster;
import io.ottla.chaos.cluster.Network;
import io.ottla.chaos.cluster.Probe;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Ways between hosts through which nothing gets. */
final class Cut implements Fault {
    /** Which ways. */
    enum Shape {
        PAIR,
        ONE,
        ONE_WAY,
        TRANSACTION_COORDINATOR,
        ZOOKEEPER,
        ZOOKEEPER_ALL
    }

    private record Way(int from, int to, boolean bothWays) {}

    private static final Duration NO_ANSWER = Duration.ofMillis(500);
    private static final Duration ANSWER = Duration.ofSeconds(20);

    private final Shape shape;

    Cut(Shape shape) {
        this.shape = shape;
    }

    @Override
    public Struck strike(Scene scene) throws IOException, InterruptedException {
        List<Integer> ids = new ArrayList<>(List.of(1, 2, 3));
        Collections.shuffle(ids, scene.random());
        if (shape == Shape.TRANSACTION_COORDINATOR) {
            int coordinator =
                    Victims.TRANSACTION_COORDINATOR.choose(scene).getFirst().id();
            Collections.swap(ids, 0, ids.indexOf(coordinator));
        }
        List<Way> ways = ways(ids, scene.random());
        boolean resume = scene.random().nextBoolean();
        Network network = scene.cluster().network();
        for (Way way : ways) {
            network.cut(way.from, way.to);
            if (way.bothWays) {
                network.cut(way.to, way.from);
            }
        }
        for (Way way : ways) {
            Fault.require(
                    !network.answers(way.from, way.to, probe(way), NO_ANSWER),
                    "nothing is answered on a way that is cut");
        }
        String target = target(ways);
        return Fault.struck(target, () -> {
            for (Way way : ways) {
                network.heal(way.from, way.to, resume);
            }
            for (Way way : ways) {
                Fault.require(
                        network.answers(way.from, way.to, probe(way), ANSWER),
                        "requests are answered again on a way that was cut");
            }
            return "requests on these ways were not answered, and are again; connections "
                    + (resume ? "went on" : "were reset");
        });
    }

    private static Probe probe(Way way) {
        return way.to == Cluster.ZOOKEEPER ? Probe.ZOOKEEPER : Probe.BROKER;
    }

    private List<Way> ways(List<Integer> ids, Random random) {
        int first = ids.get(0);
        List<Way> ways = new ArrayList<>();
        switch (shape) {
            case PAIR -> ways.add(new Way(first, ids.get(1), true));
            case ONE_WAY -> ways.add(new Way(first, ids.get(1), false));
            case ZOOKEEPER -> ways.add(new Way(first, Cluster.ZOOKEEPER, true));
            case ZOOKEEPER_ALL -> ids.forEach(id -> ways.add(new Way(id, Cluster.ZOOKEEPER, true)));
            case ONE, TRANSACTION_COORDINATOR -> {
                ways.add(new Way(first, ids.get(1), true));
                ways.add(new Way(first, ids.get(2), true));
                if (random.nextBoolean()) {
                    ways.add(new Way(first, Cluster.ZOOKEEPER, true));
                }
            }
        }
        return ways;
    }

    private static String target(List<Way> ways) {
        StringBuilder text = new StringBuilder();
        for (Way way : ways) {
            text.append(text.isEmpty() ? "" : ", ")
                    .append(way.from)
                    .append(way.bothWays ? " and " : " to ")
                    .append(way.to == Cluster.ZOOKEEPER ? "ZooKeeper" : Integer.toString(way.to));
        }
        return text.toString();
    }
}
