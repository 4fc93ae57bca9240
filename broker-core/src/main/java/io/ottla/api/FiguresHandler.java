package io.ottla.api;

import io.ottla.metrics.Distribution;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.protocol.FiguresRequest;
import io.ottla.protocol.FiguresResponse;
import io.ottla.protocol.OwnApi;
import io.ottla.types.Figures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.protocol.Errors;

/** Metrics that other brokers ask for. Reading them may take a while, so it is done on the workers. */
public final class FiguresHandler implements ApiHandler<FiguresRequest, FiguresResponse> {
    /** Names, and topics, that one request may have. */
    public static final int MAX = 500;

    private static final String VERSION =
            Objects.requireNonNullElse(FiguresHandler.class.getPackage().getImplementationVersion(), "");
    private static final String TOPIC = "topic";
    private static final String PARTITION = "partition";

    private final ApiSpec<FiguresRequest, FiguresResponse> spec =
            ApiSpec.of(OwnApi.FIGURES, (request, error) -> new FiguresResponse(error.code(), error.message()));
    private final Metrics metrics;
    private final Executor workers;

    public FiguresHandler(Metrics metrics, Executor workers) {
        this.metrics = metrics;
        this.workers = workers;
    }

    @Override
    public ApiSpec<FiguresRequest, FiguresResponse> spec() {
        return spec;
    }

    @Override
    public Reply<FiguresResponse> handle(RequestContext context, FiguresRequest request) {
        if (request.names().size() > MAX || request.topics().size() > MAX) {
            return Reply.of(new FiguresResponse(
                    Errors.INVALID_REQUEST.code(),
                    "Expected at most " + MAX + " metrics and topics, but got "
                            + request.names().size() + " and "
                            + request.topics().size()));
        }
        Reply<FiguresResponse> reply = Reply.later();
        try {
            workers.execute(() -> reply.complete(answer(request)));
        } catch (RejectedExecutionException busy) {
            reply.complete(new FiguresResponse(Errors.COORDINATOR_NOT_AVAILABLE.code(), "The broker is busy"));
        }
        return reply;
    }

    private FiguresResponse answer(FiguresRequest request) {
        Figures read = read(metrics, request.names(), request.topics());
        return new FiguresResponse(
                read.version(),
                read.cpuNs(),
                read.series().stream()
                        .map(each -> new FiguresResponse.Series(each.name(), each.labels(), each.value()))
                        .toList());
    }

    /**
     * What a broker shows of those metrics: no distributions, no series of single partitions, and of those of single topics
     * the ones that are named.
     */
    public static Figures read(Metrics metrics, List<String> names, List<String> topics) {
        Told told = new Told(new HashSet<>(topics));
        names.forEach(name -> metrics.read(name, told));
        return new Figures(VERSION, cpuNs(), told.series);
    }

    /** Gathers what is wanted. */
    private static final class Told implements Metrics.Reader {
        private final List<Figures.Series> series = new ArrayList<>();
        private final Set<String> topics;
        private String name;

        Told(Set<String> topics) {
            this.topics = topics;
        }

        @Override
        public void family(String of, String help) {
            name = of;
        }

        @Override
        public void count(Labels labels, long value) {
            level(labels, (double) value);
        }

        @Override
        public void level(Labels labels, double value) {
            if (isWanted(labels, topics)) {
                series.add(new Figures.Series(name, labels.pairs(), value));
            }
        }

        @Override
        public void spread(Labels labels, Distribution.Reading reading) {
            // It takes more than a number to tell one.
        }

        @Override
        public void broken() {
            series.removeIf(each -> each.name().equals(name));
        }
    }

    private static long cpuNs() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(Duration::toNanos)
                .orElse(-1L);
    }

    private static boolean isWanted(Labels labels, Set<String> topics) {
        List<String> pairs = labels.pairs();
        for (int i = 0; i < pairs.size(); i += 2) {
            if (pairs.get(i).equals(PARTITION) || pairs.get(i).equals(TOPIC) && !topics.contains(pairs.get(i + 1))) {
                return false;
            }
        }
        return true;
    }
}
