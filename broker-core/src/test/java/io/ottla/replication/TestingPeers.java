package io.ottla.replication;

import io.ottla.peer.LentRecords;
import io.ottla.peer.PeerClient;
import io.ottla.types.BrokerId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.protocol.ApiMessage;

/** Keeps what is sent until a test answers it. */
public final class TestingPeers implements PeerClient {
    /** One request. */
    public record Sent(Lane lane, ApiMessage any, short version, long timeoutMs, CompletableFuture<ApiMessage> answer) {
        /** The same, which is a fetch. */
        public FetchRequestData request() {
            return (FetchRequestData) any;
        }
    }

    public final List<Sent> sent = new ArrayList<>();

    @Override
    public CompletionStage<ApiMessage> send(Lane lane, ApiMessage request, short version, long timeoutMs) {
        Sent one = new Sent(lane, request, version, timeoutMs, new CompletableFuture<>());
        sent.add(one);
        return one.answer;
    }

    @Override
    public void fetch(
            Lane lane,
            ApiMessage request,
            short version,
            long timeoutMs,
            BiConsumer<? super ApiMessage, ? super Throwable> receiver) {
        send(lane, request, version, timeoutMs).whenComplete(LentRecords.to(receiver));
    }

    @Override
    public CompletionStage<Presence> probe(BrokerId broker, long timeoutMs) {
        throw new UnsupportedOperationException("Expected replication to knock nowhere");
    }

    public Sent last() {
        return sent.getLast();
    }
}
