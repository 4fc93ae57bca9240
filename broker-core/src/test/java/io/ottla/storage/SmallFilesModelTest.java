package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots, epochs and checkpoints: what was written is read; what is damaged is refused or counts as empty. */
class SmallFilesModelTest {
    private static final int RUNS = 200;

    @TempDir
    Path root;

    /** Forces nothing in truth: thousands of forced writes would take minutes. */
    private final Disk disk = new TestingDisk(new Random(1));

    private static ProducerStates states(Random random) {
        ProducerStates states = new ProducerStates(Integer.MAX_VALUE, new TestingClock());
        for (int i = random.nextInt(20); i > 0; i--) {
            ProducerState state = new ProducerState(random.nextLong(1L << 50));
            state.epoch = (short) random.nextInt(Short.MAX_VALUE);
            state.coordinatorEpoch = random.nextInt(10) - 1;
            for (int batches = random.nextInt(8); batches > 0; batches--) {
                state.add(
                        random.nextInt(1 << 30),
                        random.nextLong(1L << 50),
                        random.nextInt(50),
                        random.nextLong(1L << 41));
            }
            if (random.nextInt(4) == 0) {
                state.earlierAreUnknown();
            }
            state.transactionStart = random.nextInt(3) == 0 ? random.nextLong(1L << 50) : -1;
            states.restore(new ProducerSnapshot(List.of(state), Map.of()), 0);
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            long first = random.nextLong(1L << 50);
            states.restore(new ProducerSnapshot(List.of(), Map.of(first, first + random.nextInt(100))), 0);
        }
        return states;
    }

    @Test
    void shouldReadTheProducersThatItWrote() throws IOException {
        for (int seed = 0; seed < RUNS; seed++) {
            ProducerStates written = states(new Random(seed));
            ProducerStates read = new ProducerStates(Integer.MAX_VALUE, new TestingClock());
            read.restore(ProducerSnapshot.decode(ProducerSnapshot.encode(written), root), 0);
            assertThat(read.views()).as("seed %s", seed).containsExactlyInAnyOrderElementsOf(written.views());
            assertThat(read.firstUnstableOffset()).isEqualTo(written.firstUnstableOffset());
            assertThat(read.unreplicated()).isEqualTo(written.unreplicated());
            for (ProducerState state : written.all()) {
                ProducerState other = read.find(state.producerId());
                assertThat(other.lastOffset()).isEqualTo(state.lastOffset());
                assertThat(other.lastOffsetDelta()).isEqualTo(state.lastOffsetDelta());
                assertThat(earlier(other)).isEqualTo(earlier(state));
            }
        }
    }

    private static ByteBuffer earlier(ProducerState state) {
        ByteBuffer bytes = ByteBuffer.allocate(state.earlierBytes());
        state.writeEarlier(bytes);
        return bytes.flip();
    }

