package io.ottla.protocol;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.protocol.Writable;

/**
 * A broker asks the controller what has changed, and says by it that it lives.
 *
 * <pre>
 *   brokerId         int32
 *   brokerEpoch      int64   of its registration
 *   incarnation      uuid    drawn by its process
 *   knownEpoch       int32   \ the last step that it was given: controller's epoch and number;
 *   knownNumber      int64   / -1 and 0 where a whole image is wanted
 *   appliedEpoch     int32   \ the last step that it acts by
 *   appliedNumber    int64   /
 *   maxWaitMs        int32   when the answer has to come though nothing has changed
 *   leaving          bool    whether it wants to shut down
 *   closedUnder      int64   the broker epoch under which its logs were last closed properly; -1 where they were not
 *   gatheringEpoch   int32   \ the whole image that it has been told in part: controller's epoch and number;
 *   gatheringNumber  int64   / -1 and 0 where there is none
 *   gathered         int32   how many of its parts it has
 *   tagged fields
 * </pre>
 */
public final class MetadataPollRequest extends OwnMessage {
    private int brokerId;
    private long brokerEpoch;
    private Uuid incarnation = Uuid.ZERO_UUID;
    private int knownEpoch;
    private long knownNumber;
    private int appliedEpoch;
    private long appliedNumber;
    private int maxWaitMs;
    private boolean leaving;
    private long closedUnder;
    private int gatheringEpoch = -1;
    private long gatheringNumber;
    private int gathered;

    /** One to read into. */
    MetadataPollRequest() {
        super(OwnApi.METADATA_POLL);
    }

    public MetadataPollRequest(int brokerId, long brokerEpoch, Uuid incarnation, int maxWaitMs) {
        this();
        this.brokerId = brokerId;
        this.brokerEpoch = brokerEpoch;
        this.incarnation = incarnation;
        this.maxWaitMs = maxWaitMs;
    }

    public MetadataPollRequest known(int epoch, long number) {
        knownEpoch = epoch;
        knownNumber = number;
        return this;
    }

    public MetadataPollRequest applied(int epoch, long number) {
        appliedEpoch = epoch;
        appliedNumber = number;
        return this;
    }

    public MetadataPollRequest leaving(boolean wanted, long closedUnderEpoch) {
        leaving = wanted;
        closedUnder = closedUnderEpoch;
        return this;
    }

    public MetadataPollRequest gathered(int epoch, long number, int parts) {
        gatheringEpoch = epoch;
        gatheringNumber = number;
        gathered = parts;
        return this;
    }

    public int brokerId() {
        return brokerId;
    }

    public long brokerEpoch() {
        return brokerEpoch;
    }

    public Uuid incarnation() {
        return incarnation;
    }

    public int knownEpoch() {
        return knownEpoch;
    }

    public long knownNumber() {
        return knownNumber;
    }

    public int appliedEpoch() {
        return appliedEpoch;
    }

    public long appliedNumber() {
        return appliedNumber;
    }

    public int maxWaitMs() {
        return maxWaitMs;
    }

    public boolean leaving() {
        return leaving;
    }

    public long closedUnder() {
        return closedUnder;
    }

    public int gatheringEpoch() {
        return gatheringEpoch;
    }

    public long gatheringNumber() {
        return gatheringNumber;
    }

    public int gathered() {
        return gathered;
    }

    @Override
    void writeFields(Writable to, short version) {
        to.writeInt(brokerId);
        to.writeLong(brokerEpoch);
        to.writeUuid(incarnation);
        to.writeInt(knownEpoch);
        to.writeLong(knownNumber);
        to.writeInt(appliedEpoch);
        to.writeLong(appliedNumber);
        to.writeInt(maxWaitMs);
        Compact.writeBoolean(to, leaving);
        to.writeLong(closedUnder);
        to.writeInt(gatheringEpoch);
        to.writeLong(gatheringNumber);
        to.writeInt(gathered);
        Compact.writeNoTags(to);
    }

    @Override
    void readFields(Readable from, short version) {
        brokerId = from.readInt();
        brokerEpoch = from.readLong();
        incarnation = from.readUuid();
        knownEpoch = from.readInt();
        knownNumber = from.readLong();
        appliedEpoch = from.readInt();
        appliedNumber = from.readLong();
        maxWaitMs = from.readInt();
        leaving = Compact.readBoolean(from);
        closedUnder = from.readLong();
        gatheringEpoch = from.readInt();
        gatheringNumber = from.readLong();
        gathered = from.readInt();
        Compact.skipTags(from);
    }

    @Override
    public String toString() {
        return "MetadataPoll(broker " + brokerId + ", epoch " + brokerEpoch + ", knows " + knownEpoch + ":"
                + knownNumber + ", applied " + appliedEpoch + ":" + appliedNumber + (leaving ? ", leaving" : "") + ")";
    }
}
