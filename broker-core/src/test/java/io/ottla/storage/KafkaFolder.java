package io.ottla.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A log folder that Kafka 3.9 wrote, and what Kafka's clients found in it; {@code tools/kafka-39/make-log-folder} made it and
 * says what the lines mean.
 */
final class KafkaFolder {
    private final List<String[]> lines;

    private KafkaFolder(List<String[]> lines) {
        this.lines = lines;
    }

    /** Puts a fresh copy of the folder at {@code data} below the path. */
    static KafkaFolder unpack(Path into) throws IOException {
        List<String[]> lines = new ArrayList<>();
        try (InputStream resource = KafkaFolder.class.getResourceAsStream("kafka-3.9.zip");
                ZipInputStream zip = new ZipInputStream(resource)) {
            ZipEntry entry = zip.getNextEntry();
            while (entry != null) {
                byte[] content = zip.readAllBytes();
                if (entry.getName().equals("expected.txt")) {
                    new String(content, StandardCharsets.UTF_8).lines().forEach(line -> lines.add(line.split(" ")));
                } else {
                    Path file = into.resolve(entry.getName());
                    Files.createDirectories(file.getParent());
                    Files.write(file, content);
                }
                entry = zip.getNextEntry();
            }
        }
        return new KafkaFolder(lines);
    }

    /** Topics whose records are known. */
    List<String> topics() {
        return lines.stream()
                .filter(words -> words[0].equals("offsets"))
                .map(words -> words[1])
                .toList();
    }

    /** What is said of a topic, without the kind and the topic's name. */
    List<List<String>> of(String kind, String topic) {
        return lines.stream()
                .filter(words -> words[0].equals(kind) && words[1].equals(topic))
                .map(words -> List.of(words).subList(2, words.length))
                .toList();
    }
}
