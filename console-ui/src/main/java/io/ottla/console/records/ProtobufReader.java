package io.ottla.console.records;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a message of Protocol Buffers into JSON: fields by their names, bytes as base64. Before it stands which message of
 * the file it is: a count and as many places, zigzag varints; a lone 0 is the first message.
 */
final class ProtobufReader {
    private static final int DEEPEST = 32;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private ProtobufReader() {}

    /** All bytes that are left in the buffer. */
    static JsonNode read(FileDescriptor file, ByteBuffer from) throws Malformed {
        try {
            CodedInputStream in = CodedInputStream.newInstance(from);
            Descriptor type = type(file, in);
            return message(DynamicMessage.parseFrom(type, in), 0);
        } catch (IOException malformed) {
            throw new Malformed(String.valueOf(malformed.getMessage()));
        }
    }

    private static Descriptor type(FileDescriptor file, CodedInputStream in) throws IOException, Malformed {
        int count = in.readSInt32();
        if (count < 0 || count > DEEPEST) {
            throw new Malformed("a path of " + count + " messages");
        }
        Descriptor found = null;
        List<Descriptor> among = file.getMessageTypes();
        for (int i = 0; i < Math.max(1, count); i++) {
            int place = count == 0 ? 0 : in.readSInt32();
            if (place < 0 || place >= among.size()) {
                throw new Malformed("message " + place + " of " + among.size());
            }
            found = among.get(place);
            among = found.getNestedTypes();
        }
        return found;
    }

    private static JsonNode message(Message message, int depth) throws Malformed {
        if (depth > Json.DEPTH) {
            throw new Malformed("deeper than is shown");
        }
        if (message.getDescriptorForType().getFullName().equals("google.protobuf.Timestamp")) {
            return timestamp(message);
        }
        ObjectNode node = NODES.objectNode();
        for (Map.Entry<FieldDescriptor, Object> set : message.getAllFields().entrySet()) {
            FieldDescriptor field = set.getKey();
            String name = field.isExtension() ? "[" + field.getFullName() + "]" : field.getName();
            if (field.isMapField()) {
                node.set(name, map((List<?>) set.getValue(), depth));
            } else if (field.isRepeated()) {
                ArrayNode list = NODES.arrayNode();
                for (Object item : (List<?>) set.getValue()) {
                    list.add(single(item, depth));
                }
                node.set(name, list);
            } else {
                node.set(name, single(set.getValue(), depth));
            }
        }
        // Fields that the schema does not know, by their numbers.
        message.getUnknownFields()
                .asMap()
                .forEach((number, field) -> node.put(
                        "#" + number,
                        field.getLengthDelimitedList().isEmpty()
                                ? field.getVarintList().toString()
                                : field.getLengthDelimitedList().stream()
                                        .map(ProtobufReader::base64)
                                        .toList()
                                        .toString()));
        return node;
    }

    private static JsonNode map(List<?> entries, int depth) throws Malformed {
        ObjectNode node = NODES.objectNode();
        for (Object each : entries) {
            Message entry = (Message) each;
            Descriptor type = entry.getDescriptorForType();
            node.set(
                    String.valueOf(entry.getField(type.findFieldByNumber(1))),
                    single(entry.getField(type.findFieldByNumber(2)), depth));
        }
        return node;
    }

    private static JsonNode single(Object value, int depth) throws Malformed {
        return switch (value) {
            case Message inner -> message(inner, depth + 1);
            case ByteString bytes -> NODES.stringNode(base64(bytes));
            case EnumValueDescriptor symbol -> NODES.stringNode(symbol.getName());
            case String text -> NODES.stringNode(text);
            case Integer number -> NODES.numberNode(number);
            case Long number -> NODES.numberNode(number);
            case Float number -> NODES.numberNode(number);
            case Double number -> NODES.numberNode(number);
            case Boolean yes -> NODES.booleanNode(yes);
            default -> NODES.stringNode(String.valueOf(value));
        };
    }

    private static JsonNode timestamp(Message message) {
        Descriptor type = message.getDescriptorForType();
        long seconds = (Long) message.getField(type.findFieldByNumber(1));
        int nanos = (Integer) message.getField(type.findFieldByNumber(2));
        try {
            return NODES.stringNode(Instant.ofEpochSecond(seconds, nanos).toString());
        } catch (DateTimeException beyond) {
            return NODES.stringNode(seconds + "." + nanos);
        }
    }

    private static String base64(ByteString bytes) {
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
