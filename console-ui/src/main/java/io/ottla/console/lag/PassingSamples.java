package io.ottla.console.lag;

import io.ottla.console.clusters.ClusterFailure;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Samples a cluster that is not beside the console, as long as somebody looks. */
final class PassingSamples implements WatchWork {
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int SHARE = 10;
    private static final Logger log = LoggerFactory.getLogger(PassingSamples.class);

    private final Supplier<Sampling> samplings;
    private final Duration refresh;

    PassingSamples(Supplier<Sampling> samplings, Duration refresh) {
        this.samplings = samplings;
        this.refresh = refresh;
    }

    @Override
    public LagWatch.Source source() {
        return LagWatch.Source.PASSING;
    }

    @Override
    public void run(LagHistory history, Attention attention, Runnable loaded) throws InterruptedException {
        Sampling sampling = samplings.get();
        Duration pause = Duration.ZERO;
        while (attention.isThereAfter(pause)) {
            long begun = System.nanoTime();
            Duration least = refresh;
            try {
                history.apply(new SampleCodec.Chunk(sampling.take(), true, true));
                loaded.run();
            } catch (ClusterFailure failed) {
                least = refresh.multipliedBy(SHARE);
                log.debug("A sample of lag was not taken", failed);
            }
            Duration fair = Duration.ofNanos(System.nanoTime() - begun).multipliedBy(SHARE);
            Duration wanted = fair.compareTo(least) > 0 ? fair : least;
            pause = wanted.compareTo(LONGEST) < 0 ? wanted : LONGEST;
        }
    }
}
