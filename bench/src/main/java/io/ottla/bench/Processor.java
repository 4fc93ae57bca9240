package io.ottla.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What processes used of the processors, as Linux counts it. */
final class Processor {
    private static final int MS_PER_TICK = 10;
    private static final int USER = 11;
    private static final int SYSTEM = 12;

    private Processor() {}

    /** User and system time of a process so far, children that it waited for not included. */
    static long cpuMs(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM])) * MS_PER_TICK;
    }

    /** Memory that is resident now. */
    static long residentMb(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        return 0;
    }
}
