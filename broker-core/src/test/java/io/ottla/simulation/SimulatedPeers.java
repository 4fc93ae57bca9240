package io.ottla.simulation;

import io.ottla.metadata.BrokerImage.Endpoint;
import io.ottla.peer.LentRecords;
import io.ottla.peer.PeerClient;
import io.ottla.types.BrokerId;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.protocol.ApiMessage;

/** {@link PeerClient} of one broker over a {@link SimulatedNetwork}: one connection a lane. */
final class SimulatedPeers implements PeerClient {
    private final SimulatedNetwork network;
    private final SimulatedProcess process;
    private final String machine;
    private final Function<BrokerId, Endpoint> endpoints;
    private final String clientId;
    private final Map<String, Caller> callers = new TreeMap<>();
    private boolean closed;

    SimulatedPeers(
            SimulatedNetwork network,
            SimulatedProcess process,
            String machine,
            Function<BrokerId, Endpoint> endpoints,
            String clientId) {
        this.network = network;
        this.process = process;
        this.machine = machine;
        this.endpoints = endpoints;
        this.clientId = clientId;
    }

    @Override
    public CompletionStage<ApiMessage> send(Lane lane, ApiMessage request, short version, long timeoutMs) {
        Endpoint at = endpoints.apply(lane.broker());
        if (at == null || closed || process.isDead()) {
            CompletableFuture<ApiMessage> failed = new CompletableFuture<>();
            process.after(
                    process.hopNs(),
                    () -> failed.completeExceptionally(
                            new DisconnectException("Broker " + lane.broker() + " is not known in the cluster")));
            return failed;
        }
        String key =
                lane.broker().value() + "/" + lane.purpose() + "/" + lane.number() + "@" + at.host() + ":" + at.port();
        return callers.computeIfAbsent(
                        key, made -> new Caller(network, process, machine, at.host(), at.port(), clientId))
                .send(request, version, timeoutMs);
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
        CompletableFuture<Presence> found = new CompletableFuture<>();
        Endpoint at = endpoints.apply(broker);
        if (at == null) {
            found.complete(Presence.SILENT);
            return found;
        }
        process.timer().schedule(timeoutMs, () -> found.complete(Presence.SILENT));
        network.connect(process, machine, at.host(), at.port(), outcome -> {
            switch (outcome) {
                case SimulatedNetwork.Connected.Open(SimulatedLink link) -> {
                    link.caller().close();
                    found.complete(Presence.LISTENING);
                }
                case SimulatedNetwork.Connected.Refused() -> found.complete(Presence.REFUSED);
            }
        });
        return found;
    }

    void close() {
        closed = true;
        callers.values().forEach(Caller::close);
        callers.clear();
    }
}
