package io.ottla.chaos.fault;

import io.ottla.chaos.cluster.BrokerNode;
import io.ottla.chaos.cluster.Cluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * Takes from a broker the right to write to one of its log folders: with chattr +i, which meets open files too, where this
 * user may do so; else by the permissions, which meet only what is created or opened from then on.
 */
final class DiskReadOnly implements Fault {
    private static final Pattern ERROR =
            Pattern.compile("Operation not permitted|Permission denied|Read-only file system|AccessDeniedException");

    @Override
    public Struck strike(Cluster cluster, Random random) throws IOException, InterruptedException {
        BrokerNode broker = Victims.ANY.choose(cluster, random).getFirst();
        Path folder = broker.logFolders().get(random.nextInt(2));
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
