package io.ottla.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.ottla.protocol.EncodedFrame;
import io.ottla.protocol.FrameEncoder;
import io.ottla.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** Requests as they come from the newest clients: bytes without the length in front, in one direct buffer each. */
final class Frames {
    static final short PRODUCE_VERSION = ApiKeys.PRODUCE.latestVersion();
    static final short FETCH_VERSION = ApiKeys.FETCH.latestVersion();

    private static final int RECORD_BYTES = 100;
    private static final long TIMESTAMP = 1_795_000_000_000L;

    private Frames() {}

    /** A batch of so many records of 100 bytes, uncompressed. */
    static ByteBuffer batch(int records) {
        byte[] value = new byte[RECORD_BYTES];
        new Random(1).nextBytes(value);
        RecordBatchBuilder batch = new RecordBatchBuilder();
        for (int i = 0; i < records; i++) {
            batch.append(TIMESTAMP, null, ByteBuffer.wrap(value));
        }
        ByteBuffer built = batch.build();
        return ByteBuffer.allocateDirect(built.remaining()).put(built).flip();
    }

    /** Takes back the offset that an append has stamped into a batch, so that it can come once more. */
    static void renew(ByteBuffer batch) {
        batch.putLong(0, 0);
    }

    /** The same for the only batch of a produce request. */
    static void renew(ByteBuf produce, int batchAt) {
        produce.setLong(batchAt, 0);
    }

    /** Where in a fresh produce request its only batch begins. */
    static int batchAt(ByteBuf produce, int records) {
        return ByteBufUtil.indexOf(Unpooled.wrappedBuffer(batch(records)), produce);
    }

    static ByteBuf produce(int records) {
        ProduceRequestData.TopicProduceData topic = new ProduceRequestData.TopicProduceData()
                .setTopicId(DataPath.TOPIC_ID.uuid())
                .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                        .setIndex(0)
                        .setRecords(MemoryRecords.readableRecords(batch(records)))));
        ProduceRequestData request =
                new ProduceRequestData().setAcks((short) -1).setTimeoutMs(30_000);
        request.topicData().add(topic);
        return frame(ApiKeys.PRODUCE, PRODUCE_VERSION, request);
    }

    /**
     * Asks for the partition's records, at once.
     *
     * @param sessionEpoch 0 makes a session; what is above goes on in it, and names no partition again
     */
    static ByteBuf fetch(long offset, int maxBytes, int sessionId, int sessionEpoch) {
        FetchRequestData request = new FetchRequestData()
                .setMaxWaitMs(0)
                .setMinBytes(1)
                .setMaxBytes(50 << 20)
                .setSessionId(sessionId)
                .setSessionEpoch(sessionEpoch);
        if (sessionEpoch <= 0) {
            request.setTopics(List.of(new FetchRequestData.FetchTopic()
                    .setTopicId(DataPath.TOPIC_ID.uuid())
                    .setPartitions(List.of(new FetchRequestData.FetchPartition()
                            .setPartition(0)
                            .setCurrentLeaderEpoch(0)
                            .setFetchOffset(offset)
                            .setPartitionMaxBytes(maxBytes)))));
        }
        return frame(ApiKeys.FETCH, FETCH_VERSION, request);
    }

    private static ByteBuf frame(ApiKeys key, short version, ApiMessage request) {
        EncodedFrame frame = new FrameEncoder(UnpooledByteBufAllocator.DEFAULT)
                .request(key.id, version, 1, key.requestHeaderVersion(version), "bench", request);
        ByteBuf whole = Unpooled.directBuffer(frame.sizeInBytes());
        for (EncodedFrame.Part part : frame.parts()) {
            if (part instanceof EncodedFrame.Part.Bytes(ByteBuf bytes)) {
                whole.writeBytes(bytes);
            }
        }
        frame.release();
        return whole.skipBytes(Integer.BYTES).discardReadBytes();
    }
}
