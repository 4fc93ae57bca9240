package io.ottla.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The alerts and dashboards of this repository, and what they ask Prometheus for. */
final class Monitoring {
    static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    static final Path RULES = ROOT.resolve("helm/ottla/rules/ottla.yaml");
    private static final Path DASHBOARDS = ROOT.resolve("helm/ottla/dashboards");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\S+)` \\|");
    /** What begins an item of the list of names that are missing. */
    private static final Pattern MISSING = Pattern.compile("(?m)^- ((?:`[a-z0-9_]+`,?\\s+)*`[a-z0-9_]+`):");

    private static final Pattern STRING = Pattern.compile("\"[^\"]*\"");
    private static final Pattern METRIC =
            Pattern.compile("\\b(?:kafka|ottla|jvm|process|zookeeper|http|logback)_[a-z0-9_]+");

    /** One question to Prometheus, and where it stands. */
    record Expression(String place, String text) {
        /** The metrics that it names. */
        Set<String> metrics() {
            Set<String> names = new TreeSet<>();
            Matcher found = METRIC.matcher(STRING.matcher(text).replaceAll(""));
            while (found.find()) {
                names.add(found.group());
            }
            return names;
        }
    }

    private Monitoring() {}

    /** Of all panels of all dashboards, and of what their variables are filled from. */
    static List<Expression> dashboards() throws IOException {
        List<Expression> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(DASHBOARDS)) {
            for (Path file : files.sorted().toList()) {
                JsonNode board = new JsonMapper().readTree(file.toFile());
                for (JsonNode panel : board.path("panels")) {
                    for (JsonNode target : panel.path("targets")) {
                        all.add(new Expression(
                                file.getFileName() + ": " + panel.path("title").asString(),
                                target.path("expr").asString()));
                    }
                }
                for (JsonNode variable : board.path("templating").path("list")) {
                    String query = variable.path("definition").asString();
                    if (!query.isEmpty()) {
                        // label_values(SERIES, label)
                        all.add(new Expression(
                                file.getFileName() + ": variable "
                                        + variable.path("name").asString(),
                                query.substring(query.indexOf('(') + 1, query.lastIndexOf(','))));
                    }
                }
            }
        }
        return all;
    }

    /** Of all alerts. */
    static List<Expression> rules() throws IOException {
        List<Expression> all = new ArrayList<>();
        Map<?, ?> file = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(RULES));
        for (Object group : (List<?>) file.get("groups")) {
            for (Object rule : (List<?>) ((Map<?, ?>) group).get("rules")) {
                Map<?, ?> one = (Map<?, ?>) rule;
                all.add(new Expression("rules: " + one.get("alert"), (String) one.get("expr")));
            }
        }
        return all;
    }

    /** The metrics that docs/metrics.md has a row for, which is what a broker shows. */
    static Set<String> documented() throws IOException {
        Set<String> documented = new TreeSet<>();
        Matcher rows = ROW.matcher(Files.readString(ROOT.resolve("docs/metrics.md")));
        while (rows.find()) {
            documented.add(rows.group(1));
        }
        return documented;
    }

    /** The metrics that docs/metrics.md says are not shown, with the reason. */
    static Set<String> explained() throws IOException {
        Set<String> explained = new TreeSet<>();
        Matcher items = MISSING.matcher(Files.readString(ROOT.resolve("docs/metrics.md")));
        while (items.find()) {
            Matcher names = METRIC.matcher(items.group(1));
            while (names.find()) {
                explained.add(names.group());
            }
        }
        return explained;
    }
}
