package io.ottla.console.reassignment;

import io.ottla.console.moves.Distribution;
import java.util.ArrayList;
import java.util.List;

/**
 * Names of topics above a {@link Picture}: each where its topic's columns begin. They lie where each has the room, and else all
 * of them rise, so that topics of few partitions can be told apart too.
 *
 * @param width that they reach to
 * @param height that they take
 */
record PictureNames(int width, int height, List<Name> names) {
    static final PictureNames NONE = new PictureNames(0, 0, List.of());

    /** A longer one is cut. */
    static final int LONGEST = 24;

    private static final int CHARACTER = 5;
    private static final int LYING = 14;
    private static final int ANGLE = 40;

    /**
     * A topic's name.
     *
     * @param angle by which it is turned; 0 where it lies
     * @param text cut where it is long
     */
    public record Name(int x, int y, int angle, String text, String topic) {}

    /**
     * @param left where the first column begins
     * @param step a column's width
     * @param gap between two topics
     */
    static PictureNames of(Distribution distribution, int left, int step, int gap) {
        List<String> topics = new ArrayList<>();
        List<Integer> begins = new ArrayList<>();
        int x = left;
        boolean fits = true;
        for (Distribution.Row row : distribution.rows()) {
            String topic = row.partition().topic();
            if (topics.isEmpty() || !topics.getLast().equals(topic)) {
                x += topics.isEmpty() ? 0 : gap;
                fits &= topics.isEmpty() || x - begins.getLast() > length(topics.getLast());
                topics.add(topic);
                begins.add(x);
            }
            x += step;
        }
        if (topics.isEmpty()) {
            return NONE;
        }
        return fits ? lying(topics, begins) : rising(topics, begins);
    }

    private static PictureNames lying(List<String> topics, List<Integer> begins) {
        List<Name> names = new ArrayList<>();
        for (int i = 0; i < topics.size(); i++) {
            names.add(new Name(begins.get(i), LYING - 5, 0, cut(topics.get(i)), topics.get(i)));
        }
        return new PictureNames(begins.getLast() + length(topics.getLast()), LYING, List.copyOf(names));
    }

    private static PictureNames rising(List<String> topics, List<Integer> begins) {
        int longest = topics.stream().mapToInt(PictureNames::length).max().orElse(0);
        int height = (int) Math.ceil(longest * Math.sin(Math.toRadians(ANGLE))) + LYING;
        int width = 0;
        List<Name> names = new ArrayList<>();
        for (int i = 0; i < topics.size(); i++) {
            String topic = topics.get(i);
            names.add(new Name(begins.get(i) + 6, height - 3, -ANGLE, cut(topic), topic));
            width = Math.max(
                    width, begins.get(i) + LYING + (int) Math.ceil(length(topic) * Math.cos(Math.toRadians(ANGLE))));
        }
        return new PictureNames(width, height, List.copyOf(names));
    }

    private static int length(String topic) {
        return cut(topic).length() * CHARACTER;
    }

    private static String cut(String topic) {
        return topic.length() <= LONGEST ? topic : topic.substring(0, LONGEST - 1) + "…";
    }
}
