package io.ottla.cluster;

import io.ottla.peer.PeerClient;
import io.ottla.types.BrokerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiMessage;

/** Other brokers, as a test has them. */
final class TestingPeers implements PeerClient {
    /** Who is knocked at finds this; {@link Presence#LISTENING} where nothing is said. */
    final Map<BrokerId, Presence> presence = new HashMap<>();

    final List<BrokerId> knocked = new ArrayList<>();
    /** Requests that were sent and are for the test to answer. */
    final List<CompletableFuture<ApiMessage>> sent = new ArrayList<>();

    @Override
    public CompletionStage<ApiMessage> send(Lane lane, ApiMessage request, short version, long timeoutMs) {
        CompletableFuture<ApiMessage> answer = new CompletableFuture<>();
        sent.add(answer);
        return answer;
    }

    @Override
    public CompletionStage<Presence> probe(BrokerId broker, long timeoutMs) {
        knocked.add(broker);
        return CompletableFuture.completedFuture(presence.getOrDefault(broker, Presence.LISTENING));
    }
}
