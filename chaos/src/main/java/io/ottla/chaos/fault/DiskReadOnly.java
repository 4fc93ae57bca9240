package io.ottla.chaos.fault;

import io.ottla.chaos.cluster.BrokerNode;
import io.ottla.chaos.cluster.Cluster;
import io.ottla.chaos.cluster.Conditions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Takes from a broker the right to write to one of its log folders: with chattr +i, which meets open files too, where this
 * user may do so; else by the permissions, which meet only what is created or opened from then on.
 */
final class DiskReadOnly implements Fault {
    private static final Duration MET = Duration.ofSeconds(150);
    private static final Pattern ERROR =
            Pattern.compile("Operation not permitted|Permission denied|Read-only file system|AccessDeniedException");

    @Override
    public Struck strike(Scene scene) throws IOException, InterruptedException {
        BrokerNode broker = Victims.ANY.choose(scene).getFirst();
        List<Path> folders = new ArrayList<>(broker.logFolders());
        folders.removeIf(
                each -> scene.logs().stream().noneMatch(log -> Files.isDirectory(each.resolve(log.toString()))));
        Fault.require(!folders.isEmpty(), "a log folder of broker " + broker.id() + " holds something under test");
        Path folder = folders.get(scene.random().nextInt(folders.size()));
        long before = broker.printed(ERROR);
        broker.mayEnd();
        boolean immutable = Shell.works("chattr", "-R", "+i", folder.toString());
        if (!immutable) {
            Shell.works("chattr", "-R", "-i", folder.toString());
            Shell.run("chmod", "-R", "a-w", folder.toString());
        }
        if (isWritable(folder)) {
            giveBack(folder, immutable);
            throw new IneffectiveException("Expected that nothing can be created in " + folder
                    + " any more, but it can: neither chattr +i nor chmod does it here");
        }
        // What is written meanwhile goes there, and begins new files at least once a minute.
        if (!Conditions.await(MET, () -> broker.printed(ERROR) > before || !broker.isAlive())) {
            giveBack(folder, immutable);
            throw new IneffectiveException("Expected broker " + broker.id() + " to fail to write to " + folder
                    + " within " + MET + ", but it told of nothing");
        }
        return Fault.struck("broker " + broker.id() + ", " + folder.getFileName(), () -> {
            giveBack(folder, immutable);
            long errors = broker.printed(ERROR) - before;
            if (broker.isAlive()) {
                broker.stop();
            }
            broker.start();
            return "nothing could be created there" + (immutable ? " or appended" : "") + "; " + errors
                    + " lines of its output say so; it was started anew";
        });
    }

    private static void giveBack(Path folder, boolean immutable) throws IOException, InterruptedException {
        if (immutable) {
            Shell.run("chattr", "-R", "-i", folder.toString());
        } else {
            Shell.run("chmod", "-R", "u+w", folder.toString());
        }
    }

    /** Gives back what a run that was broken off may have taken. */
    static void giveBackAll(Cluster cluster) throws InterruptedException {
        for (BrokerNode broker : cluster.brokers()) {
            for (Path folder : broker.logFolders()) {
                Shell.works("chattr", "-R", "-i", folder.toString());
                Shell.works("chmod", "-R", "u+w", folder.toString());
            }
        }
    }

    private static boolean isWritable(Path folder) {
        try {
            Files.delete(Files.createTempFile(folder, "may-i-write", null));
            return true;
        } catch (IOException readOnly) {
            return false;
        }
    }
}
