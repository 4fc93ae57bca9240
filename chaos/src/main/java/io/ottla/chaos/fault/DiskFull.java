package io.ottla.chaos.fault;

import io.ottla.chaos.cluster.BrokerNode;
import io.ottla.chaos.cluster.Conditions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Lowers the size that files of a running process may have to nothing, so that each write of it ends with an error (EFBIG; the JVM
 * ignores the signal that comes with it), and raises it again. A broker may give up at that; it is started again then.
 */
final class DiskFull implements Fault {
    private static final Duration MET = Duration.ofSeconds(90);
    static final Pattern ERROR = Pattern.compile("File too large|No space left");

    @Override
    public Struck strike(Scene scene) throws IOException, InterruptedException {
        BrokerNode broker = Victims.ANY.choose(scene).getFirst();
        long before = broker.printed(ERROR);
        broker.mayEnd();
        long pid = broker.pid();
        // The soft limit alone: who has lowered the hard one can't raise it.
        Shell.run("prlimit", "--pid", Long.toString(pid), "--fsize=0:");
        Fault.require(limit(pid).startsWith("0 "), "the process may write no files");
        // Each broker holds all that is written meanwhile.
        if (!Conditions.await(MET, () -> broker.printed(ERROR) > before || !broker.isAlive())) {
            raise(pid);
            throw new IneffectiveException("Expected writes of broker " + broker.id() + " to fail within " + MET
                    + " of its limit being 0, but it told of none");
        }
        return Fault.struck("broker " + broker.id(), () -> {
            long errors = broker.printed(ERROR) - before;
            if (broker.isAlive()) {
                raise(pid);
                // A log folder that has failed stays so until the broker is started anew.
                broker.stop();
                broker.start();
                return "its writes failed, " + errors + " lines of its output say so, and it was started anew";
            }
            broker.start();
            return "its writes failed, " + errors + " lines of its output say so, and it gave up";
        });
    }

    private static void raise(long pid) throws IOException, InterruptedException {
        Shell.run("prlimit", "--pid", Long.toString(pid), "--fsize=unlimited:");
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
