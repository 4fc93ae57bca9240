package io.ottla.storage;

import io.ottla.record.CheckedBatches;
import io.ottla.types.Failure;
import io.ottla.types.TopicPartition;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Batches as Kafka's own client makes them. */
final class TestingBatches {
    private TestingBatches() {}

    private record Checked(ByteBuffer buffer, int recordCount, long maxTimestamp) implements CheckedBatches {}

    /** A client's, in a transaction that its coordinator knows. */
    static AppendOrigin origin(PartitionLog log, CheckedBatches batches) {
        io.ottla.record.RecordBatch batch = new io.ottla.record.RecordBatch()
                .wrap(batches.buffer(), batches.buffer().position());
        return batch.isTransactional() ? verified(log, batch.producerId(), batch.producerEpoch()) : AppendOrigin.CLIENT;
    }

    static VerifiedTransaction verified(PartitionLog log, long producerId, short epoch) {
        return switch (log.transaction(producerId, epoch, false)) {
            case VerifiedTransaction known -> known;
            case UnverifiedTransaction unknown -> verified(unknown);
        };
    }

    /** The coordinator says yes. */
    static VerifiedTransaction verified(UnverifiedTransaction unknown) {
        VerifiedTransaction[] verified = new VerifiedTransaction[1];
        UnverifiedTransaction.verify(
                List.of(unknown),
                (partitions, answer) -> {
                    Map<TopicPartition, Failure> all = new HashMap<>();
                    partitions.forEach(each -> all.put(each, null));
                    answer.accept(all);
                },
                outcomes -> verified[0] = (VerifiedTransaction) outcomes.getFirst());
        return verified[0];
    }

    static SimpleRecord[] records(int count, long timestamp, int valueBytes) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            records[i] = new SimpleRecord(
                    timestamp + i, ("k" + i).getBytes(java.nio.charset.StandardCharsets.UTF_8), new byte[valueBytes]);
        }
        return records;
    }

    /** A batch of so many records, the timestamps ascending by one. */
    static CheckedBatches plain(int count, long timestamp, int valueBytes) {
        return checked(
                MemoryRecords.withRecords(Compression.NONE, records(count, timestamp, valueBytes))
                        .buffer(),
                count,
                timestamp + count - 1);
    }

    static CheckedBatches compressed(Compression codec, int count, long timestamp, int valueBytes) {
        return checked(
                MemoryRecords.withRecords(codec, records(count, timestamp, valueBytes))
                        .buffer(),
                count,
                timestamp + count - 1);
    }

    static CheckedBatches idempotent(long producerId, int epoch, int sequence, int count, long timestamp) {
        return checked(
                MemoryRecords.withIdempotentRecords(
                                Compression.NONE, producerId, (short) epoch, sequence, records(count, timestamp, 10))
                        .buffer(),
                count,
                timestamp + count - 1);
    }

    static CheckedBatches transactional(long producerId, int epoch, int sequence, int count, long timestamp) {
        return checked(
                MemoryRecords.withTransactionalRecords(
                                Compression.NONE, producerId, (short) epoch, sequence, records(count, timestamp, 10))
                        .buffer(),
                count,
                timestamp + count - 1);
    }

    static CheckedBatches marker(long producerId, int epoch, boolean commit, int coordinatorEpoch, long timestamp) {
        EndTransactionMarker marker =
                new EndTransactionMarker(commit ? ControlRecordType.COMMIT : ControlRecordType.ABORT, coordinatorEpoch);
        return checked(
                MemoryRecords.withEndTransactionMarker(timestamp, producerId, (short) epoch, marker)
                        .buffer(),
                1,
                timestamp);
    }

    /** Records of a producer, or of none where its id is -1. */
    static CheckedBatches of(
            Compression codec,
            long producerId,
            int epoch,
            int sequence,
            boolean transactional,
            SimpleRecord... records) {
        MemoryRecords batch;
        if (producerId < 0) {
            batch = MemoryRecords.withRecords(codec, records);
        } else if (transactional) {
            batch = MemoryRecords.withTransactionalRecords(codec, producerId, (short) epoch, sequence, records);
        } else {
            batch = MemoryRecords.withIdempotentRecords(codec, producerId, (short) epoch, sequence, records);
        }
        long maxTimestamp = -1;
        for (SimpleRecord record : records) {
            maxTimestamp = Math.max(maxTimestamp, record.timestamp());
        }
        return checked(batch.buffer(), records.length, maxTimestamp);
    }

    /** Batches with offsets and epoch as a leader sends them. */
    static ByteBuffer fromLeader(long baseOffset, int leaderEpoch, int count, long timestamp, int valueBytes) {
        return MemoryRecords.withRecords(
                        RecordBatch.MAGIC_VALUE_V2,
                        baseOffset,
                        Compression.NONE,
                        TimestampType.CREATE_TIME,
                        RecordBatch.NO_PRODUCER_ID,
                        RecordBatch.NO_PRODUCER_EPOCH,
                        RecordBatch.NO_SEQUENCE,
                        leaderEpoch,
                        false,
                        records(count, timestamp, valueBytes))
                .buffer();
    }

    /** An entry of the old formats. */
    static ByteBuffer legacy(byte magic, long baseOffset, Compression codec, int count, long timestamp) {
        return MemoryRecords.withRecords(
                        magic, baseOffset, codec, TimestampType.CREATE_TIME, records(count, timestamp, 20))
                .buffer();
    }

    private static CheckedBatches checked(ByteBuffer buffer, int count, long maxTimestamp) {
        return new Checked(buffer, count, maxTimestamp);
    }
}
