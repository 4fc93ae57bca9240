package io.ottla.chaos.fault;

import io.ottla.chaos.cluster.BrokerNode;
import io.ottla.chaos.cluster.Cluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * Lowers the size that files of a running process may have to nothing, so that each write of it ends with an error (EFBIG; the JVM
 * ignores the signal that comes with it), and raises it again. A broker may give up at that; it is started again then.
 */
final class DiskFull implements Fault {
    static final Pattern ERROR = Pattern.compile("File too large|No space left");

    @Override
    public Struck strike(Cluster cluster, Random random) throws IOException, InterruptedException {
        BrokerNode broker = Victims.ANY.choose(cluster, random).getFirst();
        long before = broker.printed(ERROR);
        broker.mayEnd();
        long pid = broker.pid();
        // The soft limit alone: who has lowered the hard one can't raise it.
        Shell.run("prlimit", "--pid", Long.toString(pid), "--fsize=0:");
        Fault.require(limit(pid).startsWith("0 "), "the process may write no files");
        return Fault.struck("broker " + broker.id(), () -> {
            long errors = broker.printed(ERROR) - before;
            if (broker.isAlive()) {
                Shell.run("prlimit", "--pid", Long.toString(pid), "--fsize=unlimited:");
                return restart(broker, errors);
            }
            broker.start();
            return "its writes failed, " + errors + " lines of its output say so, and it gave up";
        });
    }

    private static String restart(BrokerNode broker, long errors) throws IOException, InterruptedException {
        if (errors == 0) {
            return "its limit was 0, and it wrote nothing";
        }
        // A log folder that has failed stays so until the broker is started anew.
        broker.stop();
        broker.start();
        return "its writes failed, " + errors + " lines of its output say so, and it was started anew";
    }

    private static String limit(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "limits"))) {
            if (line.startsWith("Max file size")) {
                return line.substring("Max file size".length()).strip();
            }
        }
        throw new IOException("Expected the limits of process " + pid + " to name the size of files");
    }
}
