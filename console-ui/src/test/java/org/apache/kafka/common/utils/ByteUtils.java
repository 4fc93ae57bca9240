package org.apache.kafka.common.utils;

/**
 * Stands where kafka-clients had this class up to 4.3: Kafka 4.3's coordinators, whose records tests compare with ours, ask
 * it one thing, and run here with newer clients.
 */
public final class ByteUtils {
    private ByteUtils() {}

    /** Bytes that a varint takes. */
    public static int sizeOfUnsignedVarint(int value) {
        return Math.max(1, (38 - Integer.numberOfLeadingZeros(value)) / 7);
    }
}
