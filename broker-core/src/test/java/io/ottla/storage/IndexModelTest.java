package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The three indexes beside lists that hold the same, through appends, cuts, writes, seals and reopenings by chance. */
class IndexModelTest {
    private static final int RUNS = 60;
    private static final int STEPS = 80;
    private static final int MAX_BYTES = 1 << 20;

    @TempDir
    Path root;

    /** Forces nothing in truth: thousands of forced writes would take minutes. */
    private final Disk disk = new TestingDisk(new Random(1));

    private record Entry(long offset, int position, long timestamp) {}

    @Test
    void shouldFindPositionsAsAListDoes() throws IOException {
        for (int seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            long base = random.nextBoolean() ? 0 : random.nextLong(1L << 40);
            Path file = root.resolve(seed + ".index");
            OffsetIndex index = new OffsetIndex(disk, file, base, MAX_BYTES, 0);
            List<Entry> model = new ArrayList<>();
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(10)) {
                    case 0 -> index.write();
                    case 1 -> index.seal();
                    case 2 -> {
                        long cut = base + random.nextInt(2000);
                        index.truncateTo(cut);
                        model.removeIf(entry -> entry.offset >= cut);
                    }
                    case 3 -> {
                        int keep = random.nextInt(model.size() + 1);
                        index.keep(keep);
                        model.subList(keep, model.size()).clear();
                    }
                    case 4 -> {
                        index.write();
                        index.close();
                        assertThat(Files.size(file)).isEqualTo((long) model.size() * OffsetIndex.ENTRY_BYTES);
                        index = new OffsetIndex(disk, file, base, MAX_BYTES, model.size());
                    }
                    default -> {
                        Entry last = model.isEmpty() ? new Entry(base, 0, 0) : model.getLast();
                        Entry next = new Entry(
                                last.offset + 1 + random.nextInt(50), last.position + 1 + random.nextInt(5000), 0);
                        index.append(next.offset, next.position);
                        model.add(next);
                    }
                }
                check(seed, random, base, index, model);
            }
            index.close();
        }
    }

    private static void check(int seed, Random random, long base, OffsetIndex index, List<Entry> model)
            throws IOException {
        assertThat(index.entries()).as("seed %s", seed).isEqualTo(model.size());
        assertThat(index.lastOffset()).isEqualTo(model.isEmpty() ? base : model.getLast().offset);
        assertThat(index.lastPosition()).isEqualTo(model.isEmpty() ? 0 : model.getLast().position);
        for (int i = 0; i < 5; i++) {
            long offset = base - 2 + random.nextInt(2000);
            int position = random.nextInt(100_000);
            int byOffset = 0;
            int byPosition = 0;
            for (Entry entry : model) {
                byOffset = entry.offset <= offset ? entry.position : byOffset;
                byPosition = entry.position <= position ? entry.position : byPosition;
            }
            assertThat(index.positionFor(offset))
                    .as("seed %s offset %s", seed, offset)
                    .isEqualTo(byOffset);
            assertThat(index.positionBefore(position))
                    .as("seed %s position %s", seed, position)
                    .isEqualTo(byPosition);
            // what was looked at stays in memory
            assertThat(index.positionInMemoryBefore(position))
                    .as("seed %s position %s", seed, position)
                    .isEqualTo(byPosition);
            checkBehind("seed " + seed + " position " + position, index, model, position);
        }
    }

    /** It need not be in memory, but what is told is right; and where all is in memory it is told. */
    private static void checkBehind(String what, OffsetIndex index, List<Entry> model, int position) {
        long found = index.offsetInMemoryBehind(position);
        long expected = model.stream()
                .filter(entry -> entry.position > position)
                .mapToLong(Entry::offset)
                .findFirst()
                .orElse(OffsetIndex.NOT_IN_MEMORY);
        assertThat(found).as(what).isIn(expected, (long) OffsetIndex.NOT_IN_MEMORY);
    }

    @Test
    void shouldKnowWhatFollowsAPlaceThatWasLookedAt() throws IOException {
        for (boolean sealed : new boolean[] {false, true}) {
            OffsetIndex index = new OffsetIndex(disk, root.resolve(sealed + ".index"), 0, 1 << 20, 0);
            for (int i = 0; i < 2 * IndexPages.STRIDE; i++) {
                index.append(i * 10L, 100 + i * 1000);
            }
            if (sealed) {
                index.seal();
                assertThat(index.offsetInMemoryBehind(250_000)).isEqualTo(OffsetIndex.NOT_IN_MEMORY);
            }
            // when, then
            for (int i = 0; i < 2 * IndexPages.STRIDE - 1; i++) {
                index.positionBefore(100 + i * 1000);
                assertThat(index.offsetInMemoryBehind(100 + i * 1000)).isEqualTo((i + 1) * 10L);
                assertThat(index.offsetInMemoryBehind(1099 + i * 1000)).isEqualTo((i + 1) * 10L);
            }
            assertThat(index.offsetInMemoryBehind(1 << 30)).isEqualTo(OffsetIndex.NOT_IN_MEMORY);
            index.close();
        }
    }

    @Test
    void shouldKeepTheStretchOfALargeFileThatWasLookedAtLast() throws IOException {
        // given  a file of several pages, the last of them cut short
        int entries = 5 * IndexPages.STRIDE + 7;
        OffsetIndex index = new OffsetIndex(disk, root.resolve("large.index"), 0, 1 << 20, 0);
        for (int i = 0; i < entries; i++) {
            index.append(i * 10L, 100 + i * 1000);
        }
        index.seal();
        assertThat(index.positionInMemoryBefore(50_000)).isEqualTo(OffsetIndex.NOT_IN_MEMORY);
        // when, then  it is read from one end to the other
        int readFromFile = 0;
        for (int position = 0; position < 100 + (entries + 2) * 1000; position += 250) {
            int expected = position < 100 ? 0 : Math.min(entries - 1, (position - 100) / 1000) * 1000 + 100;
            int known = index.positionInMemoryBefore(position);
            if (known == OffsetIndex.NOT_IN_MEMORY) {
                readFromFile++;
            } else {
                assertThat(known).as("position %s", position).isEqualTo(expected);
            }
            assertThat(index.positionBefore(position))
                    .as("position %s", position)
                    .isEqualTo(expected);
        }
        assertThat(readFromFile).isEqualTo(6);
        // when, then  it is cut
        index.keep(3);
        assertThat(index.positionBefore(1 << 30)).isEqualTo(2100);
        index.close();
    }

    @Test
    void shouldFindTimesAsAListDoes() throws IOException {
        for (int seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            long base = random.nextBoolean() ? 0 : random.nextLong(1L << 40);
            Path file = root.resolve(seed + ".timeindex");
            TimeIndex index = new TimeIndex(disk, file, base, MAX_BYTES, 0);
            List<Entry> model = new ArrayList<>();
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(10)) {
                    case 0 -> index.write();
                    case 1 -> index.seal();
                    case 2 -> {
                        long cut = base + random.nextInt(2000);
                        index.truncateTo(cut);
                        model.removeIf(entry -> entry.offset >= cut);
                    }
                    case 3 -> {
                        int keep = random.nextInt(model.size() + 1);
                        index.keep(keep);
                        model.subList(keep, model.size()).clear();
                    }
                    case 4 -> {
                        index.write();
                        index.close();
                        assertThat(Files.size(file)).isEqualTo((long) model.size() * TimeIndex.ENTRY_BYTES);
                        index = new TimeIndex(disk, file, base, MAX_BYTES, model.size());
                    }
                    default -> {
                        Entry last = model.isEmpty() ? new Entry(base, 0, -1) : model.getLast();
                        long timestamp = last.timestamp + random.nextInt(100) - 30;
                        long offset = last.offset + 1 + random.nextInt(50);
                        index.appendIfLarger(timestamp, offset);
                        if (timestamp >= 0 && timestamp > last.timestamp) {
                            model.add(new Entry(offset, 0, timestamp));
                        }
                    }
                }
                checkTimes(seed, random, base, index, model);
            }
            index.close();
        }
    }

    private static void checkTimes(int seed, Random random, long base, TimeIndex index, List<Entry> model)
            throws IOException {
        assertThat(index.entries()).as("seed %s", seed).isEqualTo(model.size());
        TimeIndex.Entry none = new TimeIndex.Entry(-1, base);
        assertThat(index.last())
                .isEqualTo(
                        model.isEmpty()
                                ? none
                                : new TimeIndex.Entry(model.getLast().timestamp, model.getLast().offset));
        for (int i = 0; i < 5; i++) {
            long timestamp = random.nextLong(2500) - 1;
            TimeIndex.Entry expected = none;
            for (Entry entry : model) {
                expected = entry.timestamp < timestamp ? new TimeIndex.Entry(entry.timestamp, entry.offset) : expected;
            }
            assertThat(index.lookup(timestamp))
                    .as("seed %s time %s", seed, timestamp)
                    .isEqualTo(expected);
        }
    }

    @Test
    void shouldKeepTransactionsAsAListDoes() throws IOException {
        for (int seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            Path file = root.resolve(seed + ".txnindex");
            TransactionIndex index = new TransactionIndex(disk, file).begin();
            List<TransactionIndex.Entry> model = new ArrayList<>();
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(8)) {
                    case 0 -> index.write(random.nextBoolean());
                    case 1 -> {
                        long cut = random.nextInt(1000);
                        index.truncateTo(cut);
                        model.removeIf(entry -> entry.lastOffset() >= cut);
                    }
                    case 2 -> {
                        index.write(true);
                        index = new TransactionIndex(disk, file);
                    }
                    case 3 -> index.replace(List.copyOf(model));
                    default -> {
                        long last = (model.isEmpty() ? 0 : model.getLast().lastOffset()) + 1 + random.nextInt(40);
                        TransactionIndex.Entry entry = new TransactionIndex.Entry(
                                random.nextLong(1000), random.nextLong(last + 1), last, last + 1);
                        index.append(entry);
                        model.add(entry);
                    }
                }
                assertThat(index.entries()).as("seed %s step %s", seed, step).isEqualTo(model);
            }
        }
    }

    @Test
    void shouldRefuseOrReadTransactionsButNeverFailOtherwise() throws IOException {
        int refused = 0;
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            Path file = Files.write(root.resolve("garbage.txnindex"), bytes);
            try {
                TransactionIndex index = new TransactionIndex(disk, file);
                assertThat(index.entries()).hasSize(bytes.length / TransactionIndex.ENTRY_BYTES);
            } catch (MalformedFileException e) {
                refused++;
                assertThat(e).hasMessageContaining("Expected").hasMessageContaining(file.toString());
            }
        }
        assertThat(refused).isGreaterThan(200);
    }
}
