package io.ottla.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings to its end what a crash left of compaction, by Kafka's names: {@code .cleaned} files are not whole and go, with
 * every {@code .swap} from their offset on; other {@code .swap} files are whole and take the place of the segments that
 * they were made of. Blocks.
 */
final class InterruptedCleaning {
    private static final Logger LOG = LoggerFactory.getLogger(InterruptedCleaning.class);
    private static final String CLEANED = ".cleaned";
    private static final String SWAP = ".swap";

    private InterruptedCleaning() {}

    static void finish(Disk disk, Path folder) throws IOException {
        List<Path> swaps = new ArrayList<>();
        long firstUnfinished = Long.MAX_VALUE;
        for (Disk.Entry entry : disk.list(folder)) {
            String name = entry.path().getFileName().toString();
            if (name.endsWith(CLEANED)) {
                OptionalLong offset = offsetOf(entry.path(), CLEANED);
                firstUnfinished = Math.min(firstUnfinished, offset.orElse(Long.MAX_VALUE));
                LOG.info("Deleting {}: compaction had not finished it", entry.path());
                disk.delete(entry.path());
            } else if (name.endsWith(SWAP)) {
                swaps.add(entry.path());
            }
        }
        for (Path swap : swaps) {
            if (offsetOf(swap, SWAP).orElse(0) >= firstUnfinished) {
                LOG.info("Deleting {}: compaction had not finished it", swap);
                disk.delete(swap);
            } else if (offsetOf(swap, SWAP).isPresent() && swap.toString().endsWith(SegmentFiles.LOG + SWAP)) {
                replace(disk, folder, swap);
            }
        }
        for (Path swap : swaps) {
            if (disk.exists(swap)) {
                disk.move(swap, swap.resolveSibling(without(swap, SWAP)));
            }
        }
    }

    /** Deletes the segments that the swap file was made of. */
    private static void replace(Disk disk, Path folder, Path swap) throws IOException {
        long first = offsetOf(swap, SWAP).orElse(0);
        long last = lastOffset(disk, swap, first);
        for (Disk.Entry entry : disk.list(folder)) {
            OptionalLong offset = SegmentFiles.offset(entry.path(), SegmentFiles.LOG);
            if (offset.isPresent() && offset.getAsLong() >= first && offset.getAsLong() <= last) {
                LOG.info("Deleting {}: {} takes its place", entry.path(), swap);
                for (String suffix : List.of(
                        SegmentFiles.OFFSET_INDEX,
                        SegmentFiles.TIME_INDEX,
                        SegmentFiles.TRANSACTION_INDEX,
                        SegmentFiles.LOG)) {
                    disk.delete(SegmentFiles.file(folder, offset.getAsLong(), suffix));
                }
            }
        }
    }

    private static long lastOffset(Disk disk, Path swap, long first) throws IOException {
        try (FileChannel channel = disk.open(swap, StandardOpenOption.READ)) {
            BatchScanner scanner =
                    new BatchScanner(channel, 0, (int) Math.min(Integer.MAX_VALUE, channel.size()), 1 << 20);
            long last = first;
            while (scanner.next()) {
                last = scanner.lastOffset();
            }
            return last;
        }
    }

    private static OptionalLong offsetOf(Path file, String suffix) {
        String name = without(file, suffix);
        int dot = name.indexOf('.');
        return dot < 0 ? OptionalLong.empty() : SegmentFiles.offset(Path.of(name), name.substring(dot));
    }

    private static String without(Path file, String suffix) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - suffix.length());
    }
}
