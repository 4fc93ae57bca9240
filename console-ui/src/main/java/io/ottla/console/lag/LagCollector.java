package io.ottla.console.lag;

import io.ottla.console.clusters.BesideBroker;
import io.ottla.console.clusters.ClusterFailure;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples the lag of all groups and writes it down, as long as the broker beside this console is the controller. A cluster
 * without groups gets no topic. Where a sample takes long, or fails, the next one waits longer.
 *
 * <p>One thread runs {@link #run}.
 */
final class LagCollector {
    /** A sample may take this share of the time at most. */
    private static final int SHARE = 10;

    private static final int MOST_FAILURES = 10;

    private static final Duration LONGEST = Duration.ofMinutes(5);

    /** After this long without a change a sample is written all the same, so that readers know how old what they know is. */
    private static final Duration SIGN_OF_LIFE = Duration.ofMinutes(1);

    private static final Logger log = LoggerFactory.getLogger(LagCollector.class);

    private final Supplier<Optional<BesideBroker.Identity>> beside;
    private final Supplier<Sampling> samplings;
    private final Supplier<LagLog> logs;
    private final Duration refresh;
    private final InstantSource clock;
    private final LagLoad load;
    private Sampling sampling;
    private LagLog writing;
    private long writtenMs;
    private int failures;

    /**
     * @param beside the broker of this process, while it serves
     * @param samplings makes one that knows nothing yet
     * @param logs opens the place of the samples, made when first written to
     */
    LagCollector(
            Supplier<Optional<BesideBroker.Identity>> beside,
            Supplier<Sampling> samplings,
            Supplier<LagLog> logs,
            Duration refresh,
            InstantSource clock,
            LagLoad load) {
        this.beside = beside;
        this.samplings = samplings;
        this.logs = logs;
        this.refresh = refresh;
        this.clock = clock;
        this.load = load;
    }

    /** Until it is told to end, or interrupted in a turn. */
    void run(Attention attention) {
        Duration pause = refresh;
        try {
            while (attention.isThereAfter(pause) && !Thread.interrupted()) {
                pause = turn();
            }
        } catch (InterruptedException ended) {
            log.debug("No more samples of lag are taken");
        } finally {
            rest();
        }
    }

    /** One turn: a sample where it is this console's to take. Returns how long to wait until the next. */
    Duration turn() {
        long begun = System.nanoTime();
        try {
            if (isBesideController()) {
                collect();
            } else {
                rest();
            }
            failures = 0;
        } catch (ClusterFailure failed) {
            beginAnew();
            log.debug("A sample of lag was not taken", failed);
        } catch (RuntimeException unexpected) {
            beginAnew();
            log.warn("A sample of lag failed; the next is tried later", unexpected);
        }
        return pause(Duration.ofNanos(System.nanoTime() - begun));
    }

    Duration pause(Duration took) {
        Duration least = refresh.multipliedBy(1L << failures);
        Duration fair = took.multipliedBy(SHARE);
        Duration pause = least.compareTo(fair) > 0 ? least : fair;
        return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
    }

    private boolean isBesideController() {
        return beside.get().map(BesideBroker.Identity::controller).orElse(false);
    }

    private void collect() {
        if (sampling == null) {
            sampling = samplings.get();
        }
        Sample sample = sampling.take();
        if (writing == null && sample.groups().isEmpty()) {
            return;
        }
        if (writing == null) {
            log.info(
                    "Collecting the lag of groups into {}, since the broker here is the controller", LagSettings.TOPIC);
            writing = logs.get();
        }
        if (!sample.isEmpty() || clock.millis() - writtenMs >= SIGN_OF_LIFE.toMillis()) {
            for (byte[] record : SampleCodec.encode(sample)) {
                writing.append(record);
                load.wrote(record.length);
            }
            writtenMs = clock.millis();
        }
    }

    /** The next sample is whole: whoever reads must not miss what was to be written. */
    private void beginAnew() {
        failures = Math.min(failures + 1, MOST_FAILURES);
        forget();
    }

    private void forget() {
        sampling = null;
        if (writing != null) {
            writing.close();
            writing = null;
        }
    }

    /** Another console collects, or none. */
    private void rest() {
        if (writing != null) {
            log.info("No longer collecting the lag of groups: the broker here is not the controller, or stops");
        }
        forget();
        load.idle();
    }
}
