package io.ottla.chaos.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NemesisTest {
    private static final List<FaultKind> KINDS = List.of(FaultKind.values());

    @Test
    void shouldDealEachKindBeforeAnyComesAgain() {
        Nemesis nemesis = new Nemesis(KINDS, 1);
        for (int round = 0; round < 3; round++) {
            assertThat(Stream.generate(nemesis::next).limit(KINDS.size())).containsExactlyInAnyOrderElementsOf(KINDS);
        }
    }

    @Test
    void shouldDealTheSameForTheSameSeed() {
        assertThat(dealt(5)).isEqualTo(dealt(5)).isNotEqualTo(dealt(6));
    }

    private static List<FaultKind> dealt(long seed) {
        return Stream.generate(new Nemesis(KINDS, seed)::next).limit(100).toList();
    }

    @Test
    void shouldLastAroundTheMean() {
        Nemesis nemesis = new Nemesis(KINDS, 1);
        assertThat(Stream.generate(() -> nemesis.durationMs(1_000)).limit(1_000))
                .allMatch(ms -> ms >= 250 && ms <= 1_750);
    }

    @Test
    void shouldKnowEachKindByItsName() {
        for (FaultKind kind : KINDS) {
            assertThat(FaultKind.parse(kind.toString())).isEqualTo(kind);
            assertThat(kind.fault()).isNotNull();
        }
        assertThatThrownBy(() -> FaultKind.parse("KILL"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("kill-leader")
                .hasMessageContaining("'KILL'");
    }
}
