package io.ottla.chaos.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryJsonTest {
    private static final LogName LOG = new LogName("a-topic-with-7-dashes", 3);

    @TempDir
    private Path folder;

    @Test
    void shouldReadBackWhatItHasWritten() throws IOException {
        List<Event> events = List.of(
                new Event.Operation(
                        1,
                        10,
                        20,
                        new Action.Work(List.of(
                                new Step.Send(LOG, 5, Outcome.DONE, 17, 19),
                                new Step.Poll(
                                        List.of(new Rebalance(Rebalance.Change.LOST, List.of(LOG))),
                                        List.of(new Read(LOG, 17, 5)))))),
                new Event.Operation(
                        1,
                        20,
                        21,
                        new Action.Transaction(
                                Outcome.UNKNOWN,
                                List.of(
                                        new Step.Send(LOG, 6, Outcome.UNKNOWN, Step.UNTOLD, Step.UNTOLD),
                                        new Step.Offsets("group", List.of(new Position(LOG, 18)))))),
                new Event.Operation(2, 21, 22, new Action.Assign(List.of(LOG), true)),
                new Event.Operation(2, 22, 23, new Action.Subscribe("group", List.of("a", "b"))),
                new Event.Operation(2, 23, 24, new Action.Commit(List.of(new Position(LOG, 18)))),
                new Event.Operation(2, 24, 25, new Action.Crash()),
                new Event.Fault("kill", "broker 1", 30, 40, "it was \"dead\""),
                new Event.Breakdown(50, "broker 2 ended by itself"),
                new Event.Hanging(55, LOG, Step.UNTOLD, "one is open"),
                new Event.Standing(56, "group", List.of(new Position(LOG, 18))),
                new Event.FinalReads(60));
        Path file = folder.resolve("history");
        try (HistoryWriter writer = new HistoryWriter(file)) {
            events.forEach(writer::add);
            assertThat(writer.events()).isEqualTo(events);
        }

        assertThat(HistoryJson.read(file)).isEqualTo(events);
        assertThat(Files.readAllLines(file)).hasSameSizeAs(events);
    }

    @Test
    void shouldSayWhichLineIsNone() throws IOException {
        Path file = folder.resolve("history");
        for (String bad : List.of(
                "{\"event\":\"final-reads\"",
                "{\"event\":\"elsewhere\",\"atUs\":1}",
                "{\"event\":\"final-reads\"}",
                "{\"event\":\"operation\",\"client\":1,\"startUs\":1,\"endUs\":2,\"action\":null}",
                "{\"event\":\"operation\",\"client\":1,\"startUs\":1,\"endUs\":2,\"action\":{\"action\":\"work\",\"steps\":"
                        + "[{\"step\":\"poll\",\"rebalances\":[],\"reads\":[[\"nodash\",1,2]]}]}}",
                "")) {
            Files.write(file, List.of("{\"event\":\"final-reads\",\"atUs\":1}", bad));

            assertThatThrownBy(() -> HistoryJson.read(file))
                    .isInstanceOf(HistoryJson.BadHistoryException.class)
                    .hasMessageContaining("line 2 of " + file);
        }
    }

    @Test
    void shouldTakeNothingMoreOnceItIsClosed() throws IOException {
        Path file = folder.resolve("history");
        HistoryWriter writer = new HistoryWriter(file);
        writer.add(new Event.FinalReads(1));
        writer.close();

        writer.add(new Event.Breakdown(2, "too late"));

        assertThat(writer.events()).hasSize(1);
        assertThat(Files.readAllLines(file)).hasSize(1);
    }
}
