package io.ottla.chaos.checker;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.chaos.history.Event;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class CheckerPropertyTest {
    @Property(tries = 500)
    void shouldFindNothingInTheHistoryOfASoundCluster(@ForAll long seed) {
        assertThat(Checker.judge(ModelledRun.of(seed)).findings()).isEmpty();
    }

    @Property(tries = 1_000)
    void shouldFindWhatWasMadeWrong(@ForAll long seed, @ForAll Mutation mutation) {
        Optional<List<Event>> wrong = mutation.apply(ModelledRun.of(seed), new Random(seed));
        Assume.that(wrong.isPresent());

        assertThat(Checker.judge(wrong.get()).byAnomaly()).containsKey(mutation.anomaly());
    }
}
