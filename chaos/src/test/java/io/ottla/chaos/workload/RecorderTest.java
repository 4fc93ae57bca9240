package io.ottla.chaos.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.chaos.history.HistoryWriter;
import io.ottla.chaos.history.LogName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {
    private static final LogName A = new LogName("a", 0);
    private static final LogName B = new LogName("b", 0);

    @TempDir
    private Path folder;

    @Test
    void shouldNameEachLogToWhichNothingSentSinceWasAcknowledged() throws IOException {
        try (HistoryWriter history = new HistoryWriter(folder.resolve("history"))) {
            Recorder recorder = new Recorder(history);
            long before = recorder.newValue();
            long newest = recorder.newestValue();
            assertThat(recorder.silentSince(newest, List.of(A, B))).containsExactly(A, B);

            // What was sent before may be acknowledged late: that is no answer to anything new.
            recorder.acknowledged(A, before);
            recorder.acknowledged(B, recorder.newValue());
            recorder.acknowledged(B, before);

            assertThat(recorder.silentSince(newest, List.of(A, B))).containsExactly(A);
        }
    }
}
