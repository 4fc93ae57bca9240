package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.TestingLines;
import io.ottla.config.BrokerConfig;
import io.ottla.config.StoredSecrets;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.MetadataChange;
import io.ottla.peer.RenewedSecrets;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class SecretRotationTest implements Clock, Timer {
    private static final String NAME = "ssl.key.password";
    private static final BrokerId SELF = new BrokerId(1);

    private final List<Runnable> later = new ArrayList<>();
    private final List<RenewedSecrets> asked = new ArrayList<>();
    private final List<CompletableFuture<Optional<Failure>>> answers = new ArrayList<>();
    private long nowNs;

    @Override
    public long wallMs() {
        return nowNs / 1_000_000;
    }

    @Override
    public long monotonicNs() {
        return nowNs;
    }

    @Override
    public Timeout schedule(long delayMs, Runnable task) {
        later.add(task);
        return () -> later.remove(task);
    }

    private void run(String storedWith) {
        BrokerConfig config =
                BrokerConfig.of(Map.of("password.encoder.secret", "new", "password.encoder.old.secret", "old"));
        StoredSecrets by =
                BrokerConfig.of(Map.of("password.encoder.secret", storedWith)).secrets();
        ClusterImage image = ClusterImage.EMPTY.with(new MetadataChange.ConfigSet(
                ConfigResourceName.broker(1),
                new ConfigImage(Map.of(NAME, by.keep("hunter2", new SplittableRandom(1)), "num.io.threads", "3"))));
        SecretRotation.run(
                SELF,
                image,
                config,
                renewed -> {
                    asked.add(renewed);
                    answers.add(new CompletableFuture<>());
                    return answers.getLast();
                },
                new SplittableRandom(2),
                this,
                this);
    }

    @Test
    void shouldAskForNothingWhereTheNewKeyOpensEverything() {
        run("new");
        assertThat(asked).isEmpty();
    }

    @Test
    void shouldAskUntilAControllerHasTakenIt() {
        // when
        run("old");
        // then   for what only the old key opens, and nothing else
        assertThat(asked.getFirst().broker()).isEqualTo(SELF);
        assertThat(asked.getFirst().values()).containsOnlyKeys(NAME);
        assertThat(BrokerConfig.of(Map.of("password.encoder.secret", "new"))
                        .secrets()
                        .open(asked.getFirst().values().get(NAME)))
                .isEqualTo(new StoredSecrets.Opened.Secret("hunter2", false));
        // when   nobody is the controller, then one that was asked is none, then one answers
        answers.getLast().completeExceptionally(new NotControllerException("for a test"));
        later.removeFirst().run();
        answers.getLast().complete(Optional.of(Failure.of(Errors.NOT_CONTROLLER)));
        later.removeFirst().run();
        answers.getLast().complete(Optional.empty());
        // then
        assertThat(asked).hasSize(3).containsOnly(asked.getFirst());
        assertThat(later).isEmpty();
    }

    @Test
    void shouldGiveUpAfterAWhileAndSaySo() {
        try (TestingLines lines = TestingLines.of(SecretRotation.class)) {
            run("old");
            nowNs += SecretRotation.PATIENCE_NS;
            answers.getLast().complete(Optional.of(Failure.of(Errors.NOT_CONTROLLER, "not here")));
            assertThat(later).isEmpty();
            assertThat(lines.all())
                    .singleElement()
                    .asString()
                    .contains("ERROR", NAME, "not here")
                    .doesNotContain("hunter2");
        }
    }
}
