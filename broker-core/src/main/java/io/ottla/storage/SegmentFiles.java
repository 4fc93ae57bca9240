package io.ottla.storage;

import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;

/** Names of the files of a partition's folder: the base offset in 20 digits, and what the file is. */
final class SegmentFiles {
    static final String LOG = ".log";
    static final String OFFSET_INDEX = ".index";
    static final String TIME_INDEX = ".timeindex";
    static final String TRANSACTION_INDEX = ".txnindex";
    static final String SNAPSHOT = ".snapshot";
    /** Compaction is writing it; what still carries it at start is deleted. */
    static final String CLEANED = ".cleaned";
    /** Whole, and about to take the place of the segments that it was made of; a start brings that to its end. */
    static final String SWAP = ".swap";
    /** On its way out; what still carries it at start is deleted. */
    static final String DELETED = ".deleted";
    /** A file that the next segment will be; with Kafka's suffix, so that Kafka too clears it away. */
    static final String SPARE = "spare.log" + DELETED;

    private SegmentFiles() {}

    static Path file(Path folder, long offset, String suffix) {
        return folder.resolve(name(offset, suffix));
    }

    static String name(long offset, String suffix) {
        return String.format(Locale.ROOT, "%020d", offset) + suffix;
    }

    /** The offset in the name of such a file; empty where it is no such name. */
    static OptionalLong offset(Path file, String suffix) {
        String name = file.getFileName().toString();
        if (!name.endsWith(suffix)) {
            return OptionalLong.empty();
        }
        String digits = name.substring(0, name.length() - suffix.length());
        if (digits.isEmpty() || digits.length() > 20 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(digits));
        } catch (NumberFormatException tooLarge) {
            return OptionalLong.empty();
        }
    }
}
