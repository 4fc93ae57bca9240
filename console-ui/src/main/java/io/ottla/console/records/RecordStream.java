package io.ottla.console.records;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.clusters.ClusterFailure;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Records for a program as they come: JSON lines, or server-sent events for who asks for them. The last line tells why it ended.
 * While nothing comes an empty line, or a comment, a second is written, so that it is seen when nobody reads any more. For one
 * request.
 */
final class RecordStream implements Tail.Reader {
    static final int MOST_RECORDS = 100_000;
    static final int USUAL_RECORDS = 10_000;
    /** As on the page: so long at most does one outlast the session or token that it began with. */
    static final int MOST_SECONDS = 600;

    private static final String EVENTS = "text/event-stream";
    private static final String LINES = "application/x-ndjson";

    private final HttpServletResponse response;
    private final boolean events;
    private OutputStream to;

    /**
     * The last line of one that ended as it should.
     *
     * @param end why, see {@link Tail.End}
     * @param sent records before it
     */
    record Last(
            String end,
            int sent,
            @JsonProperty("offline_partitions") List<Integer> offline) {}

    /** The last line of one that broke off. */
    record Broken(@JsonProperty("error_code") int errorCode, String message) {}

    RecordStream(HttpServletRequest request, HttpServletResponse response) {
        String accepted = request.getHeader("Accept");
        this.response = response;
        this.events = accepted != null && accepted.contains(EVENTS);
    }

    /**
     * How much a program takes.
     *
     * @param parameters {@code max_records} and {@code max_seconds}
     * @throws Unreadable naming the parameter
     */
    static Tail.Limits limits(Map<String, String> parameters) {
        return new Tail.Limits(
                Integer.MAX_VALUE,
                (int) RecordQuery.number(parameters, "max_records", 1, MOST_RECORDS)
                        .orElse(USUAL_RECORDS),
                Duration.ofSeconds(RecordQuery.number(parameters, "max_seconds", 1, MOST_SECONDS)
                        .orElse(MOST_SECONDS)));
    }

    /** Only now is it known that there is something to follow; a refusal before has its own form and status. */
    @Override
    public void rows(List<RecordView> rows, int left) throws IOException {
        if (to == null) {
            response.setContentType(events ? EVENTS : LINES);
            response.setCharacterEncoding(StandardCharsets.UTF_8.name());
            response.setHeader("X-Accel-Buffering", "no");
            response.setHeader("Cache-Control", "no-store");
            to = response.getOutputStream();
        }
        for (RecordView row : rows) {
            line("record", RecordData.of(row));
        }
        if (rows.isEmpty()) {
            to.write((events ? ":\n\n" : "\n").getBytes(StandardCharsets.UTF_8));
        }
        to.flush();
    }

    void end(Tail.Outcome outcome) throws IOException {
        line("end", new Last(outcome.end().name().toLowerCase(Locale.ROOT), outcome.shown(), outcome.offline()));
        to.flush();
    }

    /** @return whether it could still be told here; else it is to be answered like any other failure */
    boolean broke(ClusterFailure failure) throws IOException {
        if (to == null) {
            return false;
        }
        line("end", new Broken(ProduceResource.status(failure), failure.getMessage()));
        to.flush();
        return true;
    }

    private void line(String event, Object what) throws IOException {
        String json = Json.MAPPER.writeValueAsString(what);
        to.write((events ? "event: " + event + "\ndata: " + json + "\n\n" : json + "\n")
                .getBytes(StandardCharsets.UTF_8));
    }
}
