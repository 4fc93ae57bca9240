package io.ottla.time;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The machine's clocks. */
enum SystemClock implements Clock {
    INSTANCE;

    /**
     * Linux: "time on a processor, time waiting for one, turns", in nanoseconds. Source: Documentation/scheduler/sched-stats.
     */
    private static final Path OF_THIS_THREAD = Path.of("/proc/thread-self/schedstat");

    @Override
    public long wallMs() {
        return System.currentTimeMillis();
    }

    @Override
    public long monotonicNs() {
        return System.nanoTime();
    }

    @Override
    public long processorWaitNs() {
        try {
            String[] fields = Files.readString(OF_THIS_THREAD).strip().split(" ");
            return fields.length < 2 ? 0 : Long.parseLong(fields[1]);
        } catch (IOException | NumberFormatException unknown) {
            return 0;
        }
    }
}
