package io.ottla.console.clusters;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.console.words.Wording;
import java.time.Duration;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class FailuresTest {
    private final Failures failures = new Failures(Duration.ofSeconds(1));

    private void fail(Exception why) {
        KafkaFutureImpl<Void> answer = new KafkaFutureImpl<>();
        answer.completeExceptionally(why);
        failures.await(answer, Wording.of("doing.topic"));
    }

    @Test
    void shouldSayWhatATopicCanBeCalledWhereTheClusterDoesNot() {
        assertThatThrownBy(() -> fail(Errors.INVALID_TOPIC_EXCEPTION.exception()))
                .isInstanceOf(ClusterFailure.class)
                .hasMessageStartingWith("No topic can have this name: it has 1 to 249 letters");
        assertThatThrownBy(() -> fail(new InvalidTopicException("Topic 'a.b' collides with 'a_b'")))
                .isInstanceOf(ClusterFailure.class)
                .hasMessage("Topic 'a.b' collides with 'a_b'.");
    }
}
