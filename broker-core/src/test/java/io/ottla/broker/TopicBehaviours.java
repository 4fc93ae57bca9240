package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/** For each setting of topics that has an effect: what is so without it, and what is so once it is made. */
final class TopicBehaviours {
    /** Shows one setting on a topic that has nothing set yet. */
    interface Behaviour {
        void show(TopicScene scene) throws Exception;
    }

    private static final long HOUR_MS = 3_600_000;
    private static final long DAY_MS = 24 * HOUR_MS;
    /** Beyond {@code segment.ms}: a record so much newer than the first of its segment begins another. */
    private static final long ROLL_MS = 8 * DAY_MS;

    private static final int PARTITIONS = 20;

    private final Map<String, Behaviour> all = new TreeMap<>();

    TopicBehaviours() {
        segments();
        indexes();
        flushes();
        retention();
        compaction();
        compression();
        refusals();
    }

    /** Null where the setting has none. */
    Behaviour of(String name) {
        return all.get(name);
    }

    /** How many partitions its topic has. */
    static int partitions(String name) {
        return name.equals("segment.jitter.ms") ? PARTITIONS : 1;
    }

    private void segments() {
        all.put("segment.bytes", scene -> {
            write(scene, 3, 1_000);
            assertThat(scene.files(".log")).hasSize(1);
            scene.set(Map.of("segment.bytes", "1500"));
            write(scene, 2, 1_000);
            assertThat(scene.files(".log")).hasSize(3);
        });
        all.put("segment.ms", scene -> {
            long now = System.currentTimeMillis();
            scene.write(10, now);
            scene.write(10, now + 5_000);
            assertThat(scene.files(".log")).hasSize(1);
            scene.set(Map.of("segment.ms", "1000"));
            scene.write(10, now + 5_000);
            assertThat(scene.files(".log")).hasSize(2);
        });
        all.put("segment.jitter.ms", scene -> {
            // each segment draws its own share of the jitter
            long now = System.currentTimeMillis();
            for (int i = 0; i < PARTITIONS; i++) {
                scene.write(i, 10, now);
                scene.write(i, 10, now + 4 * DAY_MS);
                assertThat(scene.files(i, ".log")).hasSize(1);
            }
            scene.set(Map.of("segment.jitter.ms", Long.toString(7 * DAY_MS)));
            int rolled = 0;
            for (int i = 0; i < PARTITIONS; i++) {
                scene.write(i, 10, now + 4 * DAY_MS);
                rolled += scene.files(i, ".log").size() - 1;
            }
            assertThat(rolled).isPositive();
        });
        all.put("preallocate", scene -> {
            long now = System.currentTimeMillis();
            scene.set(Map.of("segment.bytes", "50000"));
            scene.write(10, now);
            scene.write(10, now + ROLL_MS);
            assertThat(Files.size(scene.files(".log").getLast())).isLessThan(1_000);
            scene.set(Map.of("segment.bytes", "50000", "preallocate", "true"));
            scene.write(10, now + 2 * ROLL_MS);
            scene.write(10, now + 3 * ROLL_MS);
            assertThat(Files.size(scene.files(".log").getLast())).isEqualTo(50_000);
            assertThat(scene.batches()).hasSize(1);
            // also the first segment of a log
            scene.beginWith(Map.of("segment.bytes", "50000"));
            scene.write(10, now);
            assertThat(Files.size(scene.files(".log").getFirst())).isLessThan(1_000);
            scene.beginWith(Map.of("segment.bytes", "50000", "preallocate", "true"));
            scene.write(10, now);
            assertThat(scene.files(".log")).hasSize(1);
            assertThat(Files.size(scene.files(".log").getFirst())).isEqualTo(50_000);
            assertThat(scene.batches()).hasSize(1);
        });
    }

    private void indexes() {
        all.put("segment.index.bytes", scene -> {
            long later = System.currentTimeMillis() + ROLL_MS;
            scene.write(10);
            for (int i = 0; i < 10; i++) {
                scene.write(5_000, System.currentTimeMillis());
            }
            assertThat(scene.files(".log")).hasSize(1);
            // three entries of an offset index, two of a time index: it counts for segments that are made from now on
            scene.set(Map.of("segment.index.bytes", "24"));
            for (int i = 0; i < 10; i++) {
                scene.write(5_000, later);
            }
            assertThat(scene.files(".log")).hasSizeGreaterThan(3);
        });
        all.put("index.interval.bytes", scene -> {
            long now = System.currentTimeMillis();
            writeTen(scene, now);
            scene.write(10, now + ROLL_MS);
            until(() -> entries(scene, 0) == 2);
            scene.set(Map.of("index.interval.bytes", "1"));
            writeTen(scene, now + 2 * ROLL_MS);
            scene.write(10, now + 3 * ROLL_MS);
            until(() -> entries(scene, 2) == 9);
        });
    }

    /** Of the offset index of a segment that is full; one that is not has room left over in its file. */
    private static long entries(TopicScene scene, int segment) throws Exception {
        return Files.size(scene.files(".index").get(segment)) / 8;
    }

