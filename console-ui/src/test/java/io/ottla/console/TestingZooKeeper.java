package io.ottla.console;

import io.ottla.console.clusters.ZooKeeperNodes;
import io.ottla.console.clusters.ZooKeeperPort;
import io.ottla.console.words.Wording;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Nodes in memory, and three servers of which one is down. */
final class TestingZooKeeper implements ZooKeeperPort {
    final Map<String, byte[]> nodes = new TreeMap<>();

    @Override
    public String bootstrap(String connect) {
        return "kafka.example.net:9092";
    }

    @Override
    public <T> T within(String connect, Function<ZooKeeperNodes, T> work) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Member> ensemble(String connect) {
        return List.of(
                new Member("zk-1:2181", true, "leader", "3.9.5", 0.53, 12, 7, 0, 21, 133, 4096, null),
                new Member("zk-2:2181", true, "", "", -1, -1, -1, -1, -1, -1, -1, Wording.of("zookeeper.no-words")),
                new Member(
                        "zk-3:2181",
                        false,
                        "",
                        "",
                        -1,
                        -1,
                        -1,
                        -1,
                        -1,
                        -1,
                        -1,
                        Wording.of("zookeeper.no-answer", "Connection refused")));
    }

    @Override
    public Optional<Session> session() {
        return Optional.of(new Session("zk-1:2181,zk-2:2181", "0x1004", "CONNECTED", Instant.EPOCH, 18_000));
    }

    @Override
    public Optional<Node> node(String connect, String path) {
        if (!nodes.containsKey(path)) {
            return Optional.empty();
        }
        List<String> children = new ArrayList<>();
        String below = path.equals("/") ? "/" : path + "/";
        nodes.keySet().stream()
                .filter(each -> each.startsWith(below) && each.length() > below.length())
                .map(each -> each.substring(below.length()))
                .filter(each -> each.indexOf('/') < 0)
                .forEach(children::add);
        return Optional.of(new Node(
                path,
                children,
                nodes.get(path),
                3,
                path.equals("/controller") ? "0x1004" : "",
                path.equals("/") ? Instant.EPOCH : Instant.parse("2026-11-30T10:00:00Z"),
                path.equals("/") ? Instant.EPOCH : Instant.parse("2026-11-30T10:00:00Z")));
    }
}
