package io.ottla.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private final MemoryBudget budget = new MemoryBudget(100);
    private final List<String> granted = new ArrayList<>();

    @Test
    void shouldLetNobodyPassThoseWhoWait() {
        assertThat(budget.reserve(bytes -> {}, 60)).isTrue();
        assertThat(budget.reserve(bytes -> granted.add("large"), 80)).isFalse();
        assertThat(budget.reserve(bytes -> granted.add("small"), 10)).isFalse();

        budget.release(60);

        assertThat(granted).containsExactly("large", "small");
        assertThat(budget.used()).isEqualTo(90);
        assertThat(budget.waiting()).isZero();
    }

    @Test
    void shouldLetOneThroughThatIsLargerThanAll() {
        assertThat(budget.reserve(bytes -> {}, 1)).isTrue();
        assertThat(budget.reserve(bytes -> granted.add("huge"), 1000)).isFalse();
        budget.release(1);
        assertThat(granted).containsExactly("huge");
        budget.release(1000);
        assertThat(budget.used()).isZero();
    }

    @Test
    void shouldGoOnWithTheNextWhereOneGivesUp() {
        MemoryBudget.Claimant first = bytes -> granted.add("first");
        assertThat(budget.reserve(bytes -> {}, 50)).isTrue();
        assertThat(budget.reserve(first, 80)).isFalse();
        assertThat(budget.reserve(bytes -> granted.add("second"), 50)).isFalse();

        assertThat(budget.withdraw(first)).isTrue();

        assertThat(granted).containsExactly("second");
        assertThat(budget.withdraw(first)).isFalse();
    }
}
