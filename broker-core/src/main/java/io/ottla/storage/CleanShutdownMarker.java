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
 * the next start. Its content is that of Kafka 3.9, {@code {"version":0,"brokerEpoch":12}}; that it is there is enough to
 * open the logs. They may lack what an earlier crash took all the same, where the broker was stopped before it could tell
 * a controller of that: then the epoch is -2, which Kafka never writes.
 */
final class CleanShutdownMarker {
    static final String FILE = ".kafka_cleanshutdown";

    private static final Pattern EPOCH = Pattern.compile("\"brokerEpoch\"\\s*:\\s*(-?\\d{1,18})");
    private static final long TORN_BEFORE = -2;

    private CleanShutdownMarker() {}

    /** @param brokerEpoch of the registration that ends; -1 where it's not known that the folder holds all that it did */
    static void write(Disk disk, Path folder, long brokerEpoch) throws IOException {
        String text = "{\"version\":0,\"brokerEpoch\":" + (brokerEpoch < 0 ? TORN_BEFORE : brokerEpoch) + "}";
        SmallFile.replace(disk, folder.resolve(FILE), ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Takes the marker away, for good.
     *
     * @return the broker epoch under which the folder was closed, 0 where the marker says none; -1 where it was closed, but
     *     had lost something before that nobody knows of; empty where there is no marker
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
        return OptionalLong.of(epoch == TORN_BEFORE ? -1 : Math.max(epoch, 0));
    }
}
