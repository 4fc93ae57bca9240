package io.ottla.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Kafka's text form of a checkpoint: a line with the version, one with the number of entries, then the entries.
 *
 * <pre>
 * 0
 * 2
 * orders 0 1500
 * orders 1 12
 * </pre>
 */
final class CheckpointFile {
    private static final String VERSION = "0";

    private CheckpointFile() {}

    /** Writes all entries in place of what the file held. */
    static void write(Disk disk, Path file, List<String> entries) throws IOException {
        StringBuilder text = new StringBuilder(32 + entries.size() * 32);
        text.append(VERSION).append('\n').append(entries.size()).append('\n');
        for (String entry : entries) {
            text.append(entry).append('\n');
        }
        SmallFile.replace(disk, file, ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * The entries; none where there is no file.
     *
     * @throws MalformedFileException where the file holds anything else than this form, or is empty
     */
    static List<String> read(Disk disk, Path file) throws IOException {
        if (!disk.exists(file)) {
            return List.of();
        }
        String text = StandardCharsets.UTF_8.decode(SmallFile.read(disk, file)).toString();
        List<String> lines = Arrays.asList(text.split("\n"));
        if (lines.size() < 2 || !lines.get(0).equals(VERSION)) {
            throw new MalformedFileException("Expected version 0 in the first line of " + file + " and the number of "
                    + "entries in the second, but it begins with '" + abbreviated(text) + "'");
        }
        if (!lines.get(1).equals(Integer.toString(lines.size() - 2)) || !text.endsWith("\n")) {
            throw new MalformedFileException("Expected " + abbreviated(lines.get(1)) + " entries in " + file
                    + ", but it has " + (lines.size() - 2));
        }
        return List.copyOf(lines.subList(2, lines.size()));
    }

    private static String abbreviated(String text) {
        String line = text.replace('\n', ' ');
        return line.length() <= 40 ? line : line.substring(0, 40) + "…";
    }
}
