package io.ottla.app.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.app.OttlaProcess;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Releases of kafka-clients from 2018 on, each on a class path of its own. */
@Tag("full")
class KafkaClientReleasesTest {
    @TempDir
    static Path folder;

    private static OttlaProcess broker;

    @BeforeAll
    static void start() {
        broker = OttlaProcess.serve(folder);
        broker.awaitReady();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.1.1", "2.8.2", "3.9.2", "4.4.0"})
    void shouldServe(String release) throws IOException, InterruptedException {
        // given
        String topic = "clients-" + release;

        // when
        var said = ForeignProgram.run(ClientRelease.of(release).command(ClientTrip.class, broker.bootstrap(), topic));

        // then
        assertThat(said)
                .containsExactly(
                        "created",
                        "configured",
                        "produced none acks=all",
                        "produced none acks=all idempotent",
                        "produced gzip acks=all",
                        "produced gzip acks=all idempotent",
                        "produced snappy acks=all",
                        "produced snappy acks=all idempotent",
                        "produced lz4 acks=all",
                        "produced lz4 acks=all idempotent",
                        "produced zstd acks=all",
                        "produced zstd acks=all idempotent",
                        "produced none acks=1",
                        "consumed 2200",
                        "listed offsets",
                        "shared in a group",
                        "grown",
                        "deleted records",
                        "deleted");
    }
}
