package io.ottla.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code -Dseed=} runs one seed alone, and says all that happens in it; {@code -Dbrokers=} and {@code -Dseconds=} go with it. */
class SimulatorTest {
    private static final int SEEDS_FOR_A_BUG = 200;

    private static Options options() {
        return Options.of(Integer.getInteger("brokers", 3), Integer.getInteger("seconds", 20));
    }

    @Test
    void shouldKeepEveryPromiseWhateverHappens() {
        Long seed = Long.getLong("seed");
        try (Runs runs = new Runs(options(), seed != null)) {
            if (seed != null) {
                runs.run(seed);
            } else {
                long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(Integer.getInteger("time", 40));
                for (long each = 1; System.nanoTime() < until && runs.violation() == null; each++) {
                    runs.run(each);
                }
            }
            System.out.println(runs.summary());
            if (runs.violation() != null) {
                throw runs.violation();
            }
        }
    }

    @Test
    void shouldRunASeedTheSameWayAgain() {
        try (LogAlarm alarm = new LogAlarm(false)) {
            Options options = Options.of(3, 2);
            for (long seed = 1; seed <= 2; seed++) {
                assertThat(new Simulation(seed, options, alarm).run().hash())
                        .isEqualTo(new Simulation(seed, options, alarm).run().hash());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("full")
    void shouldFindPlantedBugs(PlantedBugs bug) {
        try (LogAlarm alarm = new LogAlarm(false)) {
            for (long seed = 1; seed <= SEEDS_FOR_A_BUG; seed++) {
                try {
                    new Simulation(seed, Options.of(3, 10).planting(bug), alarm).run();
                } catch (Violation found) {
                    // It is the bug that is found, and nothing else that happens with this seed.
                    new Simulation(seed, Options.of(3, 10), alarm).run();
                    System.out.println(bug + " is found with seed " + seed + ": "
                            + found.getMessage().lines().findFirst().orElseThrow());
                    return;
                }
            }
        }
        throw new AssertionError("Expected " + bug + " to be found within " + SEEDS_FOR_A_BUG + " seeds");
    }
}
