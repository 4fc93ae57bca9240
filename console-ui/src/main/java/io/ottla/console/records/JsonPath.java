package io.ottla.console.records;

import io.ottla.console.words.Wording;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A path into JSON: {@code $.customer.address[0]['zip code']}, {@code [*]} for every item and {@code ..name} for a field at
 * any depth. No expressions, no functions, no script; it looks at {@link #MOST_NODES} nodes of a document at most. Immutable.
 */
final class JsonPath {
    private static final int LONGEST = 500;
    private static final int MOST_STEPS = 30;
    private static final int MOST_NODES = 50_000;

    private sealed interface Step {
        record Field(String name) implements Step {}

        record Index(int place) implements Step {}

        record Every() implements Step {}

        record Anywhere(String name) implements Step {}
    }

    /**
     * A place in a document.
     *
     * @param parent null at its root
     * @param name of a field of the parent; null in a list
     * @param place in a list
     */
    record Match(JsonNode parent, String name, int place, JsonNode node) {}

    private final String text;
    private final List<Step> steps;
    private final boolean ignoresCase;

    private JsonPath(String text, List<Step> steps, boolean ignoresCase) {
        this.text = text;
        this.steps = List.copyOf(steps);
        this.ignoresCase = ignoresCase;
    }

    /**
     * Reads a path; one without {@code $} begins at the root.
     *
     * @throws Unreadable naming the field
     */
    static JsonPath of(String field, String text) {
        String path = text.strip();
        return new JsonPath(
                path, new Parser(field, path.startsWith("$") ? path.substring(1) : "." + path).steps(), false);
    }

    /**
     * The same for names of fields that are to be hidden: case aside, and one without {@code $} may begin at any depth.
     *
     * @throws Unreadable naming the field
     */
    static JsonPath hiding(String field, String text) {
        String path = text.strip();
        return new JsonPath(
                path, new Parser(field, path.startsWith("$") ? path.substring(1) : ".." + path).steps(), true);
    }

    /** The name that it ends with; empty where it ends otherwise. */
    String lastName() {
        return switch (steps.getLast()) {
            case Step.Field field -> field.name();
            case Step.Anywhere field -> field.name();
            case Step.Index index -> "";
            case Step.Every every -> "";
        };
    }

    /**
     * All places that it names.
     *
     * @throws Malformed where the document has more nodes than are looked at
     */
    List<Match> select(JsonNode root) throws Malformed {
        List<Match> found = new ArrayList<>();
        walk(new Match(null, null, 0, root), 0, new int[] {MOST_NODES}, found);
        return found;
    }

    private void walk(Match at, int next, int[] left, List<Match> found) throws Malformed {
        if (--left[0] < 0) {
            throw new Malformed("more nodes than are looked at");
        }
        if (next == steps.size()) {
            found.add(at);
            return;
        }
        switch (steps.get(next)) {
            case Step.Field field -> {
                for (Match child : children(at.node(), field.name())) {
                    walk(child, next + 1, left, found);
                }
            }
            case Step.Index index -> {
                JsonNode item = at.node().isArray() ? at.node().get(index.place()) : null;
                if (item != null) {
                    walk(new Match(at.node(), null, index.place(), item), next + 1, left, found);
                }
            }
            case Step.Every every -> {
                for (Match child : children(at.node(), null)) {
                    walk(child, next + 1, left, found);
                }
            }
            case Step.Anywhere field -> {
                for (Match child : children(at.node(), field.name())) {
                    walk(child, next + 1, left, found);
                }
                for (Match child : children(at.node(), null)) {
                    walk(child, next, left, found);
                }
            }
        }
    }

    /** @param name null for all of them */
    private List<Match> children(JsonNode node, String name) {
        List<Match> children = new ArrayList<>();
        if (node.isObject()) {
            if (name != null && !ignoresCase) {
                JsonNode child = node.get(name);
                return child == null ? List.of() : List.of(new Match(node, name, 0, child));
            }
            node.properties().forEach(property -> {
                if (name == null || name.equalsIgnoreCase(property.getKey())) {
                    children.add(new Match(node, property.getKey(), 0, property.getValue()));
                }
            });
        } else if (node.isArray() && name == null) {
            for (int i = 0; i < node.size(); i++) {
                children.add(new Match(node, null, i, node.get(i)));
            }
        }
        return children;
    }

    @Override
    public String toString() {
        return text;
    }

    /** Reads what follows the {@code $}. */
    private static final class Parser {
        private final String field;
        private final String text;
        private int at;

        Parser(String field, String text) {
            this.field = field;
            this.text = text;
        }

        List<Step> steps() {
            if (text.length() > LONGEST) {
                throw bad();
            }
            List<Step> steps = new ArrayList<>();
            while (at < text.length()) {
                steps.add(text.charAt(at) == '[' ? bracket() : dotted());
                if (steps.size() > MOST_STEPS) {
                    throw bad();
                }
            }
            if (steps.isEmpty()) {
                throw bad();
            }
            return steps;
        }

        private Step dotted() {
            if (text.charAt(at) != '.') {
                throw bad();
            }
            at++;
            boolean anywhere = at < text.length() && text.charAt(at) == '.';
            at += anywhere ? 1 : 0;
            int end = at;
            while (end < text.length() && text.charAt(end) != '.' && text.charAt(end) != '[') {
                end++;
            }
            String name = text.substring(at, end);
            at = end;
            if (name.isEmpty() || name.indexOf('(') >= 0 || name.indexOf('?') >= 0) {
                throw bad();
            }
            if (name.equals("*") && !anywhere) {
                return new Step.Every();
            }
            return anywhere ? new Step.Anywhere(name) : new Step.Field(name);
        }

        private Step bracket() {
            char first = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
            if (first == '\'' || first == '"') {
                int end = text.indexOf(first + "]", at + 2);
                if (end < 0) {
                    throw bad();
                }
                String name = text.substring(at + 2, end);
                at = end + 2;
                return new Step.Field(name);
            }
            int end = text.indexOf(']', at);
            if (end < 0) {
                throw bad();
            }
            String inner = text.substring(at + 1, end);
            at = end + 1;
            if (inner.equals("*")) {
                return new Step.Every();
            }
            if (!inner.matches("\\d{1,9}")) {
                throw bad();
            }
            return new Step.Index(Integer.parseInt(inner));
        }

        private Unreadable bad() {
            return new Unreadable(field, Wording.of("records.bad.path", field, Unreadable.shortened(text)));
        }
    }
}
