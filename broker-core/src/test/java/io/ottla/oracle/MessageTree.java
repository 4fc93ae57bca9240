package io.ottla.oracle;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;

/**
 * A message as a flat map: where a value stands → the value. Elements of arrays stand under what names them (a topic's name, a
 * partition's number), so that an order that the protocol does not promise is no difference; a second one of the same name gets a
 * number. Topic ids are replaced by what they stand for.
 */
final class MessageTree {
    private static final List<String> NAMES = List.of(
            "name",
            "topicName",
            "topic",
            "resourceName",
            "topicId",
            "id",
            "nodeId",
            "brokerId",
            "partitionIndex",
            "partition",
            "index",
            "apiKey",
            "key",
            "groupId",
            "groupInstanceId");
    private static final Set<String> NO_VALUES = Set.of("_unknownTaggedFields", "next", "prev");

    private final Side side;
    private final SortedMap<String, String> values = new TreeMap<>();

    private MessageTree(Side side) {
        this.side = side;
    }

    static SortedMap<String, String> of(Side side, ApiMessage message) {
        MessageTree tree = new MessageTree(side);
        tree.message("", message);
        return tree.values;
    }

    private void message(String path, Message message) {
        for (Field field : message.getClass().getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) && !NO_VALUES.contains(field.getName())) {
                value(path.isEmpty() ? field.getName() : path + "." + field.getName(), get(message, field));
            }
        }
        if (!message.unknownTaggedFields().isEmpty()) {
            values.put(path + ".tags", message.unknownTaggedFields().toString());
        }
    }

    private static Object get(Message message, Field field) {
        try {
            field.setAccessible(true);
            return field.get(message);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private void value(String path, Object value) {
        switch (value) {
            case null -> values.put(path, "null");
            case Message message -> message(path, message);
            case BaseRecords records -> records(path, (MemoryRecords) records);
            case Collection<?> elements -> elements(path, elements);
            case byte[] bytes -> values.put(path, HexFormat.of().formatHex(bytes));
            case Short code
            when path.endsWith("rrorCode") ->
                values.put(path, Errors.forCode(code).name());
            default -> values.put(path, scalar(value));
        }
    }

    private String scalar(Object value) {
        return value instanceof Uuid id ? side.name(id) : String.valueOf(value);
    }

    private void elements(String path, Collection<?> elements) {
        if (elements.isEmpty() || !(elements.iterator().next() instanceof Message)) {
            values.put(path, elements.stream().map(this::scalar).collect(Collectors.joining(", ", "[", "]")));
            return;
        }
        int position = 0;
        for (Object element : elements) {
            String name = nameOf((Message) element);
            String at = path + "[" + (name == null ? position : name) + "]";
            String unique = at;
            // A topic that comes in two pieces is one topic; a partition that comes twice is two.
            for (int n = 2; values.containsKey(unique) && !hasParts((Message) element); n++) {
                unique = at + "#" + n;
            }
            values.put(unique, "present");
            message(unique, (Message) element);
            position++;
        }
    }

    private static boolean hasParts(Message element) {
        return Arrays.stream(element.getClass().getDeclaredFields())
                .anyMatch(field ->
                        field.getName().startsWith("partition") && Collection.class.isAssignableFrom(field.getType()));
    }

    /** Null where nothing names the element. */
    private String nameOf(Message element) {
        boolean empty = false;
        for (String name : NAMES) {
            try {
                Object value = get(element, element.getClass().getDeclaredField(name));
                if (value != null && !value.equals("") && !value.equals(Uuid.ZERO_UUID)) {
                    return scalar(value);
                }
                empty |= "".equals(value);
            } catch (NoSuchFieldException e) {
                // The next one may be there.
            }
        }
        return empty ? "''" : null;
    }

    private void records(String path, MemoryRecords records) {
        int number = 0;
        for (MutableRecordBatch batch : records.batches()) {
            String at = path + "[batch " + number++ + "]";
            values.put(at, "present");
            values.put(at + ".offsets", batch.baseOffset() + " to " + batch.lastOffset());
            values.put(at + ".magic", String.valueOf(batch.magic()));
            values.put(at + ".valid", String.valueOf(batch.isValid()));
            values.put(at + ".codec", batch.compressionType().name);
            values.put(at + ".timestampType", batch.timestampType().name);
            values.put(at + ".maxTimestamp", String.valueOf(batch.maxTimestamp()));
            values.put(
                    at + ".producer",
                    batch.producerId() + " epoch " + batch.producerEpoch() + " from " + batch.baseSequence());
            values.put(at + ".leaderEpoch", String.valueOf(batch.partitionLeaderEpoch()));
            values.put(
                    at + ".flags",
                    (batch.isTransactional() ? "transactional " : "") + (batch.isControlBatch() ? "control" : ""));
            for (Record record : batch) {
                values.put(at + ".record[" + record.offset() + "]", text(record));
                values.put(at + ".record[" + record.offset() + "].timestamp", String.valueOf(record.timestamp()));
            }
        }
        if (number == 0) {
            values.put(path, "no batch");
        }
    }

    private static String text(Record record) {
        StringBuilder text = new StringBuilder();
        text.append(record.hasKey() ? StandardCharsets.UTF_8.decode(record.key()) : "null");
        text.append('=');
        text.append(record.hasValue() ? StandardCharsets.UTF_8.decode(record.value()) : "null");
        for (Header header : record.headers()) {
            text.append(' ')
                    .append(header.key())
                    .append(':')
                    .append(new String(header.value(), StandardCharsets.UTF_8));
        }
        return text.toString();
    }
}
