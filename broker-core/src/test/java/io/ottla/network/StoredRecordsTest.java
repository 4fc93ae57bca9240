package io.ottla.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.api.ApiHandler;
import io.ottla.api.Reply;
import io.ottla.quota.Quotas;
import io.ottla.storage.FileSlice;
import io.ottla.storage.StoredRecords;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers whose records lie in files arrive whole, and every slice is given back once. */
class StoredRecordsTest {
    private static final int FILE_BYTES = 8 << 20;
    private final byte[] content = new byte[FILE_BYTES];
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger releasedTwice = new AtomicInteger();
    private FileChannel file;
    private List<int[]> wanted = List.of();
    private boolean hot = true;
    private long resident;
    private final AtomicInteger loadedBytes = new AtomicInteger();
    private final Set<String> loadedBy = ConcurrentHashMap.newKeySet();
    private final ApiHandler<FetchRequestData, FetchResponseData> fetch =
            TestingServer.handler(ApiKeys.FETCH, (context, request) -> Reply.of(answer()));

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        new Random(7).nextBytes(content);
        Path path = folder.resolve("00000000000000000000.log");
        Files.write(path, content);
        file = FileChannel.open(path, StandardOpenOption.READ);
    }

    @AfterEach
    void close() throws IOException {
        file.close();
        assertThat(releasedTwice).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({"true,true", "false,true", "true,false", "false,false"})
    void shouldSendSlicesOfEverySize(boolean isHot, boolean epoll) throws Exception {
        hot = isHot;
        wanted = List.of(
                new int[] {0, 100},
                new int[] {100, 1},
                new int[] {5000, 70_000},
                new int[] {0, 3 << 20},
                new int[] {12_345, 65_536},
                new int[] {1 << 20, 0},
                new int[] {4 << 20, 4 << 20});
        try (TestingServer server =
                        new TestingServer(TestingServer.PROPERTIES, Quotas.unlimited(), Map.of(), epoll, fetch);
                TestingClient client = server.connect()) {
            for (int round = 0; round < 3; round++) {
                client.send(new FetchRequestData(), 12);
            }
            for (int round = 0; round < 3; round++) {
                TestingClient.Answer answer = client.receive();
                assertThat(answer.correlationId()).isEqualTo(round);
                FetchResponseData data = (FetchResponseData) answer.body(ApiKeys.FETCH, (short) 12);
                assertSame(data);
            }
            await().untilAsserted(() -> assertThat(held).hasValue(0));
        }
    }

    @ParameterizedTest
    @CsvSource({"true,true", "false,true", "true,false", "false,false"})
    void shouldGiveSlicesBackWhenItsReaderLeaves(boolean isHot, boolean epoll) throws Exception {
        hot = isHot;
        wanted = List.of(new int[] {0, 50_000}, new int[] {0, 8 << 20}, new int[] {0, 8 << 20}, new int[] {9, 9});
        try (TestingServer server =
                new TestingServer(TestingServer.PROPERTIES, Quotas.unlimited(), Map.of(), epoll, fetch)) {
            for (int i = 0; i < 8; i++) {
                // given  a reader that takes a little of its answers
                try (TestingClient client = new TestingClient(server.port(), 4096)) {
                    for (int round = 0; round < 3; round++) {
                        client.send(new FetchRequestData(), 12);
                    }
                    client.socket().getInputStream().readNBytes(1000 * i);
                }
            }

            // then   nothing stays held
            await().untilAsserted(() -> assertThat(server.server.connections()).isZero());
            await().untilAsserted(() -> assertThat(held).hasValue(0));
        }
    }

    @Test
    void shouldNotDelayOthersByAColdReader() throws Exception {
        // given  a reader of cold data that does not take it
        hot = false;
        wanted = List.of(new int[] {0, 8 << 20});
        ApiHandler<HeartbeatRequestData, HeartbeatResponseData> echo =
                TestingServer.handler(ApiKeys.HEARTBEAT, (context, request) -> Reply.of(new HeartbeatResponseData()));
        try (TestingServer server = new TestingServer(fetch, echo);
                TestingClient cold = new TestingClient(server.port(), 4096);
                TestingClient other = server.connect()) {
            cold.send(new FetchRequestData(), 12);
            cold.send(new HeartbeatRequestData(), 4);

            // then   others are answered
            for (int i = 0; i < 100; i++) {
                other.send(new HeartbeatRequestData(), 4);
                assertThat(other.receive().correlationId()).isEqualTo(i);
            }
            assertSame((FetchResponseData) cold.receive().body(ApiKeys.FETCH, (short) 12));
            assertThat(cold.receive().correlationId()).isEqualTo(1);
        }
        assertThat(held).hasValue(0);
    }

    @Test
    void shouldGiveBackWhatIsAnsweredAfterTheEnd() throws Exception {
        // given  an answer that comes when its connection has gone
        List<Reply<FetchResponseData>> begun = new java.util.concurrent.CopyOnWriteArrayList<>();
        wanted = List.of(new int[] {0, 100});
        try (TestingServer server = new TestingServer(TestingServer.handler(ApiKeys.FETCH, (context, request) -> {
            Reply<FetchResponseData> reply = Reply.later();
            begun.add(reply);
            return reply;
        }))) {
            try (TestingClient client = server.connect()) {
                client.send(new FetchRequestData(), 12);
                await().until(() -> begun.size() == 1);
                client.socket().setSoLinger(true, 0);
            }
            await().until(() -> server.server.connections() == 0);
            begun.get(0).complete(answer());
            await().untilAsserted(() -> assertThat(held).hasValue(0));
        }
    }

    @Test
    void shouldCloseTheConnectionWhenTheLogCannotBeRead() throws Exception {
        wanted = List.of(new int[] {FILE_BYTES - 10, 20});
        try (TestingServer server = new TestingServer(fetch);
                TestingClient client = server.connect()) {
            client.send(new FetchRequestData(), 12);
            assertThat(client.isClosedByServer()).isTrue();
            await().untilAsserted(() -> assertThat(held).hasValue(0));
        }
    }

    private void assertSame(FetchResponseData data) {
        List<FetchResponseData.PartitionData> partitions =
                data.responses().get(0).partitions();
        assertThat(partitions).hasSize(wanted.size());
        for (int i = 0; i < wanted.size(); i++) {
            int[] range = wanted.get(i);
            ByteBuffer records = ((MemoryRecords) partitions.get(i).records()).buffer();
            assertThat(records.equals(ByteBuffer.wrap(content, range[0], range[1])))
                    .as("partition %s of %s bytes", i, range[1])
                    .isTrue();
        }
    }

    private FetchResponseData answer() {
        List<FetchResponseData.PartitionData> partitions = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            int[] range = wanted.get(i);
            List<FileSlice> slices = new ArrayList<>();
            // Two segments each, where there is enough for two.
            int first = range[1] / 3;
            if (first > 0) {
                slices.add(new TestingSlice(range[0], first));
            }
            if (range[1] > 0) {
                slices.add(new TestingSlice(range[0] + first, range[1] - first));
            }
            partitions.add(new FetchResponseData.PartitionData()
                    .setPartitionIndex(i)
                    .setRecords(new StoredRecords(slices, range[1])));
        }
        return new FetchResponseData()
                .setResponses(List.of(new FetchResponseData.FetchableTopicResponse()
                        .setTopic("t")
                        .setPartitions(partitions)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldLoadOnlyWhatIsNotResident(boolean epoll) throws Exception {
        // given  slices that are old, of which the system knows that the first half of the file is in memory
        hot = false;
        resident = FILE_BYTES / 2;
        wanted = List.of(new int[] {0, 3 << 20}, new int[] {FILE_BYTES / 2, 2 << 20});
        try (TestingServer server =
                        new TestingServer(TestingServer.PROPERTIES, Quotas.unlimited(), Map.of(), epoll, fetch);
                TestingClient client = server.connect()) {
            client.send(new FetchRequestData(), 12);
            assertSame((FetchResponseData) client.receive().body(ApiKeys.FETCH, (short) 12));
            await().untilAsserted(() -> assertThat(held).hasValue(0));
        }

        // then   each byte of the other half was loaded once, elsewhere than on an event loop
        assertThat(loadedBytes).hasValue(2 << 20);
        assertThat(loadedBy).allMatch(thread -> thread.startsWith("ottla-cold-read"));
    }

    private final class TestingSlice implements FileSlice {
        private final long position;
        private final int length;
        private boolean released;

        TestingSlice(long position, int length) {
            this.position = position;
            this.length = length;
            held.incrementAndGet();
        }

        @Override
        public FileChannel channel() {
            return file;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public int length() {
            return length;
        }

        @Override
        public boolean isHot() {
            return hot;
        }

        @Override
        public boolean isResident(int from, int bytes) {
            return hot || position + from + bytes <= resident;
        }

        @Override
        public boolean load(int from, int bytes) {
            loadedBytes.addAndGet(bytes);
            loadedBy.add(Thread.currentThread().getName());
            return true;
        }

        @Override
        public void readInto(ByteBuffer target) throws IOException {
            long at = position;
            while (target.hasRemaining()) {
                int read = file.read(target, at);
                if (read < 0) {
                    throw new EOFException("at " + at);
                }
                at += read;
            }
        }

        @Override
        public void release() {
            if (released) {
                releasedTwice.incrementAndGet();
            }
            released = true;
            held.decrementAndGet();
        }
    }
}
