package io.ottla.chaos.history;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Takes events from any thread, keeps them, and writes them to a file as they come. */
public final class HistoryWriter implements AutoCloseable {
    private final BufferedWriter file;
    private final List<Event> events = new ArrayList<>();

    public HistoryWriter(Path path) throws IOException {
        file = Files.newBufferedWriter(path);
    }

    public void add(Event event) {
        String line = HistoryJson.line(event);
        synchronized (this) {
            events.add(event);
            try {
                file.write(line);
                file.newLine();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** All so far. */
    public synchronized List<Event> events() {
        return List.copyOf(events);
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
