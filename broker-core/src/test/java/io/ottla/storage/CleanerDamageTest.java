package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Compaction that meets a batch in which a bit has flipped. */
class CleanerDamageTest extends CleanerScene {
    private final TestingSuspicions suspicions = new TestingSuspicions();

    @Test
    void shouldTellOfDamageAndGoOnWhenItIsMended() throws IOException {
        // given
        open();
        SegmentedLog log = create("t", compacted());
        log.listen(suspicions);
        fill(log, RECORDS, 4);
        roll(log);
        Path segment = root.resolve("a/t-0").resolve(files("t", ".log").getFirst());
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length - 1] ^= 1;
        Files.write(segment, bytes);

        // when
        clean();

        // then   whoever has the log is told, and nothing is compacted
        assertThat(suspicions.all).containsExactly("t@0");
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
        assertThat(suspicions.all).hasSize(1);
    }
}
