package io.ottla.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageVersion;
import io.ottla.metadata.MetadataChange;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a new controller makes of brokers that registered about when the last one died. */
class TakeOverTest {
    private static final BrokerId ONE = new BrokerId(1);
    private static final BrokerId TWO = new BrokerId(2);

    private static BrokerImage broker(BrokerId id, long epoch) {
        return new BrokerImage(id, new BrokerEpoch(epoch), List.of(), null, Map.of());
    }

    private static ClusterImage told(BrokerImage... brokers) {
        ClusterImage image = ClusterImage.EMPTY.at(new ImageVersion(new ControllerEpoch(4), 9));
        for (BrokerImage broker : brokers) {
            image = image.with(new MetadataChange.BrokerSet(broker));
        }
        return image;
    }

    @Test
    void shouldTrustThoseThatTheLastControllerTookIn() {
        Registrations opened = Registrations.opening(
                Map.of(ONE, broker(ONE, 10), TWO, broker(TWO, 11)), told(broker(ONE, 10), broker(TWO, 11)));

        assertThat(opened.unproven()).isEmpty();
        assertThat(opened.fresh()).isEmpty();
    }

    @Test
    void shouldDoubtWhoRegisteredSinceUntilItIsKnownHowItsLogsCameThrough() {
        // given  a broker that died and came back between two controllers, and one that was not there before
        Registrations opened =
                Registrations.opening(Map.of(ONE, broker(ONE, 20), TWO, broker(TWO, 21)), told(broker(ONE, 10)));

        // then   neither leads before it has said how its logs are, and what they led is taken from them
        assertThat(opened.unproven()).isEqualTo(Set.of(ONE, TWO));
        assertThat(opened.fresh()).isEqualTo(Set.of(ONE, TWO));
    }

    @Test
    void shouldDoubtAllWhereItWasToldNothingAndCallTheRoll() {
        Registrations opened = Registrations.opening(
                Map.of(ONE, broker(ONE, 20), TWO, broker(TWO, 21)), ClusterImage.EMPTY);

        // then   all of them, and who comes meanwhile, may have lost something; nobody has lost what it led
        assertThat(opened.calling()).isTrue();
        assertThat(opened.unproven()).isEqualTo(Set.of(ONE, TWO));
        assertThat(opened.fresh()).isEmpty();
        assertThat(opened.found(Map.of(ONE, broker(ONE, 20), TWO, broker(TWO, 31))).fresh())
                .isEmpty();
    }

    @Test
    void shouldHaveHeardAllWhenThoseThatLiveHaveSaidHowTheyAre() {
        Registrations opened = Registrations.opening(
                Map.of(ONE, broker(ONE, 20), TWO, broker(TWO, 21)), ClusterImage.EMPTY);
        Registrations one = opened.with(opened.all().get(ONE).heard(Registration.Logs.TORN));
        assertThat(one.areHeard()).isFalse();

        Registrations both = one.with(one.all().get(TWO).fenced(true));

        assertThat(both.areHeard()).isTrue();
        assertThat(both.torn()).isEqualTo(Set.of(ONE));
        assertThat(both.called().calling()).isFalse();
    }
}
