package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Compaction that meets a batch in which a bit has flipped. */
class CleanerDamageTest extends CleanerScene {
    private final List<Long> suspected = new ArrayList<>();

    private final class Suspicions implements PartitionLog.Listener {
        @Override
        public void onAcknowledgeable(PartitionLog log) {}

        @Override
        public void onLogStartMoved(PartitionLog log) {}

        @Override
        public void onSuspect(PartitionLog log, long offset) {
            suspected.add(offset);
        }

        @Override
        public void onFailed(PartitionLog log) {}
    }

    @Test
    void shouldTellOfDamageAndGoOnWhenItIsMended() throws IOException {
        // given
        open();
        SegmentedLog log = create("t", compacted());
        log.listen(new Suspicions());
        fill(log, RECORDS, 4);
        roll(log);
        Path segment = root.resolve("a/t-0").resolve(files("t", ".log").getFirst());
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length - 1] ^= 1;
        Files.write(segment, bytes);

        // when
        clean();

        // then   whoever has the log is told, and nothing is compacted
        assertThat(suspected).containsExactly(0L);
        assertThat(log.compaction().isSetAside()).isTrue();
        assertThat(log.findDamage(0).toCompletableFuture().join()).isPresent();

        // when   it has been cut, and written again
        log.cutDamage(0).toCompletableFuture().join();
        fill(log, RECORDS, 4);
        roll(log);
        clean();

        // then
        assertThat(log.compaction().isSetAside()).isFalse();
        assertThat(log.cleanedTo()).isPositive();
        assertThat(suspected).hasSize(1);
    }
}
