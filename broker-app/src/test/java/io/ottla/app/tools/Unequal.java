package io.ottla.app.tools;

import io.ottla.app.ThreeBrokers;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What can't be equal in what a tool says of two clusters, replaced by what it is. */
final class Unequal {
    private static final Map<Pattern, String> EVERYWHERE = new LinkedHashMap<>();

    static {
        // made by chance
        replace("TopicId: \\S{22}", "TopicId: ID");
        replace("Cluster ID: \\S{22}", "Cluster ID: ID");
        replace("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID");
        // where the partitions of groups lie, and so which of them another broker leads, is drawn by each cluster
        replace(", __consumer_offsets-\\d+(?=[,\\s]|$)|(?<=for partitions )__consumer_offsets-\\d+, ", "");
        // when the tool logs something
        replace("(?m)^\\[?\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d[.,]\\d+\\]? ", "");
        // the tool draws where a plan begins
        replace("(?s)(Proposed partition reassignment configuration\n+)\\{[^\n]*", "$1PLAN");
        // a broker explains an error in its own words; which error it is stays
        replace("(org\\.apache\\.kafka\\.common\\.errors\\.\\w+: ).*", "$1MESSAGE");
        replace("(Unregister broker request for broker ID \\d+ failed: ).*", "$1MESSAGE");
        replace(
                "(Error while executing topic command : ).*(?=\nERROR org\\.apache\\.kafka\\.common\\.errors)",
                "$1MESSAGE");
    }

    /** What lies in a folder, and who is in sync, comes in no order. */
    private static final Pattern IN_SYNC = Pattern.compile("(?<=\\tIsr: |\\tElr: |\\tLastKnownElr: )[\\d,]+");

    private static final Pattern PARTITIONS = Pattern.compile("\"partitions\":\\[(\\{[^\\]]*\\})\\],\"error\"");

    private Unequal() {}

    private static void replace(String pattern, String replacement) {
        EVERYWHERE.put(Pattern.compile(pattern), replacement);
    }

    static String without(String said, ThreeBrokers cluster) {
        String text = said.replace(cluster.zooKeeper(), "ZOOKEEPER");
        for (int id = 1; id <= 3; id++) {
            String address = cluster.address(id);
            String port = address.substring(address.lastIndexOf(':') + 1);
            text = text.replace(cluster.own(id).toString(), "FOLDER-" + id)
                    .replace(address, "BROKER-" + id)
                    .replaceAll("\\b" + port + "\\b", "PORT-" + id);
        }
        for (Map.Entry<Pattern, String> each : EVERYWHERE.entrySet()) {
            text = each.getKey().matcher(text).replaceAll(each.getValue());
        }
        text = IN_SYNC.matcher(text).replaceAll(found -> sorted(found.group(), ","));
        return PARTITIONS
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        "\"partitions\":[" + sorted(found.group(1), "(?<=\\}),") + "],\"error\""));
    }

    private static String sorted(String list, String between) {
        return Arrays.stream(list.split(between)).sorted().collect(Collectors.joining(","));
    }
}
