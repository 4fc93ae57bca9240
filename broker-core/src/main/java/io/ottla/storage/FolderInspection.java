package io.ottla.storage;

import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Looks through the log folders before anything is written in or beside any of them, for what is not a broker's: a
 * wrong name in {@code log.dirs} must leave no trace in somebody's photographs. Blocks.
 */
public final class FolderInspection {
    /** What a partition's folder holds beside its segments. */
    private static final Set<String> OWN_FILES = Set.of(
            PartitionMetadataFile.FILE,
            PartitionMetadataFile.FILE + ".tmp",
            "leader-epoch-checkpoint",
            "leader-epoch-checkpoint.tmp",
            SegmentFiles.SPARE);

    /** Foreign folders of a log folder that are named, the rest is counted. */
    private static final int NAMED = 3;

    private static final Pattern OF_SEGMENT = Pattern.compile("\\d{20}\\..+");

    private final Disk disk;
    private final List<String> problems = new ArrayList<>();

    private FolderInspection(Disk disk) {
        this.disk = disk;
    }

    /**
     * Looks.
     *
     * @throws UnusableFolderException with a line for each folder that holds what no broker has put there, or where none of
     *     them is a folder
     */
    public static void require(Disk disk, List<Path> folders) throws UnusableFolderException {
        FolderInspection inspection = new FolderInspection(disk);
        List<String> unreadable = new ArrayList<>();
        for (Path folder : folders) {
            try {
                if (disk.exists(folder)) {
                    inspection.inspect(folder.toAbsolutePath().normalize());
                }
            } catch (IOException e) {
                unreadable.add(
                        "Expected log folder " + folder + " to be a folder that can be read, but " + DiskReason.of(e));
            }
        }
        if (unreadable.size() == folders.size()) {
            inspection.problems.addAll(unreadable);
        }
        if (!inspection.problems.isEmpty()) {
            throw new UnusableFolderException(String.join("\n", inspection.problems));
        }
    }

    /** Whether a folder says to which cluster and broker it belongs. */
    public static boolean isNamed(Path folder) {
        return Disk.system().exists(folder.resolve(MetaProperties.FILE));
    }

    /** What each folder says of itself; null for one that is new, or that can't be read. */
    public static Map<Path, MetaProperties> identities(Disk disk, List<Path> folders) throws UnusableFolderException {
        Map<Path, MetaProperties> identities = new LinkedHashMap<>();
        for (Path folder : folders) {
            MetaProperties meta = null;
            try {
                meta = MetaProperties.read(disk, folder);
            } catch (UnusableFolderException unusable) {
                throw unusable;
            } catch (IOException offline) {
                // Whoever takes the folder says so, and goes on without it.
            }
            identities.put(folder, meta);
        }
        return identities;
    }

    private void inspect(Path folder) throws IOException {
        List<Path> foreign = new ArrayList<>();
        for (Disk.Entry entry : disk.list(folder)) {
            if (!entry.folder()) {
                continue;
            }
            switch (FolderName.parse(entry.path().getFileName().toString())) {
                case FolderName.OfPartition(TopicPartition partition) -> inspect(partition, entry.path());
                case FolderName.Deleting(), FolderName.Coming(TopicPartition _), FolderName.Untouched(String _) -> {}
                case FolderName.Foreign() -> foreign.add(entry.path());
            }
        }
        if (!foreign.isEmpty()) {
            problems.add("Expected only folders of partitions (topic-number) in log folder " + folder + ", but found "
                    + list(foreign) + ". Move " + (foreign.size() == 1 ? "it" : "them")
                    + " elsewhere, or give log.dirs a folder of the broker's own");
        }
    }

    /** The first in full, a few more by name, the rest by number. */
    private static String list(List<Path> found) {
        List<Path> sorted = found.stream().sorted().toList();
        StringBuilder text = new StringBuilder(sorted.getFirst().toString());
        sorted.stream().limit(NAMED).skip(1).forEach(each -> text.append(", ").append(each.getFileName()));
        if (sorted.size() > NAMED) {
            text.append(" … and ").append(sorted.size() - NAMED).append(" more");
        }
        return text.toString();
    }

    /** One that bears a partition's name by chance holds other things than a partition's files. */
    private void inspect(TopicPartition partition, Path folder) throws IOException {
        if (disk.exists(folder.resolve(PartitionMetadataFile.FILE))) {
            return;
        }
        Path foreign = null;
        for (Disk.Entry entry : disk.list(folder)) {
            String name = entry.path().getFileName().toString();
            if (!entry.folder()
                    && SegmentFiles.offset(entry.path(), SegmentFiles.LOG).isPresent()) {
                return;
            }
            if (entry.folder() || !isOurs(name)) {
                foreign = entry.path();
            }
        }
        if (foreign != null) {
            problems.add("Expected the files of partition " + partition.partition() + " of topic " + partition.topic()
                    + " in " + folder + ", because of its name, but there is " + foreign.getFileName()
                    + " and no segment. Move it elsewhere, or give log.dirs a folder of the broker's own");
        }
    }

    private static boolean isOurs(String name) {
        return OWN_FILES.contains(name) || OF_SEGMENT.matcher(name).matches();
    }
}
