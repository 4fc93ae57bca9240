package io.ottla.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * {@code .kafka_cleanshutdown}: everything in the folder is on disk, nothing needs recovery. There from a proper stop to
 * the next start. Its content is that of Kafka 3.9, {@code {"version":0,"brokerEpoch":12}}; that it is there is enough.
 */
final class CleanShutdownMarker {
    static final String FILE = ".kafka_cleanshutdown";

    private CleanShutdownMarker() {}

    static void write(Disk disk, Path folder, long brokerEpoch) throws IOException {
        String text = "{\"version\":0,\"brokerEpoch\":" + brokerEpoch + "}";
        SmallFile.replace(disk, folder.resolve(FILE), ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Takes the marker away, for good; true where there was one. */
    static boolean take(Disk disk, Path folder) throws IOException {
        boolean wasThere = disk.delete(folder.resolve(FILE));
        if (wasThere) {
            disk.syncFolder(folder);
        }
        return wasThere;
    }
}
