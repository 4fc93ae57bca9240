package io.ottla.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ottla.config.TopicProperties;
import io.ottla.metrics.Metrics;
import io.ottla.time.Clock;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;

class BatchValidatorTest {
    private static final Codec[] COMPRESSING = {Codec.GZIP, Codec.SNAPPY, Codec.LZ4, Codec.ZSTD};
    private static final short V = 13;
    private static final int MAX = Integer.MAX_VALUE;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Clock clock = new Clock() {
        @Override
        public long wallMs() {
            return TestingRecords.TIME;
        }

        @Override
        public long monotonicNs() {
            return 0;
        }
    };
    private final Metrics metrics = new Metrics();
    private final BatchValidator validator = new BatchValidator(clock, metrics, 8 << 20);

    @Property(tries = 300)
    void shouldAcceptWhatProducersSend(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 50) int count, @ForAll Codec codec) {
        // given  a batch of kafka-clients
        List<SimpleRecord> records = TestingRecords.random(seed, count, 300, true);
        ByteBuffer made = TestingRecords.batch(codec, 0, records);
        String before = RecordReadingTest.text(made);

        // when   it is checked
        CheckedBatches checked = accepted(validator.check(made, V, BatchRules.DEFAULTS));

        // then   it is accepted as it is
        assertThat(checked.buffer()).isSameAs(made);
        assertThat(RecordReadingTest.text(made)).isEqualTo(before);
        assertThat(checked.recordCount()).isEqualTo(count);
        assertThat(checked.maxTimestamp())
                .isEqualTo(records.stream()
                        .mapToLong(SimpleRecord::timestamp)
                        .max()
                        .orElseThrow());
    }

    @Property(tries = 150)
    void shouldCompressAnewWhereTheTopicHasACodec(@ForAll long seed, @ForAll Codec from, @ForAll Codec to) {
        // given  a batch in one codec and a topic with another
        List<SimpleRecord> records = TestingRecords.random(seed, 20, 300, true);
        ByteBuffer made = TestingRecords.batch(from, 0, records);
        List<String> content = content(made.duplicate());
        int level = to == Codec.GZIP ? 9 : to == Codec.ZSTD ? 5 : to == Codec.LZ4 ? 3 : 0;
        BatchRules rules =
                new BatchRules(1 << 20, 1 << 30, false, Long.MAX_VALUE, Long.MAX_VALUE, to, level, false, MAX);

        // when   it is checked
        assertThat(validator.mustLeaveLoop(made, rules)).isEqualTo(from != to);
        CheckedBatches checked = accepted(validator.check(made, V, rules));

        // then   it holds the same records in the topic's codec
        MutableRecordBatch theirs = MemoryRecords.readableRecords(checked.buffer())
                .batches()
                .iterator()
                .next();
        theirs.ensureValid();
        assertThat(theirs.compressionType().id).isEqualTo((byte) to.id());
        assertThat(content(checked.buffer())).isEqualTo(content);
    }

    @Property(tries = 25)
    void shouldNoticeEveryFlippedBit(@ForAll long seed, @ForAll Codec codec) {
        // given  a batch that would be accepted
        ByteBuffer made = TestingRecords.batch(codec, 0, TestingRecords.random(seed, 3, 40, true));
        for (int bit = 0; bit < made.limit() * 8; bit++) {
            // when   one bit of it flips
            byte old = made.get(bit / 8);
            made.put(bit / 8, (byte) (old ^ 1 << bit % 8));
            Validation validation = validator.check(made, V, BatchRules.DEFAULTS);

            // then   it is rejected, unless the bit lies in the leader epoch, which the leader sets and no CRC covers
            boolean leaderEpoch = bit / 8 >= 12 && bit / 8 < 16;
            assertThat(validation instanceof Validation.Accepted)
                    .as("bit " + bit)
                    .isEqualTo(leaderEpoch);
            made.put(bit / 8, old);
        }
    }

    @Property(tries = 400)
    void shouldJudgeAnyRecordsBehindAGoodChecksum(@ForAll long seed, @ForAll Codec codec) {
        // given  a batch with some bytes changed and its checksum renewed: what an evil client sends
        Random random = new Random(seed);
        ByteBuffer made = TestingRecords.batch(codec, 0, TestingRecords.random(seed, 5, 60, true));
        for (int n = 0; n < 3; n++) {
            made.put(RecordBatch.ATTRIBUTES_AT + random.nextInt(made.limit() - 21), (byte) random.nextInt());
        }
        if (random.nextInt(5) > 0) {
            made.putShort(RecordBatch.ATTRIBUTES_AT, (short) codec.id());
        }
        new RecordBatch().wrap(made, 0).renewCrc();

        // when   it is checked, then   it is judged; and what is accepted, kafka-clients can read
        if (validator.check(made, V, BatchRules.DEFAULTS) instanceof Validation.Accepted) {
            assertThat(content(made)).hasSizeGreaterThan(0);
        }
    }

    @Property(tries = 1000)
    void shouldJudgeGarbage(@ForAll byte[] garbage, @ForAll boolean framed) {
        ByteBuffer buffer = ByteBuffer.wrap(Arrays.copyOf(garbage, Math.max(framed ? 61 : 0, garbage.length)));
        if (framed) {
            buffer.putInt(8, buffer.limit() - 12).put(16, (byte) 2).putLong(0, 0);
            new RecordBatch().wrap(buffer, 0).renewCrc();
        }
        rejected(validator.check(buffer, V, BatchRules.DEFAULTS));
    }

    @Example
    void shouldRejectEveryTruncation() {
        ByteBuffer made = TestingRecords.batch("a", "b");
        for (int size = 0; size < made.limit(); size++) {
            rejected(validator.check(made.duplicate().limit(size), V, BatchRules.DEFAULTS));
        }
        rejected(validator.check(null, V, BatchRules.DEFAULTS));
    }

    @Example
    void shouldWantExactlyOneBatchOfFormatTwo() {
        ByteBuffer one = TestingRecords.batch("a");
        ByteBuffer two =
                ByteBuffer.allocate(2 * one.limit()).put(one.duplicate()).put(one.duplicate());
        assertError(two.flip(), V, BatchRules.DEFAULTS, Errors.INVALID_RECORD, "exactly one");
        for (int magic = 0; magic < 2; magic++) {
            ByteBuffer old = TestingRecords.legacy(
                    magic, Codec.NONE, TimestampType.CREATE_TIME, 0, TestingRecords.random(1, 1, 9, false));
            assertError(old, V, BatchRules.DEFAULTS, Errors.INVALID_RECORD, "v" + magic);
        }
    }

    @Example
    void shouldHoldSizesAndCodecs() {
        ByteBuffer made = TestingRecords.batch(Codec.ZSTD, "a");
        int size = made.limit();
        assertError(made, (short) 6, BatchRules.DEFAULTS, Errors.UNSUPPORTED_COMPRESSION_TYPE, "zstd");
        assertError(made, V, sizes(size - 1, 1 << 30), Errors.MESSAGE_TOO_LARGE, "max.message.bytes");
        assertError(made, V, sizes(1 << 20, size - 1), Errors.RECORD_LIST_TOO_LARGE, "segment.bytes");
        accepted(validator.check(made, V, sizes(size, size)));
        for (int codec = 5; codec < 8; codec++) {
            ByteBuffer unknown = changed(TestingRecords.batch("a"), RecordBatch.ATTRIBUTES_AT + 1, codec);
            assertError(unknown, V, BatchRules.DEFAULTS, Errors.UNSUPPORTED_COMPRESSION_TYPE, "number " + codec);
        }
        // what is accepted compressed may be too large for a topic that wants it plain
        ByteBuffer zeros = TestingRecords.batch(Codec.GZIP, "0".repeat(5000));
        BatchRules plain =
                new BatchRules(4000, 1 << 30, false, Long.MAX_VALUE, Long.MAX_VALUE, Codec.NONE, 0, false, MAX);
        assertError(zeros, V, plain, Errors.MESSAGE_TOO_LARGE, "4000");
    }

    @Example
    void shouldHoldHeaders() {
        int attributes = RecordBatch.ATTRIBUTES_AT + 1;
        assertError(changed(TestingRecords.batch("a"), attributes, 0x20), Errors.INVALID_RECORD, "control");
        assertError(changed(TestingRecords.batch("a"), attributes, 0x40), Errors.INVALID_RECORD, "delete horizon");
        assertError(changed(TestingRecords.batch("a"), attributes, 0x10), Errors.INVALID_RECORD, "transactional");
        assertError(changed(TestingRecords.batch("a"), attributes, 0x08), Errors.INVALID_TIMESTAMP, "LogAppendTime");
        assertError(changed(TestingRecords.batch("a"), 26, 1), Errors.INVALID_RECORD, "as many records as offsets");
        assertError(changed(TestingRecords.batch("a"), 60, 0), Errors.INVALID_RECORD, "as many records as offsets");
        assertError(changed(TestingRecords.batch("a"), 7, 1), Errors.INVALID_RECORD, "base offset 0");
        assertError(changed(TestingRecords.batch("a"), 61 + 3, 2), Errors.INVALID_RECORD, "have offset 0");
        List<SimpleRecord> records = TestingRecords.random(1, 2, 9, true);
        accepted(validator.check(TestingRecords.batch(7, (short) 0, 0, true, records), V, BatchRules.DEFAULTS));
        ByteBuffer unnumbered = TestingRecords.batch(7, (short) 0, 0, false, records);
        assertError(changed(unnumbered, RecordBatch.BASE_SEQUENCE_AT, -1), Errors.INVALID_RECORD, "belong together");
    }

    @Example
    void shouldKeepAttributesThatMeanNothingYet() {
        for (int bit = 7; bit < Short.SIZE; bit++) {
            // given  a bit that some later release may give a meaning
            ByteBuffer batch = TestingRecords.batch("a");
            batch.putShort(RecordBatch.ATTRIBUTES_AT, (short) (1 << bit));
            new RecordBatch().wrap(batch, 0).renewCrc();
            // then
            ByteBuffer kept =
                    accepted(validator.check(batch, V, BatchRules.DEFAULTS)).buffer();
            assertThat(kept.getShort(RecordBatch.ATTRIBUTES_AT)).isEqualTo((short) (1 << bit));
        }
    }

    @Example
    void shouldBlameRecordsThatLackAKeyOrHaveTheWrongTime() {
        // given  a compacted topic with limits of time, and four records: good, keyless, too old, too new
        BatchRules rules = new BatchRules(1 << 20, 1 << 30, false, 1000, 500, null, 0, true, MAX);
        byte[] key = {1};
        long now = TestingRecords.TIME;
        for (Codec codec : Codec.values()) {
            ByteBuffer made = TestingRecords.batch(
                    codec,
                    0,
                    List.of(
                            new SimpleRecord(now - 1000, key, key),
                            new SimpleRecord(now, null, key),
                            new SimpleRecord(now - 1001, key, key),
                            new SimpleRecord(now + 501, key, key),
                            new SimpleRecord(now + 500, key, key),
                            new SimpleRecord(-1, key, key)));

            // when   they are checked
            Validation.Rejected rejected = rejected(validator.check(made, V, rules));

            // then   each is blamed, and time decides the error
            assertThat(rejected.failure().error()).isEqualTo(Errors.INVALID_TIMESTAMP);
            assertThat(rejected.recordErrors())
                    .extracting(Validation.RecordError::batchIndex)
                    .containsExactly(1, 2, 3);
        }
        Validation.Rejected keyless = rejected(validator.check(
                TestingRecords.batch("x"), V, new BatchRules(1 << 20, 1 << 30, true, 0, 0, null, 0, true, MAX)));
        assertThat(keyless.failure().error()).isEqualTo(Errors.INVALID_RECORD);
        assertThat(keyless.recordErrors().get(0).message()).contains("without key");
    }

    @Example
    void shouldCorrectTheLargestTimestamp() {
        // given  a batch whose header has another one than its records
        ByteBuffer made = TestingRecords.batch("a", "b");
        made.putLong(RecordBatch.MAX_TIMESTAMP_AT, 5);
        new RecordBatch().wrap(made, 0).renewCrc();

        // then   it is corrected
        assertThat(accepted(validator.check(made, V, BatchRules.DEFAULTS)).maxTimestamp())
                .isEqualTo(TestingRecords.TIME + 1);
        RecordBatch batch = new RecordBatch().wrap(made, 0);
        assertThat(batch.maxTimestamp()).isEqualTo(TestingRecords.TIME + 1);
        assertThat(batch.isIntact()).isTrue();
    }

    @Example
    void shouldStopBombsAndKeepThemOffTheLoop() {
        // given  nine megabytes of zeros in a few kilobytes
        String zeros = "0".repeat(9 << 20);
        for (Codec codec : COMPRESSING) {
            ByteBuffer bomb = TestingRecords.batch(codec, zeros);
            assertError(bomb, Errors.MESSAGE_TOO_LARGE, "decompressed");
            BatchRules other = new BatchRules(
                    1 << 20,
                    1 << 30,
                    false,
                    Long.MAX_VALUE,
                    Long.MAX_VALUE,
                    codec == Codec.GZIP ? Codec.LZ4 : Codec.GZIP,
                    1,
                    false,
                    MAX);
            assertError(bomb, V, other, Errors.MESSAGE_TOO_LARGE, "decompressed");
        }
        // then   small honest batches stay on the loop; large ones and what may explode leave it
        for (Codec codec : Codec.values()) {
            assertThat(validator.mustLeaveLoop(TestingRecords.batch(codec, "abc"), BatchRules.DEFAULTS))
                    .isFalse();
        }
        assertThat(validator.mustLeaveLoop(TestingRecords.batch(Codec.ZSTD, "0".repeat(20 << 20)), BatchRules.DEFAULTS))
                .isTrue();
        assertThat(validator.mustLeaveLoop(TestingRecords.batch(Codec.NONE, "0".repeat(1 << 20)), BatchRules.DEFAULTS))
                .isFalse();
    }

    @Example
    void shouldBoundSingleRecordsOfCompressedBatchesAlone() {
        // given  a record of 5007 bytes: attributes, two deltas, no key, the value's length and the value, no headers
        String large = "0".repeat(5000);
        for (Codec codec : COMPRESSING) {
            ByteBuffer made = TestingRecords.batch(codec, "a", large, "b");
            for (Codec kept : new Codec[] {null, codec, codec == Codec.GZIP ? Codec.LZ4 : Codec.GZIP, Codec.NONE}) {
                // then   a limit below that refuses it, whatever codec the topic has
                Validation.Rejected rejected = rejected(validator.check(made, V, records(5006, kept)));
                assertThat(rejected.failure().error()).isEqualTo(Errors.INVALID_RECORD);
                assertThat(rejected.failure().message())
                        .isEqualTo("Expected a record of at most 5006 bytes once decompressed"
                                + " (max.decompressed.message.bytes), but it has 5007");
                accepted(validator.check(made.duplicate(), V, records(5007, kept)));
            }
        }
        // and    records that come uncompressed have no such limit, also where they are kept compressed
        accepted(validator.check(TestingRecords.batch(large), V, records(1, null)));
        accepted(validator.check(TestingRecords.batch(large), V, records(1, Codec.ZSTD)));
    }

    @Example
    void shouldBelieveARecordsLengthBeforeItMakesRoomForTheRecord() {
        // given  records of more than a batch may become, and of more than can be compressed anew
        String zeros = "0".repeat(9 << 20);
        for (Codec codec : COMPRESSING) {
            ByteBuffer bomb = TestingRecords.batch(codec, zeros);
            for (Codec kept : new Codec[] {null, codec == Codec.GZIP ? Codec.LZ4 : Codec.GZIP, Codec.NONE}) {
                BatchRules rules = records(1 << 20, kept);
                validator.check(bomb, V, rules);
                // when
                long before = THREADS.getCurrentThreadAllocatedBytes();
                Validation validation = validator.check(bomb, V, rules);
                long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
                // then   it is that one record's length that is told
                assertThat(rejected(validation).failure().error()).isEqualTo(Errors.INVALID_RECORD);
                assertThat(allocated).isLessThan(1 << 20);
            }
        }
    }

    private static BatchRules records(int maxRecordBytes, Codec kept) {
        return new BatchRules(
                1 << 20,
                1 << 30,
                false,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                kept,
                kept == null ? 0 : 1,
                false,
                maxRecordBytes);
    }

    @Example
    void shouldNotAllocateByASnappyChunksWord() {
        // given  a snappy stream of one chunk that claims a gigabyte
        ByteBuffer made = TestingRecords.batch(Codec.SNAPPY, "abc".repeat(50));
        made.putInt(61 + 16, 1 << 30);
        new RecordBatch().wrap(made, 0).renewCrc();
        assertError(made, Errors.CORRUPT_MESSAGE, "chunk lengths");
    }

    @Example
    void shouldAllocateNothingPerRecord() {
        // given  a batch of one record, and one of a thousand
        ByteBuffer one = direct(TestingRecords.batch(Codec.NONE, 0, TestingRecords.random(1, 1, 100, true)));
        ByteBuffer many = direct(TestingRecords.batch(Codec.NONE, 0, TestingRecords.random(1, 1000, 100, true)));

        // when   they are checked, warm
        long small = allocated(one);
        long large = allocated(many);

        // then   both take the same little
        assertThat(large).isEqualTo(small);
        assertThat(small).isLessThan(300);
    }

    @Example
    void shouldTakeItsRulesFromTheTopic() {
        assertThat(TopicProperties.DEFAULTS.batchRules()).isEqualTo(BatchRules.DEFAULTS);
    }

    private long allocated(ByteBuffer batch) {
        BatchRules rules = new BatchRules(1 << 20, 1 << 30, false, 1 << 30, 1 << 30, null, 0, false, MAX);
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 2000; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            validator.check(batch, V, rules);
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    private static ByteBuffer direct(ByteBuffer heap) {
        return ByteBuffer.allocateDirect(heap.remaining()).put(heap).flip();
    }

    private static BatchRules sizes(int maxMessageBytes, int segmentBytes) {
        return new BatchRules(
                maxMessageBytes, segmentBytes, false, Long.MAX_VALUE, Long.MAX_VALUE, null, 0, false, MAX);
    }

    private static ByteBuffer changed(ByteBuffer batch, int index, int value) {
        batch.put(index, (byte) value);
        new RecordBatch().wrap(batch, 0).renewCrc();
        return batch;
    }

    private void assertError(ByteBuffer records, Errors error, String text) {
        assertError(records, V, BatchRules.DEFAULTS, error, text);
    }

    private void assertError(ByteBuffer records, short version, BatchRules rules, Errors error, String text) {
        Validation.Rejected rejected = rejected(validator.check(records, version, rules));
        assertThat(rejected.failure().error()).isEqualTo(error);
        assertThat(rejected.failure().message()).startsWith("Expected").contains(text);
    }

    private static CheckedBatches accepted(Validation validation) {
        assertThat(validation).isInstanceOf(Validation.Accepted.class);
        return ((Validation.Accepted) validation).batches();
    }

    private static Validation.Rejected rejected(Validation validation) {
        assertThat(validation).isInstanceOf(Validation.Rejected.class);
        return (Validation.Rejected) validation;
    }

    /** All records as kafka-clients reads them. */
    private static List<String> content(ByteBuffer batches) {
        List<String> seen = new ArrayList<>();
        MemoryRecords.readableRecords(batches)
                .records()
                .forEach(record -> seen.add(record.offset() + "@"
                        + record.timestamp() + RecordReadingTest.text(record.key())
                        + RecordReadingTest.text(record.value()) + Arrays.toString(record.headers())));
        return seen;
    }
}
