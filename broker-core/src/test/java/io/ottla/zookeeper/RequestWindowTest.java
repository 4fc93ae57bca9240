package io.ottla.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.config.ZooKeeperProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestWindowTest {
    private final List<Integer> sent = new ArrayList<>();

    private Runnable request(int number) {
        return () -> sent.add(number);
    }

    @Test
    void shouldSendAsManyAsThereIsRoomForAndTheOthersInTheirOrder() {
        RequestWindow window = new RequestWindow(2);
        for (int i = 0; i < 5; i++) {
            window.begin(request(i));
        }
        assertThat(sent).containsExactly(0, 1);
        window.end();
        assertThat(sent).containsExactly(0, 1, 2);
        window.end();
        window.end();
        window.end();
        window.end();
        window.begin(request(5));
        window.begin(request(6));
        window.begin(request(7));
        assertThat(sent).containsExactly(0, 1, 2, 3, 4, 5, 6);
    }

    @Test
    void shouldPileUpNothingWhereRequestsFailAtOnce() {
        // given  many requests that wait, and a connection that is closed: none can be sent any more
        RequestWindow window = new RequestWindow(1);
        window.begin(request(0));
        int many = 100_000;
        for (int i = 1; i < many; i++) {
            int number = i;
            window.begin(() -> {
                sent.add(number);
                window.end();
            });
        }
        // when
        window.end();
        // then
        assertThat(sent).hasSize(many);
    }

    @Test
    void shouldGoOnBehindARequestThatBreaks() {
        RequestWindow window = new RequestWindow(2);
        assertThatThrownBy(() -> window.begin(() -> {
                    throw new IllegalStateException("for a test");
                }))
                .isInstanceOf(IllegalStateException.class);
        window.begin(request(1));
        assertThat(sent).containsExactly(1);
    }

    @ParameterizedTest
    @CsvSource({"10, 200", "200, 200", "1000, 1000"})
    void shouldReadAllOfTheClusterWithAWindowOfItsOwn(int setting, int size) {
        ZooKeeperProperties defaults = ZooKeeperProperties.DEFAULTS;
        RequestWindow window = RequestWindow.ofReads(new ZooKeeperProperties(
                "localhost", 1000, 1000, false, setting, defaults.tls(), defaults.embeddedPort()));
        for (int i = 0; i < 2000; i++) {
            window.begin(request(i));
        }
        assertThat(sent).hasSize(size);
    }

    @Test
    void shouldKeepTheOrderOfEachThreadAndTheBoundForAll() throws InterruptedException {
        // given  threads that ask, and one that answers
        RequestWindow window = new RequestWindow(10);
        ConcurrentLinkedQueue<int[]> outstanding = new ConcurrentLinkedQueue<>();
        List<int[]> order = new ArrayList<>(); // by whoever sends, one at a time
        int threads = 3;
        int each = 5_000;
        CountDownLatch left = new CountDownLatch(threads * each);
        try (ExecutorService executor = Executors.newFixedThreadPool(threads + 1)) {
            for (int thread = 0; thread < threads; thread++) {
                int who = thread;
                executor.execute(() -> {
                    for (int i = 0; i < each; i++) {
                        int[] request = {who, i};
                        window.begin(() -> {
                            order.add(request);
                            outstanding.add(request);
                        });
                    }
                });
            }
            executor.execute(() -> {
                while (left.getCount() > 0) {
                    assertThat(outstanding.size()).isLessThanOrEqualTo(10);
                    if (outstanding.poll() != null) {
                        window.end();
                        left.countDown();
                    }
                }
            });
            // then
            assertThat(left.await(30, TimeUnit.SECONDS)).isTrue();
        }
        for (int thread = 0; thread < threads; thread++) {
            int who = thread;
            assertThat(order.stream().filter(request -> request[0] == who).map(request -> request[1]))
                    .containsExactlyElementsOf(IntStream.range(0, each).boxed().toList());
        }
    }
}
