package io.ottla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.BrokerImage.Endpoint;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.MetadataChange;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;

class PeerEndpointsTest {
    private static final BrokerId TWO = new BrokerId(2);
    private ClusterImage shown = ClusterImage.EMPTY;
    private final PeerEndpoints endpoints = new PeerEndpoints(() -> shown, () -> "INSIDE");

    @Test
    void shouldGoByTheLaterRegistration() {
        assertThat(endpoints.apply(TWO)).isNull();
        endpoints.learn(broker(5, 1005));
        assertThat(endpoints.apply(TWO).port()).isEqualTo(1005);
        shown = shown.with(new MetadataChange.BrokerSet(broker(6, 1006)));
        assertThat(endpoints.apply(TWO).port()).isEqualTo(1006);
        endpoints.learn(broker(7, 1007));
        endpoints.learn(broker(4, 1004));
        assertThat(endpoints.apply(TWO).port()).isEqualTo(1007);
    }

    private static BrokerImage broker(long epoch, int port) {
        return new BrokerImage(
                TWO,
                new BrokerEpoch(epoch),
                List.of(
                        new Endpoint("OUTSIDE", SecurityProtocol.PLAINTEXT, "h", 1),
                        new Endpoint("INSIDE", SecurityProtocol.PLAINTEXT, "h", port)),
                null,
                Map.of());
    }
}
