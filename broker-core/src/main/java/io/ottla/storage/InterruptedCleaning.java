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

    private InterruptedCleaning() {}

    static void finish(Disk disk, Path folder) throws IOException {
        List<Path> cleaned = new ArrayList<>();
        List<Path> swaps = new ArrayList<>();
        long firstUnfinished = Long.MAX_VALUE;
        for (Disk.Entry entry : disk.list(folder)) {
            String name = entry.path().getFileName().toString();
            if (name.endsWith(SegmentFiles.CLEANED)) {
                OptionalLong offset = offsetOf(entry.path(), SegmentFiles.CLEANED);
                firstUnfinished = Math.min(firstUnfinished, offset.orElse(Long.MAX_VALUE));
                cleaned.add(entry.path());
            } else if (name.endsWith(SegmentFiles.SWAP)) {
                swaps.add(entry.path());
            }
        }
        swaps.removeAll(dropUnfinished(disk, folder, swaps, firstUnfinished));
        for (Path file : cleaned) {
            LOG.info("Deleting {}: compaction had not finished it", file);
            disk.delete(file);
        }
        takePlace(disk, folder, swaps);
    }

    /** Before the files that tell that they are not finished. */
    private static List<Path> dropUnfinished(Disk disk, Path folder, List<Path> swaps, long firstUnfinished)
            throws IOException {
        List<Path> unfinished = new ArrayList<>();
        for (Path swap : swaps) {
            if (offsetOf(swap, SegmentFiles.SWAP).orElse(0) >= firstUnfinished) {
                LOG.info("Deleting {}: compaction had not finished it", swap);
                disk.delete(swap);
                unfinished.add(swap);
            }
        }
        if (!unfinished.isEmpty()) {
            disk.syncFolder(folder);
        }
        return unfinished;
    }

    /** In steps that each are on disk before the next: batches come first, and what they replace is gone by then. */
    private static void takePlace(Disk disk, Path folder, List<Path> swaps) throws IOException {
        List<Path> batches =
                swaps.stream().filter(InterruptedCleaning::holdsBatches).toList();
        for (Path swap : batches) {
            replace(disk, folder, swap);
        }
        if (!batches.isEmpty()) {
            disk.syncFolder(folder);
            rename(disk, batches);
            disk.syncFolder(folder);
        }
        rename(disk, swaps.stream().filter(swap -> !holdsBatches(swap)).toList());
    }

    private static boolean holdsBatches(Path swap) {
        return swap.toString().endsWith(SegmentFiles.LOG + SegmentFiles.SWAP)
                && offsetOf(swap, SegmentFiles.SWAP).isPresent();
    }

    private static void rename(Disk disk, List<Path> swaps) throws IOException {
        for (Path swap : swaps) {
            disk.move(swap, swap.resolveSibling(without(swap, SegmentFiles.SWAP)));
        }
    }

    /** Deletes the segments that the swap file was made of. */
    private static void replace(Disk disk, Path folder, Path swap) throws IOException {
        long first = offsetOf(swap, SegmentFiles.SWAP).orElse(0);
        long last = lastOffset(disk, swap, first);
        for (Disk.Entry entry : disk.list(folder)) {
            OptionalLong offset = SegmentFiles.offset(entry.path(), SegmentFiles.LOG);
            if (offset.isPresent() && offset.getAsLong() >= first && offset.getAsLong() <= last) {
                LOG.info("Deleting {}: {} takes its place", entry.path(), swap);
                for (String suffix : LogSegment.suffixes()) {
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
