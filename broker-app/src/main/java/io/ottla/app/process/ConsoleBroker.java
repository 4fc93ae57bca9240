package io.ottla.app.process;

import io.ottla.config.BrokerConfig;
import io.ottla.console.clusters.BesideBroker;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Reach;
import io.ottla.console.words.Wording;
import java.nio.file.Path;
import java.util.Optional;

/** What the console is told of the broker beside it. */
final class ConsoleBroker implements BesideBroker {
    private final BrokerProcess process;
    private final BrokerConfig config;

    ConsoleBroker(BrokerProcess process, BrokerConfig config) {
        this.process = process;
        this.config = config;
    }

    @Override
    public Reach reach() {
        String bootstrap = process.bootstrap();
        if (bootstrap.isEmpty()) {
            throw new ClusterFailure(
                    ClusterFailure.Reason.NO_ANSWER,
                    Wording.of("failure.not-listening", process.state().name()));
        }
        return Reach.open(bootstrap);
    }

    @Override
    public Optional<Identity> identity() {
        return process.identity()
                .map(known -> new Identity(known.cluster(), known.broker(), known.listeners(), known.controller()));
    }

    @Override
    public Path dataFolder() {
        return config.logDirs().getFirst().resolveSibling("console");
    }
}
