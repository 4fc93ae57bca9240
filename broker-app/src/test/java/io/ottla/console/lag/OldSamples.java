package io.ottla.console.lag;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Puts a day of samples where a console looks for them, as if it had collected all that time. */
public final class OldSamples {
    private OldSamples() {}

    /** One each minute: a group that falls behind by day and catches up. */
    public static void write(String bootstrap, String group, Instant until)
            throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrap, "acks", "all", "compression.type", "zstd"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            admin.createTopics(List.of(new NewTopic(LagSettings.TOPIC, 1, (short) 1)))
                    .all()
                    .get();
            int minutes = 24 * 60;
            for (int minute = 0; minute < minutes; minute++) {
                long lag = Math.max(0, Math.round(4_000 * Math.sin(minute / 55.0) + 40 * (minute % 7)));
                long at = until.minusSeconds(60L * (minutes - minute)).toEpochMilli();
                GroupFigures figures =
                        new GroupFigures(GroupKey.of(group), 1, List.of(new TopicFigures("t", 1, 40L * minute, lag)));
                for (byte[] record : SampleCodec.encode(new Sample(at, false, List.of(figures), List.of()))) {
                    producer.send(new ProducerRecord<>(LagSettings.TOPIC, 0, null, record));
                }
            }
            producer.flush();
        }
    }
}
