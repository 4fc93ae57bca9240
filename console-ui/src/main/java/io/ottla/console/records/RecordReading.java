package io.ottla.console.records;

import io.ottla.console.access.Action;
import io.ottla.console.access.Visit;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import tools.jackson.databind.JsonNode;

/**
 * Reads records of a topic for one visitor: as he wants them to be read where nothing is to be hidden from him, and of the
 * topics in which Kafka keeps groups and their offsets what concerns no group or topic that he may not see.
 */
record RecordReading(Visit visit, Decoding decoding, Mask mask, Format keyFormat, Format valueFormat) {
    private static final String OFFSETS = "__consumer_offsets";

    /** Null for a record that he may not know of. */
    RecordView read(ConsumerRecord<byte[], byte[]> record) {
        if (record.topic().equals(OFFSETS) && !mayKnow(record.key())) {
            return null;
        }
        boolean masked = !mask.isNone();
        Decoded key = decoding.key(masked ? Format.AUTO : keyFormat, record.key());
        Decoded value = decoding.value(masked ? Format.AUTO : valueFormat, record.key(), record.value());
        RecordView view = new RecordView(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                key,
                value,
                headers(record),
                record.key() == null ? -1 : record.key().length,
                record.value() == null ? -1 : record.value().length,
                false);
        return masked ? mask.hide(view) : view;
    }

    private boolean mayKnow(byte[] key) {
        JsonNode known = null;
        try {
            known = key == null ? null : CoordinatorRecords.OFFSETS.key(key);
        } catch (Malformed other) {
            // Then it is for those alone who may see every group.
        }
        String group = known == null
                ? ""
                : known.path("group").asString(known.path("groupId").asString(""));
        return visit.may(Action.VIEW_GROUP, group)
                && (known == null
                        || !known.has("topic")
                        || visit.may(Action.VIEW_TOPIC, known.path("topic").asString("")));
    }

    private static List<RecordView.Header> headers(ConsumerRecord<byte[], byte[]> record) {
        List<RecordView.Header> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            if (header.value() == null) {
                headers.add(new RecordView.Header(header.key(), null, true));
                continue;
            }
            String text = PlainDecoder.utf8(header.value());
            boolean readable = text != null && PlainDecoder.isReadable(text);
            headers.add(
                    new RecordView.Header(header.key(), readable ? text : PlainDecoder.hex(header.value()), readable));
        }
        return headers;
    }
}