    private static void writeTen(TopicScene scene, long timestampMs) throws Exception {
        for (int i = 0; i < 10; i++) {
            scene.write(1_000, timestampMs);
        }
    }

    private void flushes() {
        all.put("flush.messages", scene -> {
            write(scene, 3, 10);
            always(() -> scene.flushedTo() == 0);
            scene.set(Map.of("flush.messages", "1"));
            write(scene, 1, 10);
            until(() -> scene.flushedTo() == 4);
        });
        all.put("flush.ms", scene -> {
            write(scene, 3, 10);
            always(() -> scene.flushedTo() == 0);
            scene.set(Map.of("flush.ms", "10"));
            until(() -> scene.flushedTo() == 3);
        });
    }

    private void retention() {
        all.put("retention.ms", scene -> {
            scene.write(10, System.currentTimeMillis() - HOUR_MS);
            always(() -> scene.firstOffset() == 0);
            scene.set(Map.of("retention.ms", Long.toString(HOUR_MS / 2)));
            until(() -> scene.firstOffset() == 1);
        });
        all.put("retention.bytes", scene -> {
            long now = System.currentTimeMillis();
            for (int i = 0; i < 3; i++) {
                scene.write(1_000, now + i * ROLL_MS);
            }
            assertThat(scene.files(".log")).hasSize(3);
            always(() -> scene.firstOffset() == 0);
            // three segments of a little over 1000 bytes: one is too many
            scene.set(Map.of("retention.bytes", "1500"));
            until(() -> scene.firstOffset() == 1);
        });
        all.put("cleanup.policy", scene -> {
            long old = System.currentTimeMillis() - ROLL_MS;
            scene.write(10, old);
            until(() -> scene.firstOffset() == 1);
            scene.set(Map.of("cleanup.policy", "compact"));
            scene.write(10, old);
            always(() -> scene.firstOffset() == 1);
            // three segments, of which two become one
            scene.write(10, old + 2 * ROLL_MS);
            scene.write(10, old + 4 * ROLL_MS);
            until(() -> scene.files(".log").size() == 2 && scene.oldRecords() == 1);
        });
        all.put("file.delete.delay.ms", scene -> {
            long now = System.currentTimeMillis();
            scene.write(10, now);
            scene.write(10, now + ROLL_MS);
            deleteTo(scene, 1);
            until(() -> scene.files("00000000000000000000.log.deleted").size() == 1);
            scene.set(Map.of("file.delete.delay.ms", "0"));
            scene.write(10, now + 2 * ROLL_MS);
            deleteTo(scene, 2);
            until(() -> scene.files(".log").size() == 1
                    && scene.files("00000000000000000001.log.deleted").isEmpty());
            assertThat(scene.files("00000000000000000000.log.deleted")).hasSize(1);
        });
    }

