package io.ottla.protocol;

import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * An API that brokers of Ottla have among themselves: served on the inter-broker listener alone, never announced. All
 * versions are flexible (KIP-482): what a later release adds to a version travels in tagged fields, which an earlier one
 * steps over, so that two releases run side by side.
 */
@SuppressWarnings("ImmutableEnumChecker") // what makes messages are constructors
public enum OwnApi implements Api {
    /** What has changed in the cluster since; the heartbeat too. */
    METADATA_POLL(20_000, "MetadataPoll", 0, MetadataPollRequest::new, api -> new MetadataPollResponse()),
    /** A broker has lost replicas with a log folder. */
    LOST_REPLICAS(20_001, "LostReplicas", 0, LostReplicasRequest::new, VerdictResponse::new),
    /** A broker has encrypted its stored secrets anew. */
    RENEWED_SECRETS(20_002, "RenewedSecrets", 0, RenewedSecretsRequest::new, VerdictResponse::new),
    /** Some of a broker's metrics, for whoever looks at the whole cluster from another. */
    FIGURES(20_003, "Figures", 0, FiguresRequest::new, api -> new FiguresResponse());

    /** Far beyond Kafka's. The others follow without gaps, in the order above. */
    public static final short FIRST_ID = 20_000;

    private static final OwnApi[] ALL = values();

    static final int SLOTS = ALL.length;

    private final short id;
    private final String label;
    private final short latest;
    private final Supplier<ApiMessage> request;
    private final Function<OwnApi, ApiMessage> response;

    OwnApi(int id, String label, int latest, Supplier<ApiMessage> request, Function<OwnApi, ApiMessage> response) {
        this.id = (short) id;
        this.label = label;
        this.latest = (short) latest;
        this.request = request;
        this.response = response;
    }

    static OwnApi forId(short id) {
        int at = id - FIRST_ID;
        return at >= 0 && at < ALL.length ? ALL[at] : null;
    }

    @Override
    public short id() {
        return id;
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public short oldestVersion() {
        return 0;
    }

    @Override
    public short latestVersion() {
        return latest;
    }

    @Override
    public short requestHeaderVersion(short version) {
        return 2;
    }

    @Override
    public short responseHeaderVersion(short version) {
        return 1;
    }

    @Override
    public boolean isAmongBrokers() {
        return true;
    }

    @Override
    public ApiMessage newRequest() {
        return request.get();
    }

    @Override
    public ApiMessage newResponse() {
        return response.apply(this);
    }

    @Override
    public int slot() {
        return KafkaApi.SLOTS + id - FIRST_ID;
    }
}
