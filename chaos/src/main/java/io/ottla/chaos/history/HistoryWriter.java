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
    private boolean closed;

    public HistoryWriter(Path path) throws IOException {
        file = Files.newBufferedWriter(path);
    }

    /** What comes after the end is no part of it. */
    public void add(Event event) {
        String line = HistoryJson.line(event);
        synchronized (this) {
            if (closed) {
                return;
            }
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
        closed = true;
        file.close();
    }
}