    static void deleteTo(TopicScene scene, long offset) throws Exception {
        TopicPartition partition = new TopicPartition(scene.topic(), 0);
        scene.admin()
                .deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset)))
                .all()
                .get();
    }

    /** Settings of a topic that is compacted, these among them. */
    private static Map<String, String> compacted(String... more) {
        Map<String, String> settings = new TreeMap<>(Map.of("cleanup.policy", "compact"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    /** Three segments of a record each, all of one key: compacted, the first two are one, with one record. */
    private static void writeThree(TopicScene scene) throws Exception {
        long old = System.currentTimeMillis() - 3 * ROLL_MS;
        for (int i = 0; i < 3; i++) {
            scene.write(10, old + i * ROLL_MS);
        }
    }

    private static void isCompacted(TopicScene scene, boolean expected) {
        Callable<Boolean> asExpected = () -> scene.files(".log").size() == (expected ? 2 : 3);
        if (expected) {
            until(asExpected);
        } else {
            always(asExpected);
        }
    }

    private void compaction() {
        all.put("min.cleanable.dirty.ratio", scene -> {
            scene.set(compacted("min.cleanable.dirty.ratio", "1"));
            writeThree(scene);
            isCompacted(scene, false);
            scene.set(compacted("min.cleanable.dirty.ratio", "0.9"));
            isCompacted(scene, true);
        });
        all.put("min.compaction.lag.ms", scene -> {
            scene.set(compacted("min.compaction.lag.ms", Long.toString(30 * DAY_MS)));
            writeThree(scene);
            isCompacted(scene, false);
            scene.set(compacted("min.compaction.lag.ms", Long.toString(5 * DAY_MS)));
            isCompacted(scene, true);
        });
        all.put("max.compaction.lag.ms", scene -> {
            scene.set(compacted("min.cleanable.dirty.ratio", "1", "max.compaction.lag.ms", Long.toString(30 * DAY_MS)));
            writeThree(scene);
            isCompacted(scene, false);
            scene.set(compacted("min.cleanable.dirty.ratio", "1", "max.compaction.lag.ms", Long.toString(DAY_MS)));
            isCompacted(scene, true);
        });
        all.put("delete.retention.ms", scene -> {
            // a tombstone that stays for a day
            long old = System.currentTimeMillis() - 5 * ROLL_MS;
            scene.set(compacted("min.cleanable.dirty.ratio", "0"));
            scene.write(10, old);
            scene.writeTombstone(old + ROLL_MS);
            scene.write(10, old + 2 * ROLL_MS);
            isCompacted(scene, true);
            always(() -> scene.oldRecords() == 1);
            // and one that goes as soon as it can
            scene.set(compacted("min.cleanable.dirty.ratio", "0", "delete.retention.ms", "0"));
            scene.writeTombstone(old + 3 * ROLL_MS);
            scene.write(10, old + 4 * ROLL_MS);
            until(() -> scene.files(".log").size() == 2 && scene.oldRecords() == 0);
        });
    }

    private void compression() {
        all.put("compression.type", scene -> {
            scene.writeText();
            assertThat(codec(last(scene.batches()))).isZero();
            scene.set(Map.of("compression.type", "zstd"));
            scene.writeText();
            assertThat(codec(last(scene.batches()))).isEqualTo(4);
        });
        all.put("compression.gzip.level", scene -> levels(scene, "gzip", "1", "9"));
        all.put("compression.lz4.level", scene -> levels(scene, "lz4", "1", "17"));
        all.put("compression.zstd.level", scene -> levels(scene, "zstd", "1", "9"));
    }

    /** Less work leaves more bytes; but lz4's default is a faster compressor than all of its levels. */
    private static void levels(TopicScene scene, String codec, String low, String high) throws Exception {
        String name = "compression." + codec + ".level";
        scene.set(Map.of("compression.type", codec));
        scene.writeText();
        int usual = last(scene.batches()).remaining();
        scene.set(Map.of("compression.type", codec, name, low));
        scene.writeText();
        int atLow = last(scene.batches()).remaining();
        scene.set(Map.of("compression.type", codec, name, high));
        scene.writeText();
        int atHigh = last(scene.batches()).remaining();
        assertThat(atLow).isNotEqualTo(usual);
        assertThat(atHigh).isLessThan(atLow);
    }

    private static ByteBuffer last(List<ByteBuffer> batches) {
        return batches.getLast();
    }

    private static int codec(ByteBuffer batch) {
        return batch.getShort(21) & 7;
    }

    private void refusals() {
        all.put("max.message.bytes", scene -> {
            scene.write(5_000);
            scene.set(Map.of("max.message.bytes", "1000"));
            assertThatThrownBy(() -> scene.write(5_000)).isInstanceOf(RecordTooLargeException.class);
            scene.write(500);
        });
        all.put("max.decompressed.message.bytes", scene -> {
            scene.writeCompressed(5_000);
            assertThat(scene.newestOffset()).isZero();
            scene.set(Map.of("max.decompressed.message.bytes", "1000"));
            assertThatThrownBy(() -> scene.writeCompressed(5_000))
                    .isInstanceOf(InvalidRecordException.class)
                    .hasMessageContaining("at most 1000 bytes")
                    .hasMessageContaining("max.decompressed.message.bytes");
            assertThatThrownBy(scene::newestOffset).hasCauseInstanceOf(InvalidRecordException.class);
            assertThatThrownBy(() -> scene.offsetAt(0)).hasCauseInstanceOf(InvalidRecordException.class);
            scene.write(5_000);
            scene.writeCompressed(500);
            scene.set(Map.of("max.decompressed.message.bytes", "6000"));
            assertThat(scene.offsetAt(0)).isZero();
            scene.writeCompressed(5_000);
        });
        all.put("message.timestamp.type", scene -> {
            long past = System.currentTimeMillis() - HOUR_MS;
            assertThat(scene.write(10, past).timestamp()).isEqualTo(past);
            scene.set(Map.of("message.timestamp.type", "LogAppendTime"));
            assertThat(scene.write(10, past).timestamp()).isGreaterThan(past + HOUR_MS / 2);
        });
        all.put("message.timestamp.before.max.ms", scene -> timestamps(scene, "before", -HOUR_MS));
        all.put("message.timestamp.after.max.ms", scene -> timestamps(scene, "after", HOUR_MS));
        all.put("message.timestamp.difference.max.ms", scene -> timestamps(scene, "difference", -HOUR_MS));
    }

    private static void timestamps(TopicScene scene, String side, long offMs) throws Exception {
        long now = System.currentTimeMillis();
        scene.write(10, now + offMs);
        scene.set(Map.of("message.timestamp." + side + ".max.ms", Long.toString(HOUR_MS / 2)));
        assertThatThrownBy(() -> scene.write(10, now + offMs)).isInstanceOf(InvalidTimestampException.class);
        scene.write(10, now);
    }

    private static void write(TopicScene scene, int records, int bytes) throws Exception {
        for (int i = 0; i < records; i++) {
            scene.write(bytes);
        }
    }

    static void until(Callable<Boolean> holds) {
        await().ignoreExceptions().until(holds);
    }

    /** Several times as long as the broker needs to find something to do. */
    static void always(Callable<Boolean> holds) {
        await().during(300, TimeUnit.MILLISECONDS).until(holds);
    }
}
