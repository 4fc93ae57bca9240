package io.ottla.console.reassignment;

import io.ottla.console.moves.Distribution;
import io.ottla.console.moves.Distribution.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.apache.kafka.common.TopicPartition;

/**
 * Brokers × partitions as shapes with places, in units of the drawing: one line a broker, one column a partition, and above
 * them what topic that is.
 *
 * @param numbersY where the columns' numbers stand
 * @param columns their numbers, where there is room for them
 * @param topics none where who looks knows of which topic it is
 */
public record Picture(
        int width, int height, List<Line> lines, int numbersY, List<Mark> columns, List<PictureNames.Name> topics) {
    private static final int LEFT = 44;
    private static final int TOP = 20;
    private static final int NUMBERS = 12;
    private static final int STEP = 14;
    private static final int GAP = 8;
    /** Every so many columns have their number above them. */
    private static final int NUMBERED = 5;

    /** @param y its upper edge */
    public record Line(int broker, int y, List<Cell> cells) {}

    /**
     * A replica.
     *
     * @param kind words of the style sheet, such as {@code leader marked}
     */
    public record Cell(int x, String kind, boolean leads, TopicPartition partition) {}

    /** A text above a column. */
    public record Mark(int x, String text) {}

    /** Of one topic, which is not named. */
    public static Picture ofOne(Distribution distribution) {
        return of(distribution, (partition, broker) -> false, PictureNames.NONE);
    }

    /** @param marked replicas that stand out: such as come, or go */
    public static Picture of(Distribution distribution, BiPredicate<TopicPartition, Integer> marked) {
        return of(distribution, marked, PictureNames.of(distribution, LEFT, STEP, GAP));
    }

    private static Picture of(
            Distribution distribution, BiPredicate<TopicPartition, Integer> marked, PictureNames names) {
        List<Integer> places = new ArrayList<>();
        List<Mark> marks = new ArrayList<>();
        String topic = null;
        int x = LEFT;
        int sinceNumber = 0;
        for (Distribution.Row row : distribution.rows()) {
            if (topic != null && !topic.equals(row.partition().topic())) {
                x += GAP;
                sinceNumber = 0;
            }
            topic = row.partition().topic();
            if (sinceNumber % NUMBERED == 0) {
                marks.add(
                        new Mark(x + STEP / 2, Integer.toString(row.partition().partition())));
            }
            sinceNumber++;
            places.add(x);
            x += STEP;
        }
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < distribution.brokers().size(); i++) {
            int broker = distribution.brokers().get(i);
            List<Cell> cells = new ArrayList<>();
            for (int j = 0; j < distribution.rows().size(); j++) {
                Distribution.Row row = distribution.rows().get(j);
                Role role = row.roles().get(i);
                if (role != Role.NONE) {
                    String kind = role == Role.LEADER ? "leader" : "follower";
                    cells.add(new Cell(
                            places.get(j),
                            marked.test(row.partition(), broker) ? kind + " marked" : kind,
                            role == Role.LEADER,
                            row.partition()));
                }
            }
            lines.add(new Line(broker, names.height() + TOP + i * STEP, List.copyOf(cells)));
        }
        return new Picture(
                Math.max(x + 2, names.width()),
                names.height() + TOP + distribution.brokers().size() * STEP + 2,
                List.copyOf(lines),
                names.height() + NUMBERS,
                List.copyOf(marks),
                names.names());
    }
}
