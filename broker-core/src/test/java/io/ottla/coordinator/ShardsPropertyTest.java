package io.ottla.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.storage.AppendResult;
import io.ottla.types.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.common.protocol.Errors;

/** Whatever happens to a shard: its state is what its log says, and everybody is answered once. */
final class ShardsPropertyTest {
    @Property(tries = 300)
    void shouldHoldWhatItsLogSays(@ForAll @Size(min = 1, max = 60) List<@IntRange(max = 999) Integer> moves) {
        TestingShards testing = TestingShards.active();
        List<TestingCall> calls = new ArrayList<>();
        TreeMap<String, String> model = new TreeMap<>();
        int epoch = 1;
        for (int move : moves) {
            String key = "k" + move % 5;
            String value = move % 7 == 0 ? null : "v" + move;
            switch (move / 100) {
                case 0 -> {
                    testing.log().nextAppend = new AppendResult.Refused(Failure.of(Errors.NOT_ENOUGH_REPLICAS));
                    TestingCall lost = TestingCall.put(key, value);
                    TestingCall also = TestingCall.put("k0", "lost", key, "lost too");
                    testing.askTogether(lost, also);
                    assertThat(List.of(lost.answer(), also.answer())).containsOnly("COORDINATOR_NOT_AVAILABLE");
                    testing.log().nextAppend = null;
                }
                case 1 -> {
                    testing.follow(++epoch);
                    testing.lead(++epoch);
                    testing.run();
                }
                case 2 -> {
                    TestingCall read = testing.ask(TestingCall.get(key));
                    assertThat(read.answer()).isEqualTo(model.getOrDefault(key, "done"));
                }
                case 3, 4 -> {
                    TestingCall first = TestingCall.put(key, value);
                    TestingCall second = TestingCall.put("k4", "x" + move);
                    testing.askTogether(first, second);
                    calls.addAll(List.of(first, second));
                    put(model, key, value);
                    put(model, "k4", "x" + move);
                }
                default -> {
                    calls.add(testing.ask(TestingCall.put(key, value)));
                    put(model, key, value);
                }
            }
            assertThat(testing.machine().values).isEqualTo(model);
        }
        testing.follow(++epoch);
        testing.lead(++epoch);
        testing.run();
        assertThat(testing.machine().values).isEqualTo(model);
        assertThat(calls).allMatch(call -> "done".equals(call.answer()));
    }

    private static void put(Map<String, String> model, String key, String value) {
        if (value == null) {
            model.remove(key);
        } else {
            model.put(key, value);
        }
    }
}
