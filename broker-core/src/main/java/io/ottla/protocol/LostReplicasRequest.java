package io.ottla.protocol;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.protocol.Writable;

/**
 * A broker tells the controller which replicas it has lost with a log folder (KIP-112), or found damaged.
 *
 * <pre>
 *   brokerId         int32
 *   brokerEpoch      int64    of its registration
 *   replicas         array
 *     topicId        uuid
 *     topic          string
 *     partition      int32
 *     leaderEpoch    int32    the last one in which its leader may have seen more of it than there is
 *     loss           int8     0 offline, 1 damaged, 2 none: what was told before is taken back
 *   tagged fields
 * </pre>
 */
public final class LostReplicasRequest extends OwnMessage {
    public static final byte OFFLINE = 0;
    public static final byte DAMAGED = 1;
    public static final byte NONE = 2;

    /** One of the lost. */
    public record Replica(Uuid topicId, String topic, int partition, int leaderEpoch, byte loss) {}

    private int brokerId;
    private long brokerEpoch;
    private List<Replica> replicas = List.of();

    /** One to read into. */
    LostReplicasRequest() {
        super(OwnApi.LOST_REPLICAS);
    }

    public LostReplicasRequest(int brokerId, long brokerEpoch, List<Replica> replicas) {
        this();
        this.brokerId = brokerId;
        this.brokerEpoch = brokerEpoch;
        this.replicas = List.copyOf(replicas);
    }

    public int brokerId() {
        return brokerId;
    }

    public long brokerEpoch() {
        return brokerEpoch;
    }

    public List<Replica> replicas() {
        return replicas;
    }

    @Override
    void writeFields(Writable to, short version) {
        to.writeInt(brokerId);
        to.writeLong(brokerEpoch);
        Compact.writeCount(to, replicas.size());
        for (Replica replica : replicas) {
            to.writeUuid(replica.topicId());
            Compact.writeString(to, replica.topic());
            to.writeInt(replica.partition());
            to.writeInt(replica.leaderEpoch());
            to.writeByte(replica.loss());
        }
        Compact.writeNoTags(to);
    }

    @Override
    void readFields(Readable from, short version) {
        brokerId = from.readInt();
        brokerEpoch = from.readLong();
        int count = Compact.readCount(from);
        List<Replica> read = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            read.add(new Replica(
                    from.readUuid(), Compact.readString(from), from.readInt(), from.readInt(), from.readByte()));
        }
        replicas = List.copyOf(read);
        Compact.skipTags(from);
    }

    @Override
    public String toString() {
        return "LostReplicas(broker " + brokerId + ", epoch " + brokerEpoch + ", " + replicas.size() + " replicas)";
    }
}
