package io.ottla.storage;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.TreeMap;

/**
 * {@code meta.properties}: to which cluster and broker a log folder belongs. Written in version 0, as Kafka with
 * ZooKeeper has it; version 1 ({@code node.id} in place of {@code broker.id}) is read too.
 *
 * @param brokerId empty where the file has none
 * @param clusterId null where the file has none
 * @param others everything else in it, which is kept
 */
public record MetaProperties(OptionalInt brokerId, String clusterId, Map<String, String> others) {
    /** Its name in each log folder. */
    public static final String FILE = "meta.properties";

    private static final String VERSION = "version";
    private static final String BROKER_ID = "broker.id";
    private static final String NODE_ID = "node.id";
    private static final String CLUSTER_ID = "cluster.id";

    public MetaProperties {
        others = Map.copyOf(others);
    }

    static MetaProperties of(int brokerId, String clusterId) {
        return new MetaProperties(OptionalInt.of(brokerId), clusterId, Map.of());
    }

    /** Null where the folder has no such file. */
    static MetaProperties read(Disk disk, Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!disk.exists(file)) {
            return null;
        }
        Properties read = new Properties();
        try {
            read.load(new StringReader(
                    StandardCharsets.UTF_8.decode(SmallFile.read(disk, file)).toString()));
        } catch (IllegalArgumentException e) {
            throw new UnusableFolderException("Expected properties in " + file + ", but it can't be read: "
                    + e.getMessage() + ". Put the file back as it was, or give another folder");
        }
        String version = read.getProperty(VERSION, "0");
        if (!version.equals("0") && !version.equals("1")) {
            throw new UnusableFolderException(
                    "Expected version 0 or 1 in " + file + ", but it has '" + version + "'. Give another folder");
        }
        String id = read.getProperty(BROKER_ID, read.getProperty(NODE_ID));
        Map<String, String> others = new TreeMap<>();
        for (String name : read.stringPropertyNames()) {
            if (!name.equals(VERSION) && !name.equals(BROKER_ID) && !name.equals(NODE_ID) && !name.equals(CLUSTER_ID)) {
                others.put(name, read.getProperty(name));
            }
        }
        return new MetaProperties(id(id, file), read.getProperty(CLUSTER_ID), others);
    }

    private static OptionalInt id(String text, Path file) throws UnusableFolderException {
        if (text == null) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(Integer.parseInt(text.strip()));
        } catch (NumberFormatException e) {
            throw new UnusableFolderException("Expected a number as broker.id in " + file + ", but it is '" + text
                    + "'. Put the file back as it was, or give another folder");
        }
    }

    void write(Disk disk, Path folder) throws IOException {
        StringBuilder text = new StringBuilder("version=0\n");
        if (brokerId.isPresent()) {
            text.append(BROKER_ID).append('=').append(brokerId.getAsInt()).append('\n');
        }
        if (clusterId != null) {
            text.append(CLUSTER_ID).append('=').append(clusterId).append('\n');
        }
        new TreeMap<>(others)
                .forEach((name, value) -> text.append(name)
                        .append('=')
                        .append(value.replace("\\", "\\\\"))
                        .append('\n'));
        SmallFile.replace(
                disk, folder.resolve(FILE), ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
    }
}