    @Test
    void shouldRefuseADamagedSnapshot() {
        for (int seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            ByteBuffer whole = ProducerSnapshot.encode(states(random));
            byte[] bytes = new byte[whole.remaining()];
            whole.duplicate().get(bytes);
            byte[] damaged;
            if (random.nextBoolean()) {
                damaged = bytes.clone();
                damaged[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            } else if (random.nextBoolean()) {
                damaged = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            } else {
                damaged = new byte[random.nextInt(200)];
                random.nextBytes(damaged);
            }
            assertThatThrownBy(() -> ProducerSnapshot.decode(ByteBuffer.wrap(damaged), root))
                    .as("seed %s", seed)
                    .isInstanceOf(MalformedFileException.class)
                    .hasMessageContaining("Expected");
        }
    }

    @Test
    void shouldTakeAnOlderSnapshotWhereTheNewestIsDamaged() throws IOException {
        // given
        ProducerStates older = states(new Random(3));
        ProducerSnapshots snapshots = new ProducerSnapshots(disk, root, List.of());
        snapshots.write(10, ProducerSnapshot.encode(older));
        snapshots.write(20, ProducerSnapshot.encode(states(new Random(4))));
        Files.write(root.resolve("00000000000000000020.snapshot"), new byte[] {0, 1, 2});
        // when
        ProducerStates found = new ProducerStates(Integer.MAX_VALUE, new TestingClock());
        long from = snapshots.restore(found, 0, 25, 0).orElseThrow();
        // then
        assertThat(from).isEqualTo(10);
        assertThat(found.views()).containsExactlyInAnyOrderElementsOf(older.views());
        assertThat(root.resolve("00000000000000000020.snapshot")).exists();
    }

    @Test
    void shouldKnowEpochsAsAListOfTheEpochOfEachRecordDoes() throws IOException {
        for (int seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            Path folder = Files.createDirectories(root.resolve("epochs-" + seed));
            LeaderEpochs epochs = new LeaderEpochs(disk, folder);
            List<Integer> model = new ArrayList<>(); // the epoch of each record
            int first = 0;
            int epoch = 0;
            for (int step = 0; step < 60; step++) {
                switch (random.nextInt(6)) {
                    case 0 -> {
                        int cut = first + random.nextInt(model.size() - first + 1);
                        epochs.truncateFromEnd(cut);
                        model.subList(cut, model.size()).clear();
                    }
                    case 1 -> {
                        first += random.nextInt(model.size() - first + 1) / 3;
                        epochs.truncateFromStart(first);
                    }
                    case 2 -> {
                        epochs.write();
                        epochs = new LeaderEpochs(disk, folder);
                        epochs.load();
                    }
                    default -> {
                        epoch += random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0;
                        epochs.assign(epoch, model.size());
                        for (int i = 1 + random.nextInt(10); i > 0; i--) {
                            model.add(epoch);
                        }
                    }
                }
                checkEpochs(seed, epochs, model, first, epoch);
            }
        }
    }

    private static void checkEpochs(int seed, LeaderEpochs epochs, List<Integer> model, int first, int latest) {
        for (int offset = first; offset < model.size(); offset++) {
            assertThat(epochs.epochAt(offset))
                    .as("seed %s offset %s", seed, offset)
                    .isEqualTo(model.get(offset));
        }
        if (first == model.size()) {
            return;
        }
        assertThat(epochs.latest()).as("seed %s", seed).isEqualTo(model.getLast());
        for (int asked = model.get(first); asked <= latest + 1; asked++) {
            EpochEnd expected = EpochEnd.UNKNOWN;
            if (asked <= model.getLast()) {
                int end = model.size();
                while (model.get(end - 1) > asked) {
                    end--;
                }
                expected = new EpochEnd(new LeaderEpoch(model.get(end - 1)), end);
            }
            assertThat(epochs.endOffsetOf(asked, model.size()))
                    .as("seed %s epoch %s", seed, asked)
                    .isEqualTo(expected);
        }
    }

    @Test
    void shouldCountADamagedFileOfEpochsAsEmpty() throws IOException {
        Path file = root.resolve(LeaderEpochs.FILE);
        for (int seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            Files.write(file, damaged(random, "0\n3\n0 0\n1 17\n4 1200\n"));
            LeaderEpochs epochs = new LeaderEpochs(disk, root);
            boolean understood = epochs.load();
            if (!understood) {
                assertThat(epochs.entries()).as("seed %s", seed).isEmpty();
            }
            for (int i = 1; i < epochs.entries().size(); i++) {
                assertThat(epochs.entries().get(i).epoch())
                        .isGreaterThan(epochs.entries().get(i - 1).epoch());
                assertThat(epochs.entries().get(i).startOffset())
                        .isGreaterThan(epochs.entries().get(i - 1).startOffset());
            }
        }
    }

    @Test
    void shouldReadTheOffsetsThatItWrote() throws IOException {
        OffsetCheckpoint checkpoint = new OffsetCheckpoint(disk, root, OffsetCheckpoint.RECOVERY_POINT);
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            Map<TopicPartition, Long> offsets = new TreeMap<>();
            for (int i = random.nextInt(40); i > 0; i--) {
                offsets.put(
                        new TopicPartition("t" + random.nextInt(9) + ".a-b_c", random.nextInt(1000)),
                        random.nextLong(Long.MAX_VALUE));
            }
            checkpoint.write(offsets);
            assertThat(checkpoint.read()).as("seed %s", seed).isEqualTo(offsets);
        }
    }

    @Test
    void shouldCountADamagedCheckpointAsEmptyOrReadWhatItSays() throws IOException {
        OffsetCheckpoint checkpoint = new OffsetCheckpoint(disk, root, OffsetCheckpoint.LOG_START);
        int empty = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            Files.write(
                    root.resolve(OffsetCheckpoint.LOG_START), damaged(random, "0\n2\norders 0 1500\npayments 12 99\n"));
            Map<TopicPartition, Long> read = checkpoint.read();
            assertThat(read.size()).as("seed %s", seed).isIn(0, 1, 2);
            assertThat(read.values()).allMatch(offset -> offset >= 0);
            empty += read.isEmpty() ? 1 : 0;
        }
        assertThat(empty).isGreaterThan(RUNS / 2);
    }

    private static byte[] damaged(Random random, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        switch (random.nextInt(3)) {
            case 0 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            case 1 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 20));
            default -> {
                bytes = new byte[random.nextInt(100)];
                random.nextBytes(bytes);
            }
        }
        return bytes;
    }
}
