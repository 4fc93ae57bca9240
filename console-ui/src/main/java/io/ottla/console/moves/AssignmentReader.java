package io.ottla.console.moves;

import java.util.ArrayList;
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
        BadFile(String message) {
            super(message, null, false, false);
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
        expect(parser.nextToken() == JsonToken.START_OBJECT, "the file", "an object with \"partitions\"");
        boolean partitions = false;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            switch (name) {
                case "version" -> expect(isInt() && parser.getIntValue() == 1, "version", "1");
                case "partitions" -> {
                    readPartitions();
                    partitions = true;
                }
                default -> parser.skipChildren();
            }
        }
        if (!partitions) {
            throw new BadFile(
                    "Expected \"partitions\", an array of {\"topic\", \"partition\", \"replicas\"}, but the file"
                            + " has none.");
        }
        if (parser.nextToken() != null) {
            throw new BadFile("Expected nothing after the object, but got " + shown() + ".");
        }
        return new AssignmentFile(new Assignment(replicas), folders);
    }

    private void readPartitions() {
        expect(parser.currentToken() == JsonToken.START_ARRAY, "partitions", "an array");
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            if (i == limits.partitions()) {
                throw new BadFile("Expected at most " + limits.partitions()
                        + " partitions in one file, but there are more: split it.");
            }
            readPartition("partitions[" + i + "]");
        }
    }

    private void readPartition(String where) {
        expect(parser.currentToken() == JsonToken.START_OBJECT, where, "an object");
        String topic = null;
        int partition = -1;
        List<Integer> brokers = null;
        List<String> paths = null;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            switch (name) {
                case "topic" -> topic = text(where + ".topic", "the name of a topic", MAX_TOPIC_LENGTH);
                case "partition" -> partition = number(where + ".partition", "the number of a partition");
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
            throw new BadFile("Expected as many log_dirs as replicas (" + brokers.size() + ") in " + where + ", " + key
                    + ", but got " + paths.size() + ".");
        }
        if (replicas.put(key, brokers) != null) {
            throw new BadFile("Expected each partition once, but " + where + " names " + key + " again.");
        }
        if (paths != null) {
            folders.put(key, paths);
        }
    }

    private List<Integer> brokers(String where) {
        List<Integer> brokers = new ArrayList<>(3);
        expect(parser.currentToken() == JsonToken.START_ARRAY, where, "an array of broker ids");
        Set<Integer> seen = new HashSet<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            String entry = where + "[" + brokers.size() + "]";
            expect(brokers.size() < limits.replicas(), where, "at most " + limits.replicas() + " brokers");
            int broker = number(entry, "the id of a broker");
            expect(seen.add(broker), entry, "a broker that isn't among the replicas yet");
            brokers.add(broker);
        }
        if (brokers.isEmpty()) {
            throw new BadFile("Expected at least one broker in " + where + ", but it is empty.");
        }
        return brokers;
    }

    private List<String> paths(String where) {
        List<String> paths = new ArrayList<>(3);
        expect(parser.currentToken() == JsonToken.START_ARRAY, where, "an array of folders");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(paths.size() < limits.replicas(), where, "at most " + limits.replicas() + " folders");
            String entry = where + "[" + paths.size() + "]";
            String path = text(entry, "\"any\" or the absolute path of a folder", 4_096);
            expect(path.equals(AssignmentFile.ANY) || path.startsWith("/"), entry, "\"any\" or an absolute path");
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
            throw new BadFile("Expected \"" + field + "\" in " + where + ", but it has none.");
        }
    }

    private void expect(boolean met, String where, String expected) {
        if (!met) {
            throw new BadFile("Expected " + expected + " in " + where + ", but got " + shown() + ".");
        }
    }

    private String shown() {
        JsonToken token = parser.currentToken();
        if (token == null) {
            return "the end of the file";
        }
        return switch (token) {
            case START_OBJECT, END_OBJECT -> "an object";
            case START_ARRAY, END_ARRAY -> "an array";
            case VALUE_STRING -> '"' + cut(parser.getString()) + '"';
            default -> cut(parser.getString());
        };
    }

    private static String cut(String text) {
        return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "…";
    }
}
