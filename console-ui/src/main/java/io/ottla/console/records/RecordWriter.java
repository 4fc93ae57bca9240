package io.ottla.console.records;

import io.ottla.console.access.Action;
import io.ottla.console.access.Change;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Topic;
import io.ottla.console.clusters.Written;
import io.ottla.console.words.Wording;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes records, for pages and programs alike. */
final class RecordWriter {
    private RecordWriter() {}

    /**
     * Writes them and waits for all.
     *
     * @return what became of each, in their order
     * @throws ClusterFailure where none of them could be written
     */
    static List<Written> write(Visit visit, String topic, List<NewRecord> records) {
        Change change = Change.of(Action.PRODUCE, topic).with("records", records.size());
        return visit.change(change, admin -> {
            List<Written> written = write(visit, visit.topic(topic), records);
            if (written.stream().allMatch(Written.Refused.class::isInstance)
                    && written.getFirst() instanceof Written.Refused first) {
                throw first.why();
            }
            return written;
        });
    }

    /** The same for somebody of whom it is known that he may, see {@link Visit#change}. */
    static List<Written> write(Visit visit, Topic topic, List<NewRecord> records) {
        List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>(records.size());
        for (NewRecord record : records) {
            if (record.partition() != null
                    && record.partition() >= topic.partitions().size()) {
                throw new ClusterFailure(
                        ClusterFailure.Kind.NO_SUCH_PARTITION,
                        Wording.of(
                                "failure.no-partition",
                                Integer.toString(topic.partitions().size()),
                                Integer.toString(record.partition())));
            }
            sent.add(record.to(topic.name()));
        }
        return visit.cluster().write(sent);
    }
}
