package io.ottla.console.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ClusterAnswers;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

class DescribedConfigsTest {
    private static final ConfigResource ORDERS = new ConfigResource(ConfigResource.Type.TOPIC, "orders");

    /** Whether each question wanted documentation. */
    private final List<Boolean> asked = new ArrayList<>();

    private boolean old = true;
    private Instant now = Instant.EPOCH;

    private final Admin admin = (Admin) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
                boolean documentation = ((DescribeConfigsOptions) arguments[1]).includeDocumentation();
                asked.add(documentation);
                KafkaFutureImpl<Config> answer = new KafkaFutureImpl<>();
                if (documentation && old) {
                    answer.completeExceptionally(new UnsupportedVersionException("not in this version"));
                } else {
                    answer.complete(new Config(List.of()));
                }
                return ClusterAnswers.configs(Map.<ConfigResource, KafkaFuture<Config>>of(ORDERS, answer));
            });

    private final DescribedConfigs described =
            new DescribedConfigs(() -> admin, new Failures(Duration.ofSeconds(10)), () -> now);

    private boolean isAnswered() {
        return described.ask(List.of(ORDERS)).get(ORDERS).isDone();
    }

    @Test
    void shouldAskOldBrokersForDocumentationOnceInAWhile() {
        // when, then
        assertThat(isAnswered()).isTrue();
        assertThat(isAnswered()).isTrue();
        assertThat(asked).containsExactly(true, false, false);

        // when  they are replaced by newer ones
        old = false;
        now = now.plus(Duration.ofMinutes(6));

        // then
        assertThat(isAnswered()).isTrue();
        assertThat(isAnswered()).isTrue();
        assertThat(asked).containsExactly(true, false, false, true, true);
    }
}
