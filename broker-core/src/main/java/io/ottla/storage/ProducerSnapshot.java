package io.ottla.storage;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Producer states on disk, so that a start need not read the whole log: {@code <offset>.snapshot} holds the states as
 * they were when the offset was the log's end.
 *
 * <pre>
 *   0  version  int16   1
 *   2  crc      uint32  CRC-32C from the entries to the end of the file
 *   6  entries  int32
 *      each: producerId int64, epoch int16, lastSequence int32, lastOffset int64, offsetDelta int32, timestamp int64,
 *            coordinatorEpoch int32, currentTransactionFirstOffset int64
 *      Kafka's files end here
 *      earlier  int8  1
 *      of each entry, in the same order: batches int8, those remembered before the last one, 0 to 4; its complement where
 *            others were there that nobody told of
 *         each, the oldest first: lastSequence int32, lastOffset int64, offsetDelta int32, timestamp int64
 *      unreplicated  int32  transactions that had ended, by a marker at or past the high watermark
 *         each: firstOffset int64, marker int64
 * </pre>
 *
 * <p>An entry tells of one batch, but a producer may still ask for five. Without the others nobody could tell a batch that
 * is here from one that never was. And a marker that is not replicated may yet be cut: until then its transaction holds the
 * last stable offset back, and compaction. Kafka reads as many entries as there are and passes over what follows them.
 *
 * @param states of all producers
 * @param unreplicated ended transactions whose marker may not be replicated: first offset → the marker's
 */
record ProducerSnapshot(List<ProducerState> states, Map<Long, Long> unreplicated) {
    private static final short VERSION = 1;
    private static final int HEADER_BYTES = 10;
    private static final int ENTRY_BYTES = 46;
    private static final int ENDED_BYTES = 16;
    private static final byte EARLIER = 1;
    private static final int CRC_AT = 2;
    private static final int CRC_FROM = 6;

    static ByteBuffer encode(ProducerStates states) {
        ByteBuffer bytes = ByteBuffer.allocate(size(states));
        bytes.putShort(VERSION).putInt(0).putInt(states.count());
        for (ProducerState state : states.all()) {
            bytes.putLong(state.producerId())
                    .putShort(state.epoch)
                    .putInt(state.lastSequence())
                    .putLong(state.lastOffset())
                    .putInt(state.lastOffsetDelta())
                    .putLong(state.lastTimestamp)
                    .putInt(state.coordinatorEpoch)
                    .putLong(state.transactionStart);
        }
        bytes.put(EARLIER);
        for (ProducerState state : states.all()) {
            state.writeEarlier(bytes);
        }
        bytes.putInt(states.unreplicated().size());
        states.unreplicated().forEach((first, marker) -> bytes.putLong(first).putLong(marker));
        bytes.flip();
        bytes.putInt(CRC_AT, crc(bytes));
        return bytes;
    }

    private static int size(ProducerStates states) {
        int bytes = HEADER_BYTES + 1 + Integer.BYTES + states.unreplicated().size() * ENDED_BYTES;
        for (ProducerState state : states.all()) {
            bytes += ENTRY_BYTES + state.earlierBytes();
        }
        return bytes;
    }

    static ProducerSnapshot decode(ByteBuffer bytes, Path file) throws MalformedFileException {
        if (bytes.remaining() < HEADER_BYTES) {
            throw new MalformedFileException(
                    "Expected at least " + HEADER_BYTES + " bytes in " + file + ", but it has " + bytes.remaining());
        }
        if (bytes.getShort(0) != VERSION) {
            throw new MalformedFileException("Expected version 1 in " + file + ", but it has " + bytes.getShort(0));
        }
        if (bytes.getInt(CRC_AT) != crc(bytes)) {
            throw new MalformedFileException("Expected the CRC in " + file + " to match its content, but it does not");
        }
        int count = bytes.getInt(CRC_FROM);
        if (count < 0 || count > (bytes.limit() - HEADER_BYTES) / ENTRY_BYTES) {
            throw new MalformedFileException("Expected " + count + " entries in " + file + ", but it has "
                    + (bytes.limit() - HEADER_BYTES) + " bytes of them");
        }
        ByteBuffer earlier = bytes.duplicate().position(HEADER_BYTES + count * ENTRY_BYTES);
        boolean tellsEarlier = earlier.hasRemaining() && earlier.get() == EARLIER;
        List<ProducerState> states = new ArrayList<>(count);
        bytes.position(HEADER_BYTES);
        try {
            for (int i = 0; i < count; i++) {
                states.add(state(bytes, tellsEarlier ? earlier : null));
            }
            return new ProducerSnapshot(states, tellsEarlier ? unreplicated(earlier) : Map.of());
        } catch (BufferUnderflowException e) {
            throw new MalformedFileException(
                    "Expected the earlier batches of " + count + " producers in " + file + ", but it ends before");
        }
    }

    /** None where the file is of a release that did not tell of them. */
    private static Map<Long, Long> unreplicated(ByteBuffer bytes) {
        Map<Long, Long> unreplicated = new TreeMap<>();
        for (int i = bytes.hasRemaining() ? bytes.getInt() : 0; i > 0; i--) {
            unreplicated.put(bytes.getLong(), bytes.getLong());
        }
        return unreplicated;
    }

    /** @param earlier where the producer's earlier batches are told; null where they are not */
    private static ProducerState state(ByteBuffer bytes, ByteBuffer earlier) {
        ProducerState state = new ProducerState(bytes.getLong());
        state.epoch = bytes.getShort();
        int lastSequence = bytes.getInt();
        long lastOffset = bytes.getLong();
        int delta = bytes.getInt();
        long timestamp = bytes.getLong();
        if (earlier != null) {
            state.readEarlier(earlier);
        }
        if (lastOffset >= 0) {
            state.add(lastSequence, lastOffset, delta, timestamp);
            if (earlier == null) {
                state.earlierAreUnknown();
            }
        }
        state.lastTimestamp = timestamp;
        state.coordinatorEpoch = bytes.getInt();
        state.transactionStart = bytes.getLong();
        state.transactionStartMs = timestamp;
        return state;
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(CRC_FROM, bytes.limit() - CRC_FROM));
        return (int) crc.getValue();
    }
}
