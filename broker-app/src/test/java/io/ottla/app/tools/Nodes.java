package io.ottla.app.tools;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What nodes a ZooKeeper holds, and what each of them says, field by field: one line for a field, and one for the kind of
 * the node itself.
 */
final class Nodes {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int TIMEOUT_MS = (int) Duration.ofSeconds(30).toMillis();

    /** Of these the kind of value is compared, since they are drawn by chance, tell the time, or say who was quicker. */
    private static final Set<String> BY_KIND = Set.of(
            "id",
            "topic_id",
            "timestamp",
            "host",
            "port",
            "endpoints",
            "controller_epoch",
            "leader_epoch",
            "leader",
            "isr",
            "brokerid",
            "broker",
            "incarnation",
            "block_start",
            "block_end");

    /** Where its replicas are is drawn by chance. */
    private static final String DRAWN = "/brokers/topics/__consumer_offsets";

    private final ZooKeeper zooKeeper;
    private final SortedMap<String, SortedSet<String>> found = new TreeMap<>();

    private Nodes(ZooKeeper zooKeeper) {
        this.zooKeeper = zooKeeper;
    }

    /** Of each path, in which the numbers of sequential nodes are all the same, the lines of all such nodes. */
    static SortedMap<String, SortedSet<String>> of(String address) throws Exception {
        ZooKeeper zooKeeper = new ZooKeeper(address, TIMEOUT_MS, event -> {});
        try {
            Nodes nodes = new Nodes(zooKeeper);
            nodes.read("");
            return nodes.found;
        } finally {
            zooKeeper.close();
        }
    }

    private void read(String parent) throws Exception {
        for (String child : zooKeeper.getChildren(parent.isEmpty() ? "/" : parent, false)) {
            String path = parent + "/" + child;
            if (!path.equals("/zookeeper")) {
                Stat stat = new Stat();
                try {
                    byte[] data = zooKeeper.getData(path, false, stat);
                    SortedSet<String> lines =
                            found.computeIfAbsent(path.replaceAll("_\\d{10}$", "_N"), none -> new TreeSet<>());
                    lines.add(stat.getEphemeralOwner() == 0 ? "lasts" : "goes with its session");
                    for (ACL acl : zooKeeper.getACL(path, stat)) {
                        lines.add("open to " + acl.getId().getId() + " for " + acl.getPerms());
                    }
                    fields(lines, data, path.equals(DRAWN));
                    read(path);
                } catch (KeeperException.NoNodeException e) {
                    found.remove(path);
                }
            }
        }
    }

    private static void fields(SortedSet<String> lines, byte[] data, boolean drawn) {
        if (data == null) {
            lines.add("no data");
            return;
        }
        String text = new String(data, StandardCharsets.UTF_8);
        try {
            JsonNode json = JSON.readTree(text);
            if (json.isObject()) {
                fields(lines, "", json, drawn);
                return;
            }
        } catch (JacksonException e) {
            // no JSON, then
        }
        lines.add(text.matches("\\d+") ? "a number" : "'" + text + "'");
    }

    private static void fields(SortedSet<String> lines, String at, JsonNode json, boolean drawn) {
        if (json.isEmpty()) {
            lines.add(at + ": {}");
        }
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            JsonNode value = field.getValue();
            String name = at + "/" + field.getKey();
            if (value.isObject()) {
                fields(lines, name, value, drawn);
            } else {
                lines.add(name + ": "
                        + (BY_KIND.contains(field.getKey()) || drawn && value.isArray() ? value.getNodeType() : value));
            }
        }
    }
}
