package io.ottla.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code .kafka_cleanshutdown}: everything in the folder is on disk, nothing needs recovery. There from a proper stop to
 * the next start. Its content is that of Kafka 3.9, {@code {"version":0,"brokerEpoch":12}}; that it is there is enough. An
 * epoch of -2 is ours: the folder was not closed properly at some time before, and the cluster does not know that yet.
 */
final class CleanShutdownMarker {
    static final String FILE = ".kafka_cleanshutdown";

    /** What it says where the folder may lack something that the cluster counts on. */
    static final long UNTOLD = -2;

    private static final Pattern EPOCH = Pattern.compile("\"brokerEpoch\"\\s*:\\s*(\\d{1,18}|" + UNTOLD + ")");

    private CleanShutdownMarker() {}

    static void write(Disk disk, Path folder, long brokerEpoch) throws IOException {
        String text = "{\"version\":0,\"brokerEpoch\":" + brokerEpoch + "}";
        SmallFile.replace(disk, folder.resolve(FILE), ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Takes the marker away, for good.
     *
     * @return the broker epoch under which the folder was closed, 0 where the marker says none, or {@link #UNTOLD}; empty
     *     where there is no marker
     */
    static OptionalLong take(Disk disk, Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!disk.exists(file)) {
            return OptionalLong.empty();
        }
        Matcher said = EPOCH.matcher(StandardCharsets.UTF_8.decode(SmallFile.read(disk, file)));
        long epoch = said.find() ? Long.parseLong(said.group(1)) : 0;
        disk.delete(file);
        disk.syncFolder(folder);
        return OptionalLong.of(epoch);
    }
}
