package io.ottla.storage;

import io.ottla.types.LeaderEpoch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which leader's epoch began at which offset of a log, oldest first, both ascending (KIP-101, KIP-279). What it says
 * also stands in the batches; the file {@code leader-epoch-checkpoint} spares reading them. Changed under the log's lock,
 * read from any thread without one.
 */
final class LeaderEpochs {
    static final String FILE = "leader-epoch-checkpoint";

    private static final Logger LOG = LoggerFactory.getLogger(LeaderEpochs.class);

    /** One epoch and its first offset. */
    record Entry(int epoch, long startOffset) {}

    private final Disk disk;
    private final Path file;
    private final Object writing = new Object();
    private volatile List<Entry> entries = List.of();
    private List<Entry> written = List.of();

    LeaderEpochs(Disk disk, Path folder) {
        this.disk = disk;
        this.file = folder.resolve(FILE);
    }

    /** Reads the file; false where there is none, or none that can be understood: it counts as empty then. */
    boolean load() throws IOException {
        List<Entry> read = new ArrayList<>();
        boolean understood = disk.exists(file);
        try {
            for (String line : CheckpointFile.read(disk, file)) {
                Entry entry = parse(line);
                if (!read.isEmpty()) {
                    Entry last = read.getLast();
                    if (entry.epoch <= last.epoch || entry.startOffset < last.startOffset) {
                        throw new MalformedFileException("Expected epochs and offsets in " + file + " to ascend, but '"
                                + line + "' follows " + last);
                    }
                    if (entry.startOffset == last.startOffset) {
                        read.removeLast(); // the earlier epoch has no records
                    }
                }
                read.add(entry);
            }
        } catch (MalformedFileException e) {
            LOG.error("{}. Epochs are taken from the batches themselves", e.getMessage());
            read.clear();
            understood = false;
        }
        entries = List.copyOf(read);
        written = entries;
        return understood;
    }

    private Entry parse(String line) throws MalformedFileException {
        String[] words = line.split("\\s+");
        try {
            if (words.length == 2) {
                Entry entry = new Entry(Integer.parseInt(words[0]), Long.parseLong(words[1]));
                if (entry.epoch >= 0 && entry.startOffset >= 0) {
                    return entry;
                }
            }
        } catch (NumberFormatException e) {
            throw new MalformedFileException("Expected 'epoch offset' in " + file + ", but read '" + line + "'");
        }
        throw new MalformedFileException("Expected 'epoch offset' in " + file + ", but read '" + line + "'");
    }

    List<Entry> entries() {
        return entries;
    }

    /** The last epoch, or -1. */
    int latest() {
        List<Entry> now = entries;
        return now.isEmpty() ? -1 : now.getLast().epoch;
    }

    /** Notes that the epoch begins there; whatever contradicts it goes. True where that changed anything. */
    boolean assign(int epoch, long startOffset) {
        List<Entry> now = entries;
        if (epoch < 0) {
            return false;
        }
        if (!now.isEmpty() && now.getLast().epoch == epoch && startOffset >= now.getLast().startOffset) {
            return false;
        }
        List<Entry> next = new ArrayList<>(now.size() + 1);
        for (Entry entry : now) {
            if (entry.epoch < epoch && entry.startOffset < startOffset) {
                next.add(entry);
            }
        }
        if (next.size() < now.size()) {
            LOG.info(
                    "Epoch {} from offset {} takes the place of {} in {}",
                    epoch,
                    startOffset,
                    now.subList(next.size(), now.size()),
                    file);
        }
        next.add(new Entry(epoch, startOffset));
        entries = List.copyOf(next);
        return true;
    }

    /** Drops epochs that begin at or past the offset. */
    void truncateFromEnd(long endOffset) {
        List<Entry> now = entries;
        int keep = now.size();
        while (keep > 0 && now.get(keep - 1).startOffset >= endOffset) {
            keep--;
        }
        if (keep < now.size()) {
            entries = List.copyOf(now.subList(0, keep));
        }
    }

    /** Drops epochs that end before the offset; the one it lies in begins there now. */
    void truncateFromStart(long startOffset) {
        List<Entry> now = entries;
        int first = now.size() - 1;
        while (first >= 0 && now.get(first).startOffset > startOffset) {
            first--;
        }
        if (first < 0 || first == 0 && now.get(0).startOffset == startOffset) {
            return;
        }
        List<Entry> next = new ArrayList<>(now.subList(first, now.size()));
        next.set(0, new Entry(next.get(0).epoch, startOffset));
        entries = List.copyOf(next);
    }

    void clear() {
        entries = List.of();
    }

    /** Says from now on what another says. */
    void become(LeaderEpochs other) {
        entries = other.entries;
    }

    /** The largest epoch not above the given one, and where it ends. */
    EpochEnd endOffsetOf(int epoch, long logEndOffset) {
        List<Entry> now = entries;
        if (epoch < 0 || now.isEmpty() || epoch > now.getLast().epoch) {
            return EpochEnd.UNKNOWN;
        }
        if (epoch == now.getLast().epoch) {
            return new EpochEnd(new LeaderEpoch(epoch), logEndOffset);
        }
        int higher = 0;
        while (now.get(higher).epoch <= epoch) {
            higher++;
        }
        int found = higher == 0 ? epoch : now.get(higher - 1).epoch;
        return new EpochEnd(new LeaderEpoch(found), now.get(higher).startOffset);
    }

    /** Epoch of the record at that offset, or -1. */
    int epochAt(long offset) {
        List<Entry> now = entries;
        for (int i = now.size() - 1; i >= 0; i--) {
            if (now.get(i).startOffset <= offset) {
                return now.get(i).epoch;
            }
        }
        return -1;
    }

    /** Writes the file where it is behind. Blocks. */
    void write() throws IOException {
        synchronized (writing) {
            List<Entry> now = entries;
            if (now.equals(written)) {
                return;
            }
            String[] lines = new String[now.size()];
            for (int i = 0; i < lines.length; i++) {
                lines[i] = now.get(i).epoch + " " + now.get(i).startOffset;
            }
            CheckpointFile.write(disk, file, Arrays.asList(lines));
            written = now;
        }
    }
}
