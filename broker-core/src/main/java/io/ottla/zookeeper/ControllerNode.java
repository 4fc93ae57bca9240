package io.ottla.zookeeper;

import io.ottla.types.BrokerId;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The data of {@code /controller}.
 *
 * <pre>
 *   version                2
 *   brokerid               who it is
 *   timestamp              ms since 1970, as text
 *   kraftControllerEpoch   -1; 0 or more where a KRaft controller has taken the place (KIP-866)
 * </pre>
 *
 * @param controller {@link BrokerId#NONE} where the data can't be understood
 * @param kraftEpoch -1 for a controller that works in ZooKeeper
 */
record ControllerNode(BrokerId controller, int kraftEpoch) {
    static final String PATH = "/controller";
    static final String EPOCH_PATH = "/controller_epoch";

    private static final int VERSION = 2;

    static byte[] encode(BrokerId controller, long wallMs) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", VERSION);
        json.put("brokerid", controller.value());
        json.put("timestamp", Long.toString(wallMs));
        json.put("kraftControllerEpoch", -1);
        return Json.write(json);
    }

    static ControllerNode decode(byte[] data) {
        JsonNode json = Json.read(data);
        int id = json.path("brokerid").asInt(-1);
        return new ControllerNode(
                id < 0 ? BrokerId.NONE : new BrokerId(id),
                json.path("kraftControllerEpoch").asInt(-1));
    }
}
