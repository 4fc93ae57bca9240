package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.RequestUtils;

/** A record of a transaction that no coordinator was told of, as brokers before KIP-890 took it from clients that lost their way. */
public final class LostTransaction {
    /** The last before brokers add the partition by themselves (KIP-890). */
    private static final short VERSION = 11;

    private LostTransaction() {}

    public static void write(String broker, String topic, int partition, long producerId) throws IOException {
        ProduceRequestData data = new ProduceRequestData()
                .setTransactionalId("lost")
                .setAcks((short) -1)
                .setTimeoutMs(10_000)
                .setTopicData(new TopicProduceDataCollection(List.of(new TopicProduceData()
                                .setName(topic)
                                .setPartitionData(List.of(new PartitionProduceData()
                                        .setIndex(partition)
                                        .setRecords(MemoryRecords.withTransactionalRecords(
                                                Compression.NONE,
                                                producerId,
                                                (short) 0,
                                                0,
                                                new SimpleRecord(
                                                        System.currentTimeMillis(),
                                                        "lost".getBytes(StandardCharsets.UTF_8)))))))
                        .iterator()));
        RequestHeader header = new RequestHeader(ApiKeys.PRODUCE, VERSION, "lost", 1);
        ByteBuffer request = RequestUtils.serialize(header.data(), header.headerVersion(), data, VERSION);
        String[] address = broker.split(":");
        try (Socket socket = new Socket(address[0], Integer.parseInt(address[1]))) {
            socket.setSoTimeout(20_000);
            ByteBuffer frame = ByteBuffer.allocate(4 + request.remaining());
            frame.putInt(request.remaining()).put(request);
            socket.getOutputStream().write(frame.array());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            ByteBuffer answer = ByteBuffer.wrap(in.readNBytes(in.readInt()));
            answer.position(5); // The correlation id, and no tagged fields.
            ProduceResponseData said = new ProduceResponseData(new ByteBufferAccessor(answer), VERSION);
            assertThat(said.responses()
                            .iterator()
                            .next()
                            .partitionResponses()
                            .getFirst()
                            .errorCode())
                    .isZero();
        }
    }
}
