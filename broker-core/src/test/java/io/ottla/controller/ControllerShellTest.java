package io.ottla.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.ControllerProperties;
import io.ottla.config.TopicDefaults;
import io.ottla.metadata.ClusterImage;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.Failure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class ControllerShellTest {
    private static final ControllerProperties PROPERTIES =
            new ControllerProperties(false, 1, 1000, 10_000, Optional.empty(), Map.of());

    private final TestingCluster cluster = new TestingCluster();
    private final ControllerShell shell = new ControllerShell(
            cluster.ports, new Observer(new BrokerId(1), TopicDefaults.DEFAULTS, PROPERTIES, new Random(7)));

    /** Something that is decided well, whose answer may break. */
    private record Asked(boolean breaks) implements ControllerMachine<String> {
        @Override
        public String decide(Draft draft) {
            return "decided";
        }

        @Override
        public String settled(String decided, ClusterImage written) {
            if (breaks) {
                throw new IllegalStateException("for a test");
            }
            return decided;
        }

        @Override
        public String refused(Failure failure) {
            return failure.error().name();
        }
    }

    private CompletableFuture<String> ask(boolean breaks) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        shell.take(new PendingDecision<>(new Asked(breaks), PendingDecision::dooms, answer, 0));
        return answer;
    }

    @Test
    void shouldAnswerAllOfATurnOneOfWhoseAnswersBreaks() {
        // given
        cluster.store.broker(1, null);
        cluster.store.epochVersion = 1;
        shell.on(new ControllerElection.Event.Elected(new ControllerEpoch(1), 1));

        // when   three are decided in one turn
        List<CompletableFuture<String>> answers = List.of(ask(false), ask(true), ask(false));
        cluster.settle();

        // then   nobody waits for ever, and who was answered stays so
        assertThat(answers)
                .extracting(answer -> answer.getNow("nothing"))
                .containsExactly("decided", Errors.UNKNOWN_SERVER_ERROR.name(), Errors.UNKNOWN_SERVER_ERROR.name());

        // and    the controller goes on
        CompletableFuture<String> next = ask(false);
        cluster.passTime(1);
        assertThat(next).isCompletedWithValue("decided");
    }
}
