package io.ottla.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private final SplittableRandom random = new SplittableRandom(7);
    private final Schedule schedule = new Schedule(random.split());
    private final SimulatedProcess process = process("one");
    private final List<Object> seen = new ArrayList<>();

    private SimulatedProcess process(String name) {
        return new SimulatedProcess(
                name, schedule, random.split(), new SimulatedProcess.Tempo(50_000, 5_000_000, 100), 1_000_000);
    }

    @Test
    void shouldLetEventsHappenInTheOrderOfTheirTimes() {
        for (int ms : List.of(30, 10, 20)) {
            schedule.after(ms * 1_000_000L, () -> seen.add(schedule.nowNs() / 1_000_000));
        }
        Schedule.Event never = schedule.after(15_000_000, () -> seen.add("never"));
        assertThat(schedule.cancel(never)).isTrue();
        assertThat(schedule.cancel(never)).isFalse();

        schedule.runUntil(25_000_000);
        assertThat(seen).containsExactly(10L, 20L);
        assertThat(schedule.nowNs()).isEqualTo(25_000_000);
        schedule.runUntil(40_000_000);
        assertThat(seen).containsExactly(10L, 20L, 30L);
        assertThat(schedule.step()).isFalse();
    }

    @Test
    void shouldDrawTheOrderOfWhatIsDueAtOneMoment() {
        assertThat(orders(1)).isEqualTo(orders(1)).isNotEqualTo(orders(2));
    }

    private static List<Integer> orders(long seed) {
        Schedule schedule = new Schedule(new SplittableRandom(seed));
        List<Integer> seen = new ArrayList<>();
        IntStream.range(0, 20).forEach(i -> schedule.after(5, () -> seen.add(i)));
        schedule.runUntil(10);
        return seen;
    }

    @Test
    void shouldKeepTheOrderOfAThreadAndNoneOfAPool() {
        Executor thread = process.thread();
        Executor pool = process.pool();
        List<Integer> ofPool = new ArrayList<>();
        List<Integer> numbers = IntStream.range(0, 100).boxed().toList();
        numbers.forEach(i -> thread.execute(() -> seen.add(i)));
        numbers.forEach(i -> pool.execute(() -> ofPool.add(i)));

        schedule.runUntil(10_000_000_000L);

        assertThat(seen).isEqualTo(List.<Object>copyOf(numbers));
        assertThat(ofPool).containsExactlyInAnyOrderElementsOf(numbers).isNotEqualTo(numbers);
    }

    @Test
    void shouldForgetWhatAKilledProcessHadToDo() {
        process.timer().schedule(10, () -> seen.add("timer"));
        process.pool().execute(() -> seen.add("task"));
        process("other").timer().schedule(10, () -> seen.add("other"));

        process.kill();
        schedule.runUntil(1_000_000_000);

        assertThat(seen).containsExactly("other");
    }

    @Test
    void shouldDoLateWhatAPausedProcessHadToDo() {
        process.timer().schedule(10, () -> seen.add(process.clock().monotonicMs()));
        process.pause();
        schedule.runUntil(500_000_000);
        assertThat(seen).isEmpty();

        process.resume();
        schedule.runUntil(600_000_000);
        assertThat(seen).containsExactly(500L);
    }

    @Test
    void shouldLetTheWallClockJumpAlone() {
        schedule.runUntil(5_000_000);
        process.jump(-1000);
        assertThat(process.clock().wallMs()).isEqualTo(1_000_000 - 1000 + 5);
        assertThat(process.clock().monotonicMs()).isEqualTo(5);
    }

    @Test
    void shouldLetTheSimulationGoOnWhileACoroutineWaits() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        SimulatedWaiting waiting = new SimulatedWaiting();
        process.run(() -> {
            try {
                seen.add(waiting.await(answer, 1000));
                waiting.await(new CompletableFuture<>(), 100);
            } catch (TimeoutException late) {
                seen.add(process.clock().monotonicMs());
            } catch (Exception unexpected) {
                seen.add(unexpected);
            }
        });
        process.timer().schedule(300, () -> answer.complete("answer"));
        schedule.runUntil(5_000_000_000L);

        assertThat(seen).hasSize(2).startsWith("answer");
        assertThat((long) seen.get(1)).isBetween(400L, 450L);
    }

    @Test
    void shouldEndACoroutineWithItsProcess() {
        SimulatedWaiting waiting = new SimulatedWaiting();
        Coroutine coroutine = process.run(() -> {
            try {
                waiting.await(new CompletableFuture<>(), 1000);
                seen.add("went on");
            } catch (Exception unexpected) {
                seen.add(unexpected);
            } finally {
                seen.add("closed");
            }
        });
        schedule.runUntil(1_000_000_00);
        process.kill();

        assertThat(seen).containsExactly("closed");
        assertThat(coroutine.isOver()).isTrue();
    }
}
