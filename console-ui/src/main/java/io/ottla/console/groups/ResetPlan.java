package io.ottla.console.groups;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * What setting offsets would do.
 *
 * @param request what was wanted
 * @param group as it was then
 * @param offsets ordered by topic and partition
 */
public record ResetPlan(ResetRequest request, Group group, List<PlannedOffset> offsets) {
    public ResetPlan {
        offsets = List.copyOf(offsets);
    }

    public long changed() {
        return offsets.stream().filter(PlannedOffset::changes).count();
    }

    /** Records that would be read again; below zero those that would be skipped. */
    public long rewound() {
        return offsets.stream()
                .filter(each -> each.before() >= 0)
                .mapToLong(each -> each.before() - each.after())
                .sum();
    }

    /** The new offsets alone, in a form that a page can send back: {@code topic partition offset}, one a line. */
    public String text() {
        StringBuilder text = new StringBuilder();
        offsets.forEach(each -> text.append(each.topic())
                .append(' ')
                .append(each.partition())
                .append(' ')
                .append(each.after())
                .append('\n'));
        return text.toString();
    }

    /** @throws IllegalArgumentException where the text is not of that form */
    static Map<TopicPartition, Long> read(String text) {
        Map<TopicPartition, Long> offsets = new TreeMap<>(OffsetResets.ORDER);
        for (String line : text.strip().split("\\R")) {
            String[] parts = line.split(" ");
            if (parts.length != 3) {
                throw new IllegalArgumentException("Expected topic, partition and offset, but got '" + line + "'");
            }
            offsets.put(new TopicPartition(parts[0], Integer.parseInt(parts[1])), Long.parseLong(parts[2]));
        }
        return offsets;
    }
}
