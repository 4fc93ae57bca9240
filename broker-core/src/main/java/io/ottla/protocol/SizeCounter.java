package io.ottla.protocol;

import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Writable;
import org.apache.kafka.common.utils.internals.ByteUtils;

/** Counts what is written and keeps nothing. Not thread-safe. */
final class SizeCounter implements Writable {
    private int copied;
    private int uncopied;

    /** Bytes of all but byte fields. */
    int copied() {
        return copied;
    }

    /** Bytes of byte fields, which may be sent from where they are. */
    int uncopied() {
        return uncopied;
    }

    @Override
    public void writeByte(byte value) {
        copied++;
    }

    @Override
    public void writeShort(short value) {
        copied += Short.BYTES;
    }

    @Override
    public void writeInt(int value) {
        copied += Integer.BYTES;
    }

    @Override
    public void writeLong(long value) {
        copied += Long.BYTES;
    }

    @Override
    public void writeDouble(double value) {
        copied += Double.BYTES;
    }

    @Override
    public void writeByteArray(byte[] bytes) {
        copied += bytes.length;
    }

    @Override
    public void writeUnsignedVarint(int value) {
        copied += ByteUtils.sizeOfUnsignedVarint(value);
    }

    @Override
    public void writeByteBuffer(ByteBuffer bytes) {
        uncopied += bytes.remaining();
    }

    @Override
    public void writeVarint(int value) {
        copied += ByteUtils.sizeOfVarint(value);
    }

    @Override
    public void writeVarlong(long value) {
        copied += ByteUtils.sizeOfVarlong(value);
    }
}
