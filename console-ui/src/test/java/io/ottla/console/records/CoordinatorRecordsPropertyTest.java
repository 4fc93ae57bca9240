package io.ottla.console.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.coordinator.group.generated.CoordinatorRecordJsonConverters;
import org.apache.kafka.coordinator.group.generated.CoordinatorRecordType;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogKey;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValueJsonConverter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What Kafka's coordinators write is told as Kafka's own converters tell it. */
class CoordinatorRecordsPropertyTest {
    @Property(tries = 60)
    void shouldReadAllThatGroupCoordinatorsKeep(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        for (CoordinatorRecordType type : CoordinatorRecordType.values()) {
            ApiMessage key = filled(type.newRecordKey(), random);
            byte[] keyBytes = bytes(
                    type.id(), MessageUtil.toByteBufferAccessor(key, (short) 0).buffer());
            JsonNode toldKey = CoordinatorRecords.OFFSETS.key(keyBytes);
            assertThat(without(toldKey, "recordType"))
                    .as("key of %s", type)
                    .isEqualTo(Json.parse(CoordinatorRecordJsonConverters.writeRecordKeyAsJson(key)
                            .toString()));
            for (short version = type.lowestSupportedVersion(); version <= type.highestSupportedVersion(); version++) {
                ApiMessage value = filled(type.newRecordValue(), random);
                byte[] valueBytes = bytes(
                        version,
                        MessageUtil.toByteBufferAccessor(value, version).buffer());
                JsonNode told = CoordinatorRecords.OFFSETS.value(keyBytes, valueBytes);
                assertThat(Json.parse(without(told, "recordVersion").toString()))
                        .as("value of %s, version %s", type, version)
                        .isEqualTo(Json.parse(CoordinatorRecordJsonConverters.writeRecordValueAsJson(value, version)
                                .toString()));
            }
        }
    }

    @Property(tries = 60)
    void shouldReadWhatTransactionCoordinatorsKeep(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        TransactionLogKey key = new TransactionLogKey().setTransactionalId("payments-" + seed);
        byte[] keyBytes = bytes(
                (short) 0, MessageUtil.toByteBufferAccessor(key, (short) 0).buffer());
        assertThat(CoordinatorRecords.TRANSACTIONS
                        .key(keyBytes)
                        .path("transactionalId")
                        .asString())
                .isEqualTo("payments-" + seed);
        for (short version = 0; version <= TransactionLogValue.HIGHEST_SUPPORTED_VERSION; version++) {
            TransactionLogValue value = (TransactionLogValue) filled(new TransactionLogValue(), random);
            if (version == 0) {
                value.setPreviousProducerId(-1)
                        .setNextProducerId(-1)
                        .setNextProducerEpoch((short) -1)
                        .setClientTransactionVersion((short) 0);
            }
            byte[] valueBytes = bytes(
                    version, MessageUtil.toByteBufferAccessor(value, version).buffer());
            assertThat(Json.parse(without(CoordinatorRecords.TRANSACTIONS.value(keyBytes, valueBytes), "recordVersion")
                            .toString()))
                    .isEqualTo(Json.parse(TransactionLogValueJsonConverter.write(value, version)
                            .toString()));
        }
    }

    @Property(tries = 300)
    void shouldRefuseWhatIsCutShortOrChanged(@ForAll long seed, @ForAll CoordinatorRecordType type) throws Exception {
        Random random = new Random(seed);
        byte[] key = bytes(
                type.id(),
                MessageUtil.toByteBufferAccessor(filled(type.newRecordKey(), random), (short) 0)
                        .buffer());
        short version = type.highestSupportedVersion();
        byte[] value = bytes(
                version,
                MessageUtil.toByteBufferAccessor(filled(type.newRecordValue(), random), version)
                        .buffer());
        byte[] cut = Arrays.copyOf(value, random.nextInt(value.length));
        assertThatThrownBy(() -> CoordinatorRecords.OFFSETS.value(key, cut)).isInstanceOf(Malformed.class);
        value[random.nextInt(value.length)] ^= (byte) (1 << random.nextInt(8));
        try {
            assertThat(CoordinatorRecords.OFFSETS.value(key, value)).isNotNull();
        } catch (Malformed expected) {
            assertThat(expected).hasMessageMatching(".+");
        }
    }

    private static JsonNode without(JsonNode node, String field) {
        ObjectNode copy = (ObjectNode) node.deepCopy();
        copy.remove(field);
        return copy;
    }

    private static byte[] bytes(short first, ByteBuffer rest) {
        ByteBuffer all = ByteBuffer.allocate(Short.BYTES + rest.remaining());
        return all.putShort(first).put(rest).array();
    }

    /** Something in each field. */
    private static ApiMessage filled(ApiMessage message, Random random) throws ReflectiveOperationException {
        fill(message, random);
        return message;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static void fill(Object message, Random random) throws ReflectiveOperationException {
        for (Field field : message.getClass().getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) || field.getName().startsWith("_")) {
                continue;
            }
            field.setAccessible(true);
            Class<?> type = field.getType();
            if (Collection.class.isAssignableFrom(type)) {
                Class<?> item = (Class<?>) ((ParameterizedType) field.getGenericType()).getActualTypeArguments()[0];
                Collection items = new ArrayList();
                for (int i = random.nextInt(3); i > 0; i--) {
                    items.add(single(item, random));
                }
                field.set(message, items);
            } else {
                field.set(message, single(type, random));
            }
        }
    }

    private static Object single(Class<?> type, Random random) throws ReflectiveOperationException {
        if (type == byte.class || type == Byte.class) {
            return (byte) random.nextInt();
        } else if (type == short.class || type == Short.class) {
            return (short) random.nextInt();
        } else if (type == int.class || type == Integer.class) {
            return random.nextInt(0, 60_000);
        } else if (type == long.class || type == Long.class) {
            return random.nextLong();
        } else if (type == String.class) {
            return List.of("", "orders", "größe 价").get(random.nextInt(3));
        } else if (type == byte[].class) {
            byte[] bytes = new byte[random.nextInt(5)];
            random.nextBytes(bytes);
            return bytes;
        } else if (type == Uuid.class) {
            return new Uuid(random.nextLong(), random.nextLong());
        }
        Object inner = type.getDeclaredConstructor().newInstance();
        fill(inner, random);
        return inner;
    }
}
