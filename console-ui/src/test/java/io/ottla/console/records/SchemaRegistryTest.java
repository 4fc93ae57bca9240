package io.ottla.console.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Timestamp;
import com.google.protobuf.TimestampProto;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Avro, Protocol Buffers and JSON by the schemas of a registry, written by the libraries' own writers. */
class SchemaRegistryTest {
    private static final String ORDER = """
            {"type":"record","name":"Order","fields":[
              {"name":"id","type":"long"},
              {"name":"paid","type":"boolean"},
              {"name":"note","type":["null","string"]},
              {"name":"amount","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},
              {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
              {"name":"state","type":{"type":"enum","name":"State","symbols":["NEW","DONE"]}},
              {"name":"tags","type":{"type":"array","items":"string"}},
              {"name":"counts","type":{"type":"map","values":"int"}},
              {"name":"hash","type":{"type":"fixed","name":"Hash","size":3}},
              {"name":"weight","type":"double"},{"name":"small","type":"float"},
              {"name":"raw","type":"bytes"}]}""";

    private final AtomicReference<Instant> clock = new AtomicReference<>(Instant.EPOCH);
    private TestingRegistry server;
    private SchemaRegistry registry;

    @BeforeEach
    void start() throws IOException {
        server = new TestingRegistry();
        registry = new SchemaRegistry(new RegistryClient(server.url() + "/", "ann", "secret"), clock::get);
    }

    @AfterEach
    void stop() {
        registry.close();
        server.close();
    }

    @Test
    void shouldReadAvro() throws IOException {
        // given
        server.answers.put("/schemas/ids/7", Json.compact(schema(ORDER)));
        byte[] value = framed(7, avro(new Schema.Parser().parse(ORDER)));

        // when
        Decoded decoded = decode(value);

        // then
        assertThat(decoded.format()).isEqualTo(Format.REGISTRY);
        assertThat(decoded.note().toString()).isEqualTo("Avro, schema 7");
        assertThat(decoded.text())
                .isEqualTo("{\"id\":42,\"paid\":true,\"note\":\"größe\",\"amount\":12.34,"
                        + "\"at\":\"2026-01-02T03:04:05Z\",\"state\":\"DONE\",\"tags\":[\"a\",\"b\"],"
                        + "\"counts\":{\"x\":-5},\"hash\":\"AQID\",\"weight\":0.5,\"small\":1.5,\"raw\":\"/w==\"}");
        assertThat(server.authorization)
                .isEqualTo(
                        "Basic " + Base64.getEncoder().encodeToString("ann:secret".getBytes(StandardCharsets.UTF_8)));

        // and    it is asked for once
        decode(value);
        assertThat(server.asked.get()).isOne();
    }

    @Test
    void shouldReadAvroThatRefersToOtherSchemas() throws IOException {
        // given
        server.answers.put(
                "/schemas/ids/8",
                "{\"schema\":\"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"A\\\",\\\"fields\\\":[{\\\"name\\\":\\\"b\\\","
                        + "\\\"type\\\":\\\"B\\\"}]}\",\"references\":[{\"name\":\"B\",\"subject\":\"b value\",\"version\":2}]}");
        server.answers.put(
                "/subjects/b%20value/versions/2",
                "{\"id\":3,\"schema\":\"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"B\\\",\\\"fields\\\":[{\\\"name\\\":\\\"n\\\","
                        + "\\\"type\\\":\\\"int\\\"}]}\"}");

        // then
        assertThat(decode(framed(8, new byte[] {6})).text()).isEqualTo("{\"b\":{\"n\":3}}");
    }

