package io.ottla.zookeeper;

import io.ottla.types.BrokerId;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The data of {@code /latest_producer_id_block}: the block of producer ids that was taken last.
 *
 * <pre>
 *   version       1
 *   broker        who took it
 *   block_start   first id, as text
 *   block_end     last id, as text
 * </pre>
 */
record ProducerIdBlock(BrokerId broker, long first, long last) {
    static final String PATH = "/latest_producer_id_block";

    /** Ids in a block, as Kafka's brokers take them. */
    static final int SIZE = 1_000;

    private static final int VERSION = 1;

    byte[] encode() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", VERSION);
        json.put("broker", broker.value());
        json.put("block_start", Long.toString(first));
        json.put("block_end", Long.toString(last));
        return Json.write(json);
    }

    /** Null where the data can't be understood. */
    static ProducerIdBlock decode(byte[] data) {
        JsonNode json = Json.read(data);
        long first = json.path("block_start").asLong(-1);
        long last = json.path("block_end").asLong(-1);
        return first < 0 || last < first
                ? null
                : new ProducerIdBlock(new BrokerId(json.path("broker").asInt(-1)), first, last);
    }

    /** The first block of all. */
    static ProducerIdBlock firstOf(BrokerId taker) {
        return new ProducerIdBlock(taker, 0, SIZE - 1);
    }

    /** The block after this one; null where there are no more ids. */
    ProducerIdBlock nextOf(BrokerId taker) {
        return last > Long.MAX_VALUE - SIZE ? null : new ProducerIdBlock(taker, last + 1, last + SIZE);
    }
}
