package io.ottla.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * Reads messages from a frame and believes no length in it. Two bounds hold at every moment:
 *
 * <ul>
 *   <li>no string, byte field or varint is read past the end of the frame, and nothing is allocated for a length that
 *       does not fit (the message classes compare array lengths with {@link #remaining} in the same way);
 *   <li>what is read may become about {@link #FREE_HEAP_BYTES} + expansion × frame bytes of heap, and no more. Every
 *       array pays for its elements, and every read for its field, by rough prices (right within a factor of 3, which
 *       a test holds): an array of a million structs of one or two bytes each is refused before the first is read.
 * </ul>
 *
 * <p>Unknown tagged fields are skipped and never kept (CVE-2026-111108, CVE-2026-111115). Byte fields and records are
 * windows on the frame: valid as long as the frame is. What breaks a bound, or the format, throws
 * {@link MalformedFrame}. Does not move the frame's indexes. Reusable; not thread-safe.
 */
public final class BoundedReadable implements Readable {
    /** Heap that any frame may become, bytes: small requests of many short fields are honest. */
    public static final int FREE_HEAP_BYTES = 4 << 20;

    private static final int ELEMENT_PRICE = 24;
    private static final int VARINT_PRICE = 8;
    private static final int NUMBER_PRICE = 4;
    private static final int STRING_PRICE = 48;
    private static final int BYTES_PRICE = 24;
    private static final int WINDOW_PRICE = 128;

    private ByteBuf frame;
    private int start;
    private int at;
    private int end;
    private long credit;
    private int maxElements;
    private int lastCount;
    /** What the last count announced, where it was more than can be there; 0 since something else was read. */
    private int excess;

    /**
     * Begins at the frame's reader index and ends at its writer index.
     *
     * @param expansion bytes of heap that a byte of the frame may become, see the class
     */
    public BoundedReadable over(ByteBuf source, int expansion) {
        return over(source, source.readerIndex(), source.readableBytes(), expansion);
    }

    /** Reads bytes that lie in no frame, from their position to their limit. */
    public BoundedReadable over(ByteBuffer bytes, int expansion) {
        return over(Unpooled.wrappedBuffer(bytes), expansion);
    }

    /**
     * Begins in the midst of a buffer that holds several frames.
     *
     * @param from the index of the frame's first byte
     * @param bytes of the frame
     */
    public BoundedReadable over(ByteBuf source, int from, int bytes, int expansion) {
        frame = source;
        start = from;
        at = from;
        end = from + bytes;
        credit = FREE_HEAP_BYTES + (long) expansion * bytes;
        maxElements = Integer.MAX_VALUE;
        lastCount = 0;
        excess = 0;
        return this;
    }

    /** Bounds the elements of every array from here on. */
    void limitElements(int most) {
        maxElements = most;
        lastCount = 0;
    }

    /** Lets what is left become so much more heap, once the header has said what it is. */
    public void allow(int expansion) {
        credit += (long) expansion * (end - at);
    }

    /** What is read from. */
    ByteBuf frame() {
        return frame;
    }

    /** The index of the next byte in the frame. */
    public int index() {
        return at;
    }

    /** Steps over a section of tagged fields, whatever they are. */
    void skipTaggedFields() {
        for (int left = readUnsignedVarint(); left > 0; left--) {
            readUnsignedVarint();
            skip(readUnsignedVarint());
        }
    }

    /** Steps over bytes that must be there. */
    public void skip(int bytes) {
        advance(bytes, 0);
    }

    /** Bytes that are left. The message classes compare the count of an array, read just before, with it. */
    @Override
    public int remaining() {
        if (lastCount > maxElements) {
            throw new MalformedFrame("Expected at most " + maxElements + " elements in an array of such a request, but "
                    + lastCount + " are announced before byte " + consumed() + " of the frame");
        }
        if (lastCount > end - at) {
            excess = lastCount;
        } else if (lastCount > 0) {
            pay((long) ELEMENT_PRICE * lastCount);
        }
        lastCount = 0;
        return end - at;
    }

    /** What is wrong with the array that a message class has just refused to read; null where it was something else. */
    String arrayProblem() {
        return excess == 0
                ? null
                : "an array of " + excess + " elements does not fit into the " + (end - at) + " bytes left from byte "
                        + consumed() + " of the frame on";
    }

    @Override
    public byte readByte() {
        return frame.getByte(advance(1, NUMBER_PRICE));
    }

    @Override
    public short readShort() {
        return frame.getShort(advance(2, NUMBER_PRICE));
    }

    @Override
    public int readInt() {
        lastCount = frame.getInt(advance(4, NUMBER_PRICE));
        return lastCount;
    }

    @Override
    public long readLong() {
        return frame.getLong(advance(8, NUMBER_PRICE));
    }

    @Override
    public double readDouble() {
        return frame.getDouble(advance(8, NUMBER_PRICE));
    }

    @Override
    public Uuid readUuid() {
        int from = advance(16, BYTES_PRICE);
        return new Uuid(frame.getLong(from), frame.getLong(from + 8));
    }

    @Override
    public byte[] readArray(int length) {
        int from = advance(length, BYTES_PRICE);
        byte[] bytes = new byte[length];
        frame.getBytes(from, bytes);
        return bytes;
    }

    @Override
    public ByteBuffer readByteBuffer(int length) {
        return frame.nioBuffer(advance(length, WINDOW_PRICE), length);
    }

    @Override
    public String readString(int length) {
        return length == 0 ? "" : frame.toString(advance(length, STRING_PRICE), length, StandardCharsets.UTF_8);
    }

    /** A window on the frame's own bytes; null for a negative length. */
    @Override
    public MemoryRecords readRecords(int length) {
        return length < 0 ? null : MemoryRecords.readableRecords(readByteBuffer(length));
    }

    /** Skips the field and keeps nothing of it. */
    @Override
    public List<RawTaggedField> readUnknownTaggedField(List<RawTaggedField> unknowns, int tag, int size) {
        advance(size, 0);
        return unknowns;
    }

    /** @return 0 … 2^31-1: the protocol has no larger lengths, counts and tags */
    @Override
    public int readUnsignedVarint() {
        long value = readVarintBits(5);
        if (value > Integer.MAX_VALUE) {
            throw new MalformedFrame("Expected a length, count or tag below 2^31, but found " + value + " before byte "
                    + consumed() + " of the frame");
        }
        lastCount = (int) value - 1;
        return (int) value;
    }

    @Override
    public int readVarint() {
        int raw = (int) readVarintBits(5);
        return (raw >>> 1) ^ -(raw & 1);
    }

    @Override
    public long readVarlong() {
        long raw = readVarintBits(10);
        return (raw >>> 1) ^ -(raw & 1);
    }

    /** The rest of the frame, with the rest of this reader's credit. */
    @Override
    public Readable slice() {
        BoundedReadable rest = new BoundedReadable();
        rest.frame = frame;
        rest.start = start;
        rest.at = at;
        rest.end = end;
        rest.credit = credit;
        rest.maxElements = maxElements;
        return rest;
    }

    private long readVarintBits(int maxBytes) {
        byte b = frame.getByte(advance(1, VARINT_PRICE));
        long value = b & 0x7f;
        for (int n = 1; b < 0; n++) {
            if (n == maxBytes) {
                throw new MalformedFrame("Expected a varint of at most " + maxBytes + " bytes, but the one at byte "
                        + (consumed() - maxBytes) + " of the frame is longer");
            }
            b = frame.getByte(advance(1, 0));
            value |= (long) (b & 0x7f) << (7 * n);
        }
        return value;
    }

    /** Steps over bytes that must be there, and pays for what they become; the index of the first. */
    private int advance(int bytes, int price) {
        if (bytes < 0 || bytes > end - at) {
            throw new MalformedFrame("Expected " + bytes + " bytes from byte " + consumed()
                    + " of the frame on, but it has " + (end - at) + " left");
        }
        pay(price == STRING_PRICE || price == BYTES_PRICE ? price + bytes : price);
        lastCount = 0;
        excess = 0;
        int from = at;
        at += bytes;
        return from;
    }

    private void pay(long bytes) {
        credit -= bytes;
        if (credit < 0) {
            throw new MalformedFrame("Expected a request that fits its size, but at byte " + consumed()
                    + " of the frame its many small fields need more memory than one of " + frameSize()
                    + " bytes may take");
        }
    }

    private int consumed() {
        return at - start;
    }

    private int frameSize() {
        return end - start;
    }
}
