package io.ottla.app.process;

import io.ottla.console.clusters.BrokerFigures;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Metrics of all brokers, for the console. */
final class ConsoleFigures implements BrokerFigures {
    private static final Logger log = LoggerFactory.getLogger(ConsoleFigures.class);
    private static final long PATIENCE_S = 5;
    private static final double NANOS_PER_SECOND = 1e9;

    private final BrokerProcess process;

    ConsoleFigures(BrokerProcess process) {
        this.process = process;
    }

    @Override
    public Map<Integer, Told> of(List<String> names, List<String> topics) {
        Map<Integer, Told> told = new TreeMap<>();
        try {
            process.figures(names, topics)
                    .toCompletableFuture()
                    .get(PATIENCE_S, TimeUnit.SECONDS)
                    .forEach((broker, figures) -> told.put(
                            broker.value(),
                            new Told(
                                    figures.version(),
                                    figures.cpuNs() < 0 ? Double.NaN : figures.cpuNs() / NANOS_PER_SECOND,
                                    figures.series().stream()
                                            .map(each -> new Series(each.name(), each.labels(), each.value()))
                                            .toList())));
        } catch (ExecutionException | TimeoutException untold) {
            log.debug("Brokers do not tell their metrics", untold);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return told;
    }
}
