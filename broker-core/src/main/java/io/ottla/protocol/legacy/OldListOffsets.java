package io.ottla.protocol.legacy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.protocol.Writable;

/**
 * ListOffsets in version 0, of before message timestamps (KIP-79), which Kafka served until 3.9 (KIP-896) and monitors of
 * lag still send. Decoded into the messages of later versions and encoded from them. An answer has one offset at most: the
 * starts of older segments, which it may list too, are nobody's to know.
 *
 * <pre>
 *   request     replicaId int32, topics [ name string, partitions [ index int32, timestamp int64, maxOffsets int32 ] ]
 *   answer      topics [ name string, partitions [ index int32, error int16, offsets [ int64 ] ] ]
 * </pre>
 *
 * Arrays are a count (int32) and so many elements; a string is a count (int16) and so many bytes.
 */
public final class OldListOffsets {
    public static final short VERSION = 0;

    private static final int SMALLEST_TOPIC = 6;
    private static final int SMALLEST_PARTITION = 16;

    private OldListOffsets() {}

    /** Reads a request; fails by a RuntimeException where the bytes are none, as the later messages do. */
    public static ListOffsetsRequestData read(Readable reader) {
        ListOffsetsRequestData request = new ListOffsetsRequestData().setReplicaId(reader.readInt());
        int topics = count(reader, SMALLEST_TOPIC);
        List<ListOffsetsRequestData.ListOffsetsTopic> all = new ArrayList<>(topics);
        for (int i = 0; i < topics; i++) {
            all.add(topic(reader));
        }
        return request.setTopics(all);
    }

    private static ListOffsetsRequestData.ListOffsetsTopic topic(Readable reader) {
        int length = reader.readShort();
        if (length < 0) {
            throw new IllegalArgumentException("a topic has no name");
        }
        var topic = new ListOffsetsRequestData.ListOffsetsTopic().setName(reader.readString(length));
        int partitions = count(reader, SMALLEST_PARTITION);
        List<ListOffsetsRequestData.ListOffsetsPartition> all = new ArrayList<>(partitions);
        for (int i = 0; i < partitions; i++) {
            all.add(new OldPartition().atMost(reader.readInt(), reader.readLong(), reader.readInt()));
        }
        return topic.setPartitions(all);
    }

    private static int count(Readable reader, int smallest) {
        int count = reader.readInt();
        if (count < 0 || count > reader.remaining() / smallest) {
            throw new IllegalArgumentException(
                    "an array of " + count + " elements does not fit into the " + reader.remaining() + " bytes left");
        }
        return count;
    }

    /** Knows how many offsets may be answered. */
    private static final class OldPartition extends ListOffsetsRequestData.ListOffsetsPartition {
        private int maxOffsets;

        OldPartition atMost(int partition, long timestamp, int count) {
            setPartitionIndex(partition).setTimestamp(timestamp);
            maxOffsets = count;
            return this;
        }
    }

    /** Whether somebody asked for a place and wants no offset. */
    public static boolean wantsNone(ListOffsetsRequestData.ListOffsetsPartition asked) {
        return asked instanceof OldPartition old && old.maxOffsets < 1;
    }

    /** An empty answer that can be written in this version too. */
    public static ListOffsetsResponseData answer() {
        return new Answer();
    }

    private static final class Answer extends ListOffsetsResponseData {
        @Override
        public void addSize(MessageSizeAccumulator size, ObjectSerializationCache cache, short version) {
            if (version != VERSION) {
                super.addSize(size, cache, version);
                return;
            }
            int bytes = 4;
            for (ListOffsetsTopicResponse topic : topics()) {
                bytes += 2 + name(topic, cache).length + 4;
                for (ListOffsetsPartitionResponse partition : topic.partitions()) {
                    bytes += 4 + 2 + 4 + (partition.offset() >= 0 ? 8 : 0);
                }
            }
            size.addBytes(bytes);
        }

        private static byte[] name(ListOffsetsTopicResponse topic, ObjectSerializationCache cache) {
            byte[] known = cache.getSerializedValue(topic.name());
            if (known == null) {
                known = topic.name().getBytes(UTF_8);
                cache.cacheSerializedValue(topic.name(), known);
            }
            return known;
        }

        @Override
        public void write(Writable writer, ObjectSerializationCache cache, short version) {
            if (version != VERSION) {
                super.write(writer, cache, version);
                return;
            }
            writer.writeInt(topics().size());
            for (ListOffsetsTopicResponse topic : topics()) {
                byte[] name = name(topic, cache);
                writer.writeShort((short) name.length);
                writer.writeByteArray(name);
                writer.writeInt(topic.partitions().size());
                for (ListOffsetsPartitionResponse partition : topic.partitions()) {
                    writer.writeInt(partition.partitionIndex());
                    writer.writeShort(partition.errorCode());
                    boolean found = partition.offset() >= 0;
                    writer.writeInt(found ? 1 : 0);
                    if (found) {
                        writer.writeLong(partition.offset());
                    }
                }
            }
        }
    }
}
