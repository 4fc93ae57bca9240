package io.ottla.chaos.history;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A history as JSON lines, an event each. */
public final class HistoryJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private HistoryJson() {}

    /** Without an end of line. */
    public static String line(Event event) {
        return JSON.writeValueAsString(event);
    }

    /** @throws BadHistoryException where the file is none */
    public static List<Event> read(Path file) throws IOException {
        List<Event> events = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                events.add(event(file, events.size() + 1, line));
            }
        }
        return events;
    }

    private static Event event(Path file, int number, String line) {
        try {
            return JSON.readValue(line, Event.class);
        } catch (JacksonException e) {
            throw new BadHistoryException("Expected an event of a history in line " + number + " of " + file + ", but "
                    + e.getOriginalMessage());
        }
    }

    /** A file that is no history; the message says where. */
    public static final class BadHistoryException extends RuntimeException {
        BadHistoryException(String message) {
            super(message);
        }
    }
}
