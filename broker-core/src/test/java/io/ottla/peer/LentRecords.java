package io.ottla.peer;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** Shows records of an answer as {@link PeerClient#fetch} does: they are gone when the receiver returns. */
public final class LentRecords {
    private LentRecords() {}

    /** A receiver that gets an answer's records for as long as it runs. */
    public static BiConsumer<ApiMessage, Throwable> to(BiConsumer<? super ApiMessage, ? super Throwable> receiver) {
        return (answer, failure) -> {
            List<ByteBuffer> lent = new ArrayList<>();
            ApiMessage shown = answer instanceof FetchResponseData data ? lend(data.duplicate(), lent) : answer;
            receiver.accept(shown, failure);
            for (ByteBuffer memory : lent) {
                for (int i = 0; i < memory.capacity(); i++) {
                    memory.put(i, (byte) 0x5a);
                }
            }
        };
    }

    private static FetchResponseData lend(FetchResponseData data, List<ByteBuffer> lent) {
        for (FetchableTopicResponse topic : data.responses()) {
            for (PartitionData partition : topic.partitions()) {
                if (partition.records() instanceof MemoryRecords records) {
                    ByteBuffer bytes = records.buffer();
                    ByteBuffer memory = ByteBuffer.allocateDirect(bytes.remaining())
                            .put(bytes.duplicate())
                            .flip();
                    lent.add(memory.duplicate());
                    partition.setRecords(MemoryRecords.readableRecords(memory));
                }
            }
        }
        return data;
    }
}
