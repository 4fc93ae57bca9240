package io.ottla.console.oldconsumers;

import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Where old consumers keep what. Source: Kafka 0.8's documentation, "ZooKeeper directories".
 *
 * <pre>
 *   /consumers/GROUP/ids/CONSUMER               a live one; ephemeral
 *   /consumers/GROUP/owners/TOPIC/PARTITION     CONSUMER-THREAD; ephemeral
 *   /consumers/GROUP/offsets/TOPIC/PARTITION    the offset of the next record, in decimal digits
 * </pre>
 */
final class Layout {
    static final String ROOT = "/consumers";

    private static final int LONGEST_GROUP = 255;
    private static final int LONGEST_NUMBER = 32;
    private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");
    private static final Pattern PARTITION = Pattern.compile("0|[1-9]\\d{0,8}");
    private static final Pattern OFFSET = Pattern.compile("\\d{1,19}");
    private static final Pattern THREAD = Pattern.compile("-\\d+$");

    private Layout() {}

    /** Whether a group can have that name: one part of a path, and text. */
    static boolean isGroup(String name) {
        return !name.isEmpty()
                && name.length() <= LONGEST_GROUP
                && !name.equals(".")
                && !name.equals("..")
                && name.indexOf('/') < 0
                && name.chars()
                        .noneMatch(each ->
                                Character.isISOControl(each) || each >= 0xD800 && each <= 0xF8FF || each >= 0xFFF0);
    }

    static boolean isTopic(String name) {
        return TOPIC.matcher(name).matches();
    }

    static OptionalInt partition(String name) {
        return PARTITION.matcher(name).matches() ? OptionalInt.of(Integer.parseInt(name)) : OptionalInt.empty();
    }

    static OptionalLong offset(byte[] content) {
        if (content.length > LONGEST_NUMBER) {
            return OptionalLong.empty();
        }
        String text = new String(content, StandardCharsets.UTF_8).strip();
        try {
            return OFFSET.matcher(text).matches() ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
        } catch (NumberFormatException beyond) {
            return OptionalLong.empty();
        }
    }

    static byte[] content(long offset) {
        return Long.toString(offset).getBytes(StandardCharsets.UTF_8);
    }

    /** The consumer that an owner's thread belongs to. */
    static String consumer(byte[] owner) {
        return THREAD.matcher(new String(owner, StandardCharsets.UTF_8).strip()).replaceFirst("");
    }

    static String group(String group) {
        return ROOT + "/" + group;
    }

    static String ids(String group) {
        return group(group) + "/ids";
    }

    static String owners(String group) {
        return group(group) + "/owners";
    }

    static String offsets(String group) {
        return group(group) + "/offsets";
    }

    static String below(String path, Object child) {
        return path + "/" + child;
    }
}
