package io.ottla.console.zookeeper;

import io.ottla.console.clusters.ZooKeeperPort.Node;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A node as its page shows it.
 *
 * @param bytes size of its content
 * @param text the content, at most 64 KiB of it, and JSON in lines; empty where it is not shown
 * @param why how the content is shown
 */
record NodeView(Node node, int bytes, String text, Kind why) {
    /** How content is shown. */
    enum Kind {
        TEXT,
        NONE,
        /** It may hold passwords or what stands for them. */
        SECRET,
        BINARY,
        CUT
    }

    static final int MOST = 64 * 1024;

    /** Also below another chroot than the one that is looked at. */
    private static final List<String> SECRETS =
            List.of("/config/users/", "/config/brokers/", "/delegation_token/", "/ottla/console/");

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    static NodeView of(Node node) {
        byte[] content = node.content();
        if (isSecret(node.path())) {
            return new NodeView(node, content.length, "", Kind.SECRET);
        }
        if (content.length == 0) {
            return new NodeView(node, 0, "", Kind.NONE);
        }
        try {
            boolean cut = content.length > MOST;
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(cut ? CodingErrorAction.REPLACE : CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(content, 0, Math.min(content.length, MOST)))
                    .toString();
            return cut
                    ? new NodeView(node, content.length, text, Kind.CUT)
                    : new NodeView(node, content.length, inLines(text), Kind.TEXT);
        } catch (CharacterCodingException binary) {
            return new NodeView(node, content.length, "", Kind.BINARY);
        }
    }

    static boolean isSecret(String path) {
        return SECRETS.stream().anyMatch((path + "/")::contains);
    }

    private static String inLines(String text) {
        if (!text.startsWith("{") && !text.startsWith("[")) {
            return text;
        }
        try {
            return JSON.writeValueAsString(JSON.readTree(text));
        } catch (JacksonException other) {
            return text;
        }
    }

    /** A node above it, for the way up. */
    record Above(String name, String path) {}

    /** From the root on, itself left out. */
    public List<Above> above() {
        List<String> names = Stream.of(node.path().split("/"))
                .filter(name -> !name.isEmpty())
                .toList();
        StringBuilder path = new StringBuilder();
        return Stream.concat(
                        names.isEmpty() ? Stream.empty() : Stream.of(new Above("/", "/")),
                        names.stream().limit(Math.max(0, names.size() - 1)).map(name -> {
                            path.append('/').append(name);
                            return new Above(name, path.toString());
                        }))
                .toList();
    }

    /** Null where ZooKeeper knows no time, as of the nodes that it was born with. */
    public Instant created() {
        return known(node.created());
    }

    /** Null likewise. */
    public Instant changed() {
        return known(node.changed());
    }

    private static Instant known(Instant at) {
        return at.equals(Instant.EPOCH) ? null : at;
    }

    public String below(String child) {
        return (node.path().equals("/") ? "" : node.path()) + "/" + child;
    }
}
