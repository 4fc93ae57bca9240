package io.ottla.zookeeper;

/**
 * The node {@code /migration}, by which a KRaft controller remembers how far it has moved a cluster's metadata out of
 * ZooKeeper (KIP-866). Where one has begun, ZooKeeper no longer holds the truth.
 */
final class MigrationNode {
    static final String PATH = "/migration";

    private MigrationNode() {}

    /** A sentence for people that says why this cluster can't be served; null where no migration is under way. */
    static String refusal(byte[] data) {
        int controller = Json.read(data).path("kraft_controller_id").asInt(-1);
        return controller < 0
                ? null
                : "Expected a cluster whose metadata is in ZooKeeper, but the node " + PATH
                        + " says that the KRaft controller " + controller
                        + " is moving it away; finish there, or, if the"
                        + " move was given up, delete " + PATH + " and " + ControllerNode.PATH
                        + " as Kafka's documentation on reverting a migration says, and start again";
    }
}
