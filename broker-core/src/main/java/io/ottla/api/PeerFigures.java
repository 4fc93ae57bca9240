package io.ottla.api;

import io.ottla.metrics.Metrics;
import io.ottla.peer.PeerClient;
import io.ottla.protocol.FiguresRequest;
import io.ottla.protocol.FiguresResponse;
import io.ottla.protocol.OwnApi;
import io.ottla.types.BrokerId;
import io.ottla.types.Figures;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.protocol.Errors;

/** Asks all brokers for some of their metrics, this one too. Thread-safe. */
public final class PeerFigures {
    private static final long PATIENCE_MS = 3_000;

    private final BrokerId self;
    private final Metrics own;
    private final PeerClient peers;
    private final Executor workers;

    public PeerFigures(BrokerId self, Metrics own, PeerClient peers, Executor workers) {
        this.self = self;
        this.own = own;
        this.peers = peers;
        this.workers = workers;
    }

    /**
     * Asks these brokers at the same time.
     *
     * @param names of metrics, at most {@link FiguresHandler#MAX}
     * @param topics whose series are told of those by topic, at most as many
     * @return by broker; who does not answer within three seconds, or can't yet, is left out; never fails
     */
    public CompletionStage<Map<BrokerId, Figures>> of(
            Collection<BrokerId> brokers, List<String> names, List<String> topics) {
        Map<BrokerId, CompletableFuture<Figures>> asked = new HashMap<>();
        for (BrokerId broker : brokers) {
            asked.put(
                    broker,
                    broker.equals(self)
                            ? CompletableFuture.supplyAsync(() -> FiguresHandler.read(own, names, topics), workers)
                            : ask(broker, names, topics));
        }
        return CompletableFuture.allOf(asked.values().toArray(CompletableFuture[]::new))
                .handle((all, someFailed) -> {
                    Map<BrokerId, Figures> told = new HashMap<>();
                    asked.forEach((broker, answer) -> {
                        if (!answer.isCompletedExceptionally()) {
                            told.put(broker, answer.join());
                        }
                    });
                    return told;
                });
    }

    private CompletableFuture<Figures> ask(BrokerId broker, List<String> names, List<String> topics) {
        return peers.send(
                        new PeerClient.Lane(broker, PeerClient.Purpose.CONTROL),
                        new FiguresRequest(names, topics),
                        OwnApi.FIGURES.latestVersion(),
                        PATIENCE_MS)
                .thenApply(answer -> {
                    FiguresResponse told = (FiguresResponse) answer;
                    if (told.errorCode() != Errors.NONE.code()) {
                        throw Errors.forCode(told.errorCode()).exception(told.errorMessage());
                    }
                    return new Figures(
                            told.softwareVersion(),
                            told.cpuNs(),
                            told.series().stream()
                                    .map(each -> new Figures.Series(each.name(), each.labels(), each.value()))
                                    .toList());
                })
                .toCompletableFuture();
    }
}
