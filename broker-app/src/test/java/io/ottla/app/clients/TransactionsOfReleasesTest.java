package io.ottla.app.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.app.OttlaProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Transactions of releases of kafka-clients from 2019 on, with and without those of KIP-890. */
@Tag("full")
class TransactionsOfReleasesTest {
    @TempDir
    static Path folder;

    private static OttlaProcess broker;

    @BeforeAll
    static void start() {
        broker = OttlaProcess.serve(
                folder, "group.initial.rebalance.delay.ms=0", "transaction.state.log.num.partitions=2");
        broker.awaitReady();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @ParameterizedTest
    @CsvSource({"2.1.1, 2", "2.8.2, 2", "3.9.2, 2", "4.4.0, 2", "2.1.1, 0", "2.8.2, 0", "3.9.2, 0", "4.4.0, 0"})
    void shouldServe(String release, int version) throws Exception {
        // given
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            TransactionLevel.set(admin, version);
        }

        // when
        List<String> said = ForeignProgram.run(ClientRelease.of(release)
                .command(TransactionTrip.class, broker.bootstrap(), "trip-" + release + "-" + version));

        // then
        List<String> expected = new ArrayList<>(List.of("committed and aborted"));
        if (release.charAt(0) < '4') {
            expected.add("moved offsets by the group's id");
        }
        if (!release.equals("2.1.1")) {
            expected.add("moved offsets by the group's metadata");
        }
        int read = 2 + 2 * (expected.size() - 1) + 1;
        expected.add("shut out by ProducerFencedException");
        expected.add("read " + read + " committed");
        assertThat(said).isEqualTo(expected);
    }
}
