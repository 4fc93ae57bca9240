package io.ottla.console.moves;

import io.ottla.console.words.Wording;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads one {@link AssignmentFile} off a parser, token by token, so that what is refused was never held as a whole. */
final class AssignmentReader {
    /** Longest name of a topic that Kafka allows. */
    private static final int MAX_TOPIC_LENGTH = 249;

    private static final int SHOWN_CHARACTERS = 100;

    /** The message is a sentence for people. */
    static final class BadFile extends RuntimeException {
        private final transient Wording wording;

        BadFile(Wording wording) {
            super(wording.toString(), null, false, false);
            this.wording = wording;
        }

        Wording wording() {
            return wording;
        }
    }

    private final JsonParser parser;
    private final AssignmentJson.Limits limits;
    private final Map<TopicPartition, List<Integer>> replicas = new HashMap<>();
    private final Map<TopicPartition, List<String>> folders = new HashMap<>();

    AssignmentReader(JsonParser parser, AssignmentJson.Limits limits) {
        this.parser = parser;
        this.limits = limits;
    }

    AssignmentFile read() {
        expect(parser.nextToken() == JsonToken.START_OBJECT, Wording.of("moves.json.file"), "moves.json.want.file");
        boolean partitions = false;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            switch (name) {
                case "version" -> expect(isInt() && parser.getIntValue() == 1, "version", "moves.json.want.version");
                case "partitions" -> {
                    readPartitions();
                    partitions = true;
                }
                default -> parser.skipChildren();
            }
        }
        if (!partitions) {
            throw new BadFile(Wording.of("moves.json.no-partitions"));
        }
        if (parser.nextToken() != null) {
            throw new BadFile(Wording.of("moves.json.after", shown()));
        }
        return new AssignmentFile(new Assignment(replicas), folders);
    }

    private void readPartitions() {
        expect(parser.currentToken() == JsonToken.START_ARRAY, "partitions", "moves.json.want.array");
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            if (i == limits.partitions()) {
                throw new BadFile(Wording.of("moves.json.too-many", Integer.toString(limits.partitions())));
            }
            readPartition("partitions[" + i + "]");
        }
    }

    private void readPartition(String where) {
        expect(parser.currentToken() == JsonToken.START_OBJECT, where, "moves.json.want.object");
        String topic = null;
        int partition = -1;
        List<Integer> brokers = null;
        List<String> paths = null;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            switch (name) {
                case "topic" -> topic = text(where + ".topic", "moves.json.want.topic", MAX_TOPIC_LENGTH);
                case "partition" -> partition = number(where + ".partition", "moves.json.want.partition");
                case "replicas" -> brokers = brokers(where + ".replicas");
                case "log_dirs" -> paths = paths(where + ".log_dirs");
                default -> parser.skipChildren();
            }
        }
        need(topic != null, where, "topic");
        need(partition >= 0, where, "partition");
        need(brokers != null, where, "replicas");
        TopicPartition key = new TopicPartition(topic, partition);
        if (paths != null && paths.size() != brokers.size()) {
            throw new BadFile(Wording.of(
                    "moves.json.folders",
                    Integer.toString(brokers.size()),
                    where,
                    key.toString(),
                    Integer.toString(paths.size())));
        }
        if (replicas.put(key, brokers) != null) {
            throw new BadFile(Wording.of("moves.json.again", where, key.toString()));
        }
        if (paths != null) {
            folders.put(key, paths);
        }
    }

    private List<Integer> brokers(String where) {
        List<Integer> brokers = new ArrayList<>(3);
        expect(parser.currentToken() == JsonToken.START_ARRAY, where, "moves.json.want.brokers");
        Set<Integer> seen = new HashSet<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            String entry = where + "[" + brokers.size() + "]";
            expect(brokers.size() < limits.replicas(), where, "moves.json.want.few-brokers", limits.replicas());
            int broker = number(entry, "moves.json.want.broker");
            expect(seen.add(broker), entry, "moves.json.want.new-broker");
            brokers.add(broker);
        }
        if (brokers.isEmpty()) {
            throw new BadFile(Wording.of("moves.json.no-broker", where));
        }
        return brokers;
    }

    private List<String> paths(String where) {
        List<String> paths = new ArrayList<>(3);
        expect(parser.currentToken() == JsonToken.START_ARRAY, where, "moves.json.want.folders");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(paths.size() < limits.replicas(), where, "moves.json.want.few-folders", limits.replicas());
            String entry = where + "[" + paths.size() + "]";
            String path = text(entry, "moves.json.want.folder", 4_096);
            expect(path.equals(AssignmentFile.ANY) || path.startsWith("/"), entry, "moves.json.want.path");
            paths.add(path);
        }
        return paths;
    }

    private String text(String where, String expected, int maxLength) {
        expect(parser.currentToken() == JsonToken.VALUE_STRING, where, expected);
        String text = parser.getString();
        expect(!text.isEmpty() && text.length() <= maxLength, where, expected);
        return text;
    }

    private int number(String where, String expected) {
        expect(isInt() && parser.getIntValue() >= 0, where, expected);
        return parser.getIntValue();
    }

    private boolean isInt() {
        return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() == JsonParser.NumberType.INT;
    }

    private static void need(boolean met, String where, String field) {
        if (!met) {
            throw new BadFile(Wording.of("moves.json.missing", field, where));
        }
    }

    /** @param expected names what, among the words */
    private void expect(boolean met, Object where, String expected, int... limit) {
        if (!met) {
            Object[] places = Arrays.stream(limit).mapToObj(Integer::toString).toArray();
            throw new BadFile(Wording.of("moves.json.expected", Wording.of(expected, places), where, shown()));
        }
    }

    private Wording shown() {
        JsonToken token = parser.currentToken();
        if (token == null) {
            return Wording.of("moves.json.got.end");
        }
        return switch (token) {
            case START_OBJECT, END_OBJECT -> Wording.of("moves.json.want.object");
            case START_ARRAY, END_ARRAY -> Wording.of("moves.json.want.array");
            case VALUE_STRING -> Wording.quoted('"' + cut(parser.getString()) + '"');
            default -> Wording.quoted(cut(parser.getString()));
        };
    }

    private static String cut(String text) {
        return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "…";
    }
}
