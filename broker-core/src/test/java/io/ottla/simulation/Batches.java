package io.ottla.simulation;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** Record batches as simulated clients write and read them (message format v2): each record's value is its id. */
final class Batches {
    /** Bytes before the records. */
    static final int HEADER = 61;

    private static final int CRC = 17;
    private static final int CRC_FROM = 21;
    private static final int TRANSACTIONAL = 0x10;
    private static final int CONTROL = 0x20;
    /** Of a marker's type: its record's length, attributes, two deltas, the key's length and version come before. */
    private static final int MARKER_TYPE = HEADER + 7;

    /** Length, attributes, timestamp delta, offset delta (two bytes at most), no key, 8 bytes of value, no headers. */
    private static final int MOST_RECORD_BYTES = 16;

    /** Told of each record. */
    interface Visitor {
        void record(long offset, long id, int leaderEpoch);

        /** What follows are the records of this batch, unless it is a marker, which has none. */
        default void batch(Batch batch) {}
    }

    /**
     * A batch as it is seen.
     *
     * @param marker 'C' or 'A' where it ends a transaction, ' ' where it has records
     */
    record Batch(
            long firstOffset,
            long lastOffset,
            int leaderEpoch,
            long producerId,
            boolean isTransactional,
            char marker) {}

    private Batches() {}

    /** @param producerId -1 where it is not idempotent */
    static ByteBuffer write(long producerId, short producerEpoch, int baseSequence, long timeMs, List<Sent> records) {
        return write(producerId, producerEpoch, baseSequence, timeMs, records, 0);
    }

    /** One that belongs to the producer's transaction. */
    static ByteBuffer inTransaction(
            long producerId, short producerEpoch, int baseSequence, long timeMs, List<Sent> records) {
        return write(producerId, producerEpoch, baseSequence, timeMs, records, TRANSACTIONAL);
    }

    private static ByteBuffer write(
            long producerId, short producerEpoch, int baseSequence, long timeMs, List<Sent> records, int attributes) {
        ByteBuffer batch = ByteBuffer.allocate(HEADER + records.size() * MOST_RECORD_BYTES);
        batch.position(HEADER);
        for (int i = 0; i < records.size(); i++) {
            int bytes = i < 64 ? 14 : 15;
            batch.put((byte) (bytes << 1));
            batch.put((byte) 0);
            batch.put((byte) 0);
            if (i < 64) {
                batch.put((byte) (i << 1));
            } else {
                batch.put((byte) (i << 1 & 0x7F | 0x80)).put((byte) (i << 1 >>> 7));
            }
            batch.put((byte) 1);
            batch.put((byte) (8 << 1));
            batch.putLong(records.get(i).id());
            batch.put((byte) 0);
        }
        batch.flip();
        batch.putInt(8, batch.limit() - 12)
                .putInt(12, -1)
                .put(16, (byte) 2)
                .putShort(21, (short) attributes)
                .putInt(23, records.size() - 1)
                .putLong(27, timeMs)
                .putLong(35, timeMs)
                .putLong(43, producerId)
                .putShort(51, producerEpoch)
                .putInt(53, producerId < 0 ? -1 : baseSequence)
                .putInt(57, records.size());
        CRC32C crc = new CRC32C();
        crc.update(batch.array(), CRC_FROM, batch.limit() - CRC_FROM);
        batch.putInt(CRC, (int) crc.getValue());
        return batch;
    }

    /**
     * Tells of the records of whole batches up to the first that is damaged; control batches are passed over. Returns the
     * offset after the last batch, or -1.
     */
    static long read(ByteBuffer batches, Visitor visitor) {
        int at = batches.position();
        long next = -1;
        while (batches.limit() - at >= HEADER) {
            int bytes = 12 + batches.getInt(at + 8);
            if (bytes < HEADER || batches.limit() - at < bytes || !isIntact(batches, at, bytes)) {
                break;
            }
            long base = batches.getLong(at);
            visitor.batch(batch(batches, at, base));
            if ((batches.getShort(at + 21) & CONTROL) == 0) {
                readRecords(batches, at, base, visitor);
            }
            next = base + batches.getInt(at + 23) + 1;
            at += bytes;
        }
        return next;
    }

    private static Batch batch(ByteBuffer batches, int at, long base) {
        int attributes = batches.getShort(at + 21);
        char marker = (attributes & CONTROL) == 0 ? ' ' : batches.getShort(at + MARKER_TYPE) == 0 ? 'A' : 'C';
        return new Batch(
                base,
                base + batches.getInt(at + 23),
                batches.getInt(at + 12),
                batches.getLong(at + 43),
                (attributes & TRANSACTIONAL) != 0,
                marker);
    }

    /**
     * A whole batch in a file.
     *
     * @param coveredFrom where its checksum stands, and behind that what it covers
     * @param coveredTo the end of that, exclusive
     */
    record Placed(SimulatedFile file, long baseOffset, int coveredFrom, int coveredTo) {}

    /** The whole batches of these files. */
    static List<Placed> placed(List<SimulatedFile> files) {
        List<Placed> all = new ArrayList<>();
        files.forEach(file -> place(file, all));
        return all;
    }

    private static void place(SimulatedFile file, List<Placed> all) {
        ByteBuffer batches = file.bytes();
        int at = 0;
        while (batches.limit() - at >= HEADER) {
            int bytes = 12 + batches.getInt(at + 8);
            if (bytes < HEADER || batches.limit() - at < bytes) {
                break;
            }
            all.add(new Placed(file, batches.getLong(at), at + CRC, at + bytes));
            at += bytes;
        }
    }

    private static boolean isIntact(ByteBuffer batches, int batch, int bytes) {
        CRC32C crc = new CRC32C();
        crc.update(batches.slice(batch + CRC_FROM, bytes - CRC_FROM));
        return (int) crc.getValue() == batches.getInt(batch + CRC);
    }

    private static void readRecords(ByteBuffer batches, int batch, long base, Visitor visitor) {
        int epoch = batches.getInt(batch + 12);
        int count = batches.getInt(batch + 57);
        int at = batch + HEADER;
        for (int i = 0; i < count; i++) {
            int length = batches.get(at) >> 1;
            long id = batches.getLong(at + length - 8);
            visitor.record(base + i, id, epoch);
            at += 1 + length;
        }
    }
}
