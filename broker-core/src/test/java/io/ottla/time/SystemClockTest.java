package io.ottla.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class SystemClockTest {
    private final Clock clock = Clock.system();

    /** More threads than processors: some of them wait, this one among them. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldTellHowLongAThreadHasWaitedForAProcessor() throws InterruptedException {
        // given
        assertThat(Path.of("/proc/thread-self/schedstat"))
                .satisfies(file -> assertThat(Files.isReadable(file)).isTrue());
        long before = clock.processorWaitNs();
        AtomicBoolean done = new AtomicBoolean();
        List<Thread> busy = new ArrayList<>();
        for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
            busy.add(Thread.ofPlatform().start(() -> {
                while (!done.get()) {
                    Thread.onSpinWait();
                }
            }));
        }
        try {
            // when, then
            await().pollInSameThread().pollInterval(Duration.ofMillis(1)).until(() -> clock.processorWaitNs() > before);
        } finally {
            done.set(true);
            for (Thread thread : busy) {
                thread.join();
            }
        }
    }
}
