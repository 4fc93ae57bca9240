package io.ottla.storage;

import io.ottla.types.TopicPartition;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a folder inside a log folder is, by its name. */
sealed interface FolderName {
    /** A partition's. */
    record OfPartition(TopicPartition partition) implements FolderName {}

    /** {@code <topic>-<n>.<id>-delete}: a deleted partition's, whose files go later. */
    record Deleting() implements FolderName {}

    /** {@code <topic>-<n>.<id>-future}: a partition's, on its way from another log folder (KIP-113). */
    record Coming(TopicPartition partition) implements FolderName {}

    /**
     * Kept as it is: {@code <topic>-<n>.<id>-stray}, which no broker claims; and folders of Kafka's own that are no partition
     * of ours.
     */
    record Untouched(String why) implements FolderName {}

    /** Nobody's that we know. */
    record Foreign() implements FolderName {}

    Pattern PARTITION = Pattern.compile("([a-zA-Z0-9._-]{1,249})-(0|[1-9][0-9]{0,9})");
    Pattern SUFFIXED = Pattern.compile("(\\S+)-(\\S+)\\.(\\S+)-(delete|future|stray)");
    String COMING = "-future";
    int MAX_NAME = 255;
    /** Of a dot and the id. */
    int ID_LENGTH = 33;

    static FolderName parse(String name) {
        Matcher suffixed = SUFFIXED.matcher(name);
        if (suffixed.matches()) {
            return switch (suffixed.group(4)) {
                case "delete" -> new Deleting();
                case "future" -> coming(suffixed.group(1) + "-" + suffixed.group(2));
                default -> new Untouched("it is a stray replica");
            };
        }
        if (name.equals("__cluster_metadata-0") || name.equals("remote-log-index-cache")) {
            return new Untouched("it is Kafka's own");
        }
        TopicPartition partition = partition(name);
        return partition == null ? new Foreign() : new OfPartition(partition);
    }

    private static FolderName coming(String name) {
        TopicPartition partition = partition(name);
        return partition == null ? new Foreign() : new Coming(partition);
    }

    /** Null where it is no partition's name. */
    private static TopicPartition partition(String name) {
        Matcher partition = PARTITION.matcher(name);
        if (!partition.matches()) {
            return null;
        }
        long number = Long.parseLong(partition.group(2));
        return number > Integer.MAX_VALUE ? null : new TopicPartition(partition.group(1), (int) number);
    }

    /** The name that a partition's folder has while it comes from another log folder. */
    static String coming(TopicPartition partition, RandomGenerator random) {
        return renamed(partition, random, COMING);
    }

    /** Whether a partition's name leaves room for what stands behind it while it comes from another log folder. */
    static boolean canCome(TopicPartition partition) {
        return partition.toString().length() + ID_LENGTH + COMING.length() <= MAX_NAME;
    }

    /** The name that a partition's folder gets when it is deleted. */
    static String deleting(TopicPartition partition, RandomGenerator random) {
        return renamed(partition, random, "-delete");
    }

    /** The name that a partition's folder gets when it is another topic's of that name. */
    static String stray(TopicPartition partition, RandomGenerator random) {
        return renamed(partition, random, "-stray");
    }

    private static String renamed(TopicPartition partition, RandomGenerator random, String kind) {
        HexFormat hex = HexFormat.of();
        String suffix = "." + hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong()) + kind;
        String name = partition.toString();
        String number = "-" + partition.partition();
        int room = MAX_NAME - suffix.length() - number.length();
        String topic = partition.topic();
        return (name.length() + suffix.length() <= MAX_NAME ? topic : topic.substring(0, room)) + number + suffix;
    }
}
