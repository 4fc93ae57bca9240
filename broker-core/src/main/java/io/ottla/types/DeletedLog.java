package io.ottla.types;

/**
 * Logs that are to be deleted by whoever holds them: of a topic that is no more, or of one partition of which a broker is to
 * hold no replica any more.
 *
 * @param partition {@value #ALL} for all of the topic
 */
public record DeletedLog(TopicId topic, int partition) {
    public static final int ALL = -1;

    /** As many characters as every topic id is written with. */
    private static final int ID_LENGTH = 22;

    public static DeletedLog allOf(TopicId topic) {
        return new DeletedLog(topic, ALL);
    }

    /**
     * What {@link #toString} has written.
     *
     * @throws IllegalArgumentException where it is something else
     */
    public static DeletedLog parse(String text) {
        if (text.length() == ID_LENGTH) {
            return allOf(TopicId.parse(text));
        }
        if (text.length() < ID_LENGTH + 2 || text.charAt(ID_LENGTH) != '-') {
            throw new IllegalArgumentException("Expected a topic id, or one and a partition, but got " + text);
        }
        int partition = Integer.parseUnsignedInt(text.substring(ID_LENGTH + 1));
        if (partition < 0) {
            throw new IllegalArgumentException("Expected the number of a partition, but got " + text);
        }
        return new DeletedLog(TopicId.parse(text.substring(0, ID_LENGTH)), partition);
    }

    public boolean isAll() {
        return partition == ALL;
    }

    @Override
    public String toString() {
        return isAll() ? topic.toString() : topic + "-" + partition;
    }
}
