package io.ottla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.TestingLines;
import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.BrokerImage.Endpoint;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageVersion;
import io.ottla.protocol.MalformedFrame;
import io.ottla.protocol.MetadataPollResponse;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;

class RemotePollsTest {
    private static final BrokerId CONTROLLER = new BrokerId(2);

    private final TestingPeers peers = new TestingPeers();
    private final PeerEndpoints endpoints = new PeerEndpoints(() -> ClusterImage.EMPTY, () -> "PLAINTEXT");

    @Test
    void shouldSayWhoseMetadataCanNotBeRead() {
        // given
        endpoints.learn(new BrokerImage(
                CONTROLLER,
                new BrokerEpoch(20),
                List.of(new Endpoint("PLAINTEXT", SecurityProtocol.PLAINTEXT, "127.0.0.1", 9092)),
                null,
                Map.of()));
        RemotePolls polls = new RemotePolls(
                peers, endpoints, id -> CompletableFuture.completedFuture(Optional.empty()), 3_000, Runnable::run);
        try (TestingLines lines = TestingLines.of(RemotePolls.class)) {
            // when   a controller answers with what is no image
            CompletableFuture<PollAnswer> answer =
                    polls.poll(CONTROLLER, question()).toCompletableFuture();
            peers.sent.getFirst().complete(nonsense());

            // then   the poll fails, and the log says of whom that came
            assertThat(answer.exceptionNow()).isInstanceOf(MalformedFrame.class);
            assertThat(lines.all())
                    .singleElement()
                    .asString()
                    .startsWith("WARN ")
                    .contains("controller 2", "can't be read");
        }
    }

    private static PollQuestion question() {
        return new PollQuestion(
                new BrokerId(1),
                new BrokerEpoch(10),
                Uuid.ONE_UUID,
                ImageVersion.NONE,
                ImageVersion.NONE,
                1_000,
                false,
                BrokerEpoch.NONE,
                ImageVersion.NONE,
                0);
    }

    private static MetadataPollResponse nonsense() {
        return new MetadataPollResponse().of(7, false).whole(1, 1, 0, ByteBuffer.wrap(new byte[] {127, 1, 2}));
    }
}