    @Test
    void shouldReadProtobufOfANestedMessage() throws Exception {
        // given
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setName("order.proto")
                .setSyntax("proto3")
                .addDependency("google/protobuf/timestamp.proto")
                .addMessageType(DescriptorProto.newBuilder().setName("Other"))
                .addMessageType(DescriptorProto.newBuilder()
                        .setName("Outer")
                        .addNestedType(DescriptorProto.newBuilder()
                                .setName("Order")
                                .addField(field("id", 1, FieldDescriptorProto.Type.TYPE_INT64, false))
                                .addField(field("tags", 2, FieldDescriptorProto.Type.TYPE_STRING, true))
                                .addField(field("at", 3, FieldDescriptorProto.Type.TYPE_MESSAGE, false)
                                        .setTypeName(".google.protobuf.Timestamp"))))
                .build();
        server.answers.put("/schemas/ids/9", "{\"schemaType\":\"PROTOBUF\",\"schema\":\"syntax = …\"}");
        server.answers.put(
                "/schemas/ids/9?format=serialized",
                "{\"schemaType\":\"PROTOBUF\",\"schema\":\""
                        + Base64.getEncoder().encodeToString(file.toByteArray()) + "\"}");
        Descriptor order = FileDescriptor.buildFrom(file, new FileDescriptor[] {TimestampProto.getDescriptor()})
                .findMessageTypeByName("Outer")
                .getNestedTypes()
                .getFirst();
        byte[] message = DynamicMessage.newBuilder(order)
                .setField(order.findFieldByName("id"), 42L)
                .addRepeatedField(order.findFieldByName("tags"), "<b>")
                .setField(
                        order.findFieldByName("at"),
                        Timestamp.newBuilder().setSeconds(1).build())
                .build()
                .toByteArray();

        // when   the second message's first nested one: [1, 0] as zigzag varints behind their count
        byte[] value = new byte[3 + message.length];
        value[0] = 4;
        value[1] = 2;
        System.arraycopy(message, 0, value, 3, message.length);

        // then
        Decoded decoded = decode(framed(9, value));
        assertThat(decoded.text()).isEqualTo("{\"id\":42,\"tags\":[\"<b>\"],\"at\":\"1970-01-01T00:00:01Z\"}");
        assertThat(decoded.note().toString()).isEqualTo("Protocol Buffers, schema 9");

        // and    garbage is shown all the same
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            byte[] garbage = new byte[random.nextInt(40)];
            random.nextBytes(garbage);
            assertThat(decode(framed(9, garbage)).pretty()).isNotNull();
        }
    }

    @Test
    void shouldReadJsonOfASchema() {
        server.answers.put("/schemas/ids/5", "{\"schemaType\":\"JSON\",\"schema\":\"{}\"}");

        assertThat(decode(framed(5, "{\"a\":1}".getBytes(StandardCharsets.UTF_8)))
                        .text())
                .isEqualTo("{\"a\":1}");
        assertThat(decode(framed(5, "{".getBytes(StandardCharsets.UTF_8)))
                        .note()
                        .toString())
                .contains("does not fit schema 5");
    }

    @Test
    void shouldShowGarbageAndNotFillTheMemory() throws IOException {
        // given  a length of two gigabytes, a list of as many items that take no byte, and anything else
        server.answers.put("/schemas/ids/7", Json.compact(schema(ORDER)));
        server.answers.put("/schemas/ids/1", Json.compact(schema("\"bytes\"")));
        server.answers.put("/schemas/ids/2", Json.compact(schema("{\"type\":\"array\",\"items\":\"null\"}")));
        byte[] huge = {(byte) 0xfe, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f};
        byte[] order = avro(new Schema.Parser().parse(ORDER));
        Random random = new Random(2);

        // then
        for (int id : new int[] {1, 2}) {
            assertThat(decode(framed(id, huge)).note().toString()).contains("does not fit schema " + id);
        }
        for (int i = 0; i < 5000; i++) {
            byte[] changed = Arrays.copyOf(order, random.nextInt(order.length + 1));
            if (changed.length > 0) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            }
            assertThat(decode(framed(7, changed)).pretty()).isNotNull();
        }
        assertThat(server.asked.get()).isEqualTo(3);
    }

    @Test
    void shouldFollowNoRedirectAndNotAskADeadRegistryAgainAtOnce() {
        // given
        server.redirect = server.url() + "/elsewhere";
        assertThat(decode(framed(7, new byte[] {1})).note().toString()).contains("status 302");
        assertThat(server.asked.get()).isOne();

        // when   it goes away
        server.close();
        for (int id = 10; id < 200; id++) {
            assertThat(decode(framed(id, new byte[] {1})).note().toString()).contains("can't be reached");
        }

        // then   a number that begins with a zero is still a number
        Decoded number = decode(ByteBuffer.allocate(8).putLong(42).array());
        assertThat(number.format()).isEqualTo(Format.INT64);
        assertThat(number.text()).isEqualTo("42");
    }

    @Test
    void shouldAskForSoManySchemasAlone() {
        for (int id = 100; id < 300; id++) {
            decode(framed(id, new byte[] {1}));
        }
        assertThat(server.asked.get()).isEqualTo(60);
        assertThat(decode(framed(999, new byte[] {1})).note().toString()).contains("more than 60 schemas");

        // and    later again
        clock.set(Instant.EPOCH.plusSeconds(60));
        server.answers.put("/schemas/ids/999", "{\"schemaType\":\"JSON\"}");
        assertThat(decode(framed(999, new byte[] {'1'})).text()).isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://x", "file:///etc/passwd", "http://ann:secret@x", "x", "http://x/?a=b", "http:///y"})
    void shouldTakeAddressesAloneThatCanBeOne(String url) {
        assertThatThrownBy(() -> new RegistryClient(url, "", "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RecordsProperties(
                                Map.of(
                                        "eu",
                                        new RecordsProperties.OfCluster(
                                                new RecordsProperties.Registry(url, "", "hidden"))),
                                List.of())
                        .registries())
                .hasMessageContaining("console.clusters.eu.schema-registry.url")
                .hasMessageNotContaining("hidden");
    }

    private Decoded decode(byte[] value) {
        return new Decoding("t", Optional.of(registry)).value(Format.AUTO, null, value);
    }

    private static JsonNode schema(String text) {
        return Json.MAPPER.createObjectNode().put("schema", text);
    }

    private static FieldDescriptorProto.Builder field(
            String name, int number, FieldDescriptorProto.Type type, boolean many) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(many ? FieldDescriptorProto.Label.LABEL_REPEATED : FieldDescriptorProto.Label.LABEL_OPTIONAL);
    }

    private static byte[] framed(int id, byte[] data) {
        return ByteBuffer.allocate(5 + data.length)
                .put((byte) 0)
                .putInt(id)
                .put(data)
                .array();
    }

    private static byte[] avro(Schema schema) throws IOException {
        GenericData.Record order = new GenericData.Record(schema);
        order.put("id", 42L);
        order.put("paid", true);
        order.put("note", "größe");
        order.put("amount", ByteBuffer.wrap(new byte[] {4, (byte) 0xd2}));
        order.put("at", Instant.parse("2026-01-02T03:04:05Z").toEpochMilli());
        order.put("state", new GenericData.EnumSymbol(schema.getField("state").schema(), "DONE"));
        order.put("tags", List.of("a", "b"));
        order.put("counts", Map.of("x", -5));
        order.put("hash", new GenericData.Fixed(schema.getField("hash").schema(), new byte[] {1, 2, 3}));
        order.put("weight", 0.5);
        order.put("small", 1.5f);
        order.put("raw", ByteBuffer.wrap(new byte[] {(byte) 0xff}));
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(to, null);
        new GenericDatumWriter<GenericData.Record>(schema).write(order, encoder);
        encoder.flush();
        return to.toByteArray();
    }
}
