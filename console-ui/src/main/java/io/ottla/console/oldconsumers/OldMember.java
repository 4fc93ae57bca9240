package io.ottla.console.oldconsumers;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A live consumer of a group.
 *
 * @param id {@code <group>_<host>-<milliseconds>-<eight digits>}, or {@code <group>_<consumer.id>} where that is set
 * @param client the same without the group
 * @param host empty where the id does not tell it
 * @param owned partitions by topic
 */
public record OldMember(String id, String client, String host, Map<String, List<Integer>> owned) {
    private static final Pattern OF_HOST = Pattern.compile("(.+)-\\d{10,}-[0-9a-f]{1,8}");

    static OldMember of(String group, String id, Map<String, List<Integer>> owned) {
        String client = id.startsWith(group + "_") ? id.substring(group.length() + 1) : id;
        Matcher matcher = OF_HOST.matcher(client);
        return new OldMember(id, client, matcher.matches() ? matcher.group(1) : "", owned);
    }
}
