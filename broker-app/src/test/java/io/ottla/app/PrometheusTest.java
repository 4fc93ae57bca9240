package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ottla.app.Monitoring.Expression;
import io.ottla.app.Prometheus.Ended;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.TopicExistsException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A real Prometheus on a broker that runs: its pages, our alerts, and every question of our dashboards. */
@Tag("full")
class PrometheusTest {
    private static final Duration SOON = Duration.ofSeconds(90);
    /** How promtool ends where it only has advice on names, which are Kafka's. */
    private static final int ADVICE = 3;

    private static final int BEHIND = 10;

    @TempDir
    Path folder;

    private static String target(OttlaProcess broker) {
        return broker.console().replace("http://", "");
    }

    /** As Grafana fills an expression in. */
    private static String filledIn(Expression expression) {
        return expression
                .text()
                .replace("$job", "ottla")
                .replace("$__rate_interval", "30s")
                .replaceAll("\\$(instance|topic|group)", ".+");
    }

    /**
     * A little of everything, an error included. The group ends {@value #BEHIND} records behind.
     *
     * @param before how many records there are
     * @return how many there are then
     */
    private static int load(OttlaProcess broker, int before) throws Exception {
        String bootstrap = broker.bootstrap();
        int records = before + 2 * BEHIND;
        TestingClient.produce(bootstrap, before, records);
        TestingClient.consume(bootstrap, records);
        TestingClient.commit(bootstrap, records - BEHIND);
        assertThatThrownBy(() -> TestingClient.createTopic(bootstrap))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(TopicExistsException.class);
        return records;
    }

    @Test
    void shouldAnswerEveryQuestionOfTheDashboards() throws Exception {
        try (OttlaProcess broker = OttlaProcess.serve(folder).awaitReady();
                Prometheus prometheus = new Prometheus(folder.resolve("prometheus"), target(broker), "/metrics")) {
            TestingClient.createTopic(broker.bootstrap());
            await().atMost(SOON).until(() -> prometheus.value("up{job=\"ottla\"}") == 1);

            // when   something goes on
            List<Expression> open = new ArrayList<>(Monitoring.dashboards());
            assertThat(open).hasSizeGreaterThan(100);
            AtomicInteger records = new AtomicInteger();
            await().atMost(SOON).untilAsserted(() -> {
                records.set(load(broker, records.get()));
                List<Expression> empty = new ArrayList<>();
                for (Expression each : open) {
                    if (prometheus.query(filledIn(each)).isEmpty()) {
                        empty.add(each);
                    }
                }
                open.retainAll(empty);
                assertThat(empty).isEmpty();
            });

            // then   what is known of it is there
            assertThat(prometheus.value("sum(kafka_topic_partitions{topic=\"t\"})"))
                    .isEqualTo(1);
            await().atMost(SOON).untilAsserted(() -> {
                assertThat(prometheus.value("kafka_topic_partition_current_offset{topic=\"t\"}"))
                        .isEqualTo(records.get());
                assertThat(prometheus.value("kafka_consumergroup_current_offset{consumergroup=\"g\",topic=\"t\"}"))
                        .isEqualTo(records.get() - BEHIND);
                assertThat(prometheus.value("kafka_consumergroup_lag_sum{consumergroup=\"g\",topic=\"t\"}"))
                        .isEqualTo(BEHIND);
            });
            assertThat(prometheus.value("sum by (clientSoftwareName)"
                            + " (ottla_network_client_requests_total{request=\"Produce\","
                            + "clientSoftwareName=\"apache-kafka-java\"})"))
                    .isPositive();

            // and    every alert can be reckoned, and none is raised
            JsonNode groups = prometheus.get("/api/v1/rules").path("data").path("groups");
            List<JsonNode> alerts = new ArrayList<>();
            groups.forEach(group -> group.path("rules").forEach(alerts::add));
            assertThat(alerts).hasSameSizeAs(Monitoring.rules()).allSatisfy(alert -> {
                assertThat(alert.path("health").asString()).as(alert.toString()).isEqualTo("ok");
                assertThat(alert.path("state").asString()).as(alert.toString()).isEqualTo("inactive");
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/actuator/prometheus"})
    void shouldUnderstandBothPages(String path) throws Exception {
        try (OttlaProcess broker = OttlaProcess.serve(folder).awaitReady();
                Prometheus prometheus = new Prometheus(folder.resolve("prometheus"), target(broker), path)) {
            await().atMost(SOON).until(() -> prometheus.value("up{job=\"ottla\"}") == 1);
            assertThat(prometheus.value("kafka_server_kafkaserver_brokerstate")).isEqualTo(3);
            assertThat(prometheus.value("kafka_server_brokertopicmetrics_bytesin_total{topic=\"\"}"))
                    .isZero();
            assertThat(prometheus.value("jvm_threads_current")).isPositive();
            assertThat(prometheus.query("kafka_network_requestmetrics_totaltimems{quantile=\"0.99\"}"))
                    .isNotEmpty();

            // and    its checker has nothing against the page but advice
            Ended checked = Prometheus.promtool(broker.get(path).body(), "check", "metrics");
            assertThat(checked.exitCode()).as(checked.output()).isIn(0, ADVICE);
            assertThat(checked.output()).doesNotContain("error while linting");
        }
    }

    @Test
    void shouldHaveRulesThatPrometheusTakes() throws Exception {
        Ended checked = Prometheus.promtool("", "check", "rules", Monitoring.RULES.toString());
        assertThat(checked.exitCode()).as(checked.output()).isZero();
    }

    @Test
    void shouldRaiseAlertsWhenTheyAreDue() throws Exception {
        Path cases = Monitoring.ROOT.resolve("helm/src/test/resources/alerts.yaml");
        Ended tested = Prometheus.promtool("", "test", "rules", cases.toString());
        assertThat(tested.exitCode()).as(tested.output()).isZero();
    }
}
