package io.ottla.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import io.fabric8.openshift.api.model.monitoring.v1.RuleGroup;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the chart brings for Prometheus and Grafana beside the brokers: alerts and dashboards, as the files are. */
class MonitoringTest {
    private static final String SWITCHED_ON = """
            metrics:
              prometheusRule: {enabled: true, labels: {release: prometheus}}
              dashboards: {enabled: true}
            """;

    private static List<Path> dashboards() throws IOException {
        try (Stream<Path> files = Files.list(Chart.FOLDER.resolve("dashboards"))) {
            return files.sorted().toList();
        }
    }

    @Test
    void shouldBringNeitherUnlessAskedTo() {
        Manifests manifests = Chart.manifests("");
        assertThat(manifests.names(PrometheusRule.class)).isEmpty();
        assertThat(manifests.names(ConfigMap.class)).doesNotContain("test-ottla-dashboards");
    }

    @Test
    void shouldBringTheAlertsAsTheyAreInTheirFile() throws IOException {
        // when
        PrometheusRule rule = Chart.manifests(SWITCHED_ON).get(PrometheusRule.class, "test-ottla");

        // then   what is Prometheus' own to fill in is left as it is
        Map<?, ?> file = Chart.yaml().load(Files.readString(Chart.FOLDER.resolve("rules/ottla.yaml")));
        List<?> groups = (List<?>) file.get("groups");
        assertThat(rule.getMetadata().getLabels()).containsEntry("release", "prometheus");
        assertThat(rule.getSpec().getGroups()).hasSameSizeAs(groups).hasSizeGreaterThan(3);
        for (int i = 0; i < groups.size(); i++) {
            RuleGroup group = rule.getSpec().getGroups().get(i);
            Map<?, ?> written = (Map<?, ?>) groups.get(i);
            assertThat(group.getName()).isEqualTo(written.get("name"));
            assertThat(group.getRules())
                    .extracting(each -> each.getExpr().getStrVal())
                    .isEqualTo(((List<?>) written.get("rules"))
                            .stream()
                                    .map(each -> ((Map<?, ?>) each).get("expr"))
                                    .toList());
        }
        assertThat(rule.getSpec().getGroups())
                .flatExtracting(RuleGroup::getRules)
                .allSatisfy(MonitoringTest::check);
    }

    private static void check(Rule rule) {
        assertThat(rule.getAlert()).matches("Ottla[A-Za-z]+");
        assertThat(rule.getLabels().get("severity")).isIn("critical", "warning");
        assertThat(rule.getAnnotations()).containsOnlyKeys("summary", "description");
        assertThat(rule.getAnnotations().get("summary"))
                .matches(text -> text.contains("{{ $labels.")
                        || rule.getExpr().getStrVal().startsWith("absent("));
    }

    @Test
    void shouldKnowTheReleaseByTheJobThatItsSeriesBear() {
        // when
        Manifests manifests = Chart.manifests("""
                fullnameOverride: own
                metrics:
                  enabled: true
                  serviceMonitor: {enabled: true}
                  prometheusRule: {enabled: true}
                """);

        // then
        assertThat(manifests
                        .get(ServiceMonitor.class, "own")
                        .getSpec()
                        .getEndpoints()
                        .getFirst()
                        .getRelabelings())
                .singleElement()
                .satisfies(job -> {
                    assertThat(job.getTargetLabel()).isEqualTo("job");
                    assertThat(job.getReplacement()).isEqualTo("events/own");
                });
        RuleGroup release =
                manifests.get(PrometheusRule.class, "own").getSpec().getGroups().getLast();
        assertThat(release.getName()).isEqualTo("ottla-release");
        assertThat(release.getRules()).singleElement().satisfies(rule -> {
            check(rule);
            assertThat(rule.getLabels()).containsEntry("job", "events/own");
            assertThat(rule.getExpr().getStrVal()).isEqualTo("absent(up{job=\"events/own\"} == 1)");
        });
    }

    @Test
    @Tag("full")
    void shouldRaiseTheAlertOfAReleaseThatIsNotThere(@TempDir Path folder) throws Exception {
        // given  the rules as the chart brings them
        PrometheusRule rule = Chart.manifests(SWITCHED_ON + "  enabled: true\n  serviceMonitor: {enabled: true}\n")
                .get(PrometheusRule.class, "test-ottla");
        new JsonMapper().writeValue(folder.resolve("rules.json").toFile(), rule.getSpec());
        // when   a broker is down, all are, and all are no targets any more
        Path cases = Files.writeString(
                folder.resolve("cases.yaml"), """
                rule_files: [rules.json]
                evaluation_interval: 1m
                tests:
                  - interval: 1m
                    input_series:
                      - series: 'up{job="events/test-ottla",instance="a"}'
                        values: "1x60 0x20"
                      - series: 'up{job="events/test-ottla",instance="b"}'
                        values: "1x20 0x20 1x20 stale"
                      - series: 'up{job="other",instance="a"}'
                        values: "1x120"
                    alert_rule_test:
                      - {eval_time: 30m, alertname: OttlaReleaseDown, exp_alerts: []}
                      - {eval_time: 64m, alertname: OttlaReleaseDown, exp_alerts: []}
                      - eval_time: 70m
                        alertname: OttlaReleaseDown
                        exp_alerts: &due
                          - exp_labels: {job: events/test-ottla, severity: critical}
                            exp_annotations:
                              summary: "%s"
                              description: "%s"
                      - {eval_time: 110m, alertname: OttlaReleaseDown, exp_alerts: *due}
                """.formatted(alert(rule, "summary"), alert(rule, "description")));
        // then
        Process promtool = new ProcessBuilder("promtool", "test", "rules", cases.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor()).as(said).isZero();
    }

    /** What the alert of the release says. */
    private static String alert(PrometheusRule rule, String annotation) {
        return rule.getSpec()
                .getGroups()
                .getLast()
                .getRules()
                .getFirst()
                .getAnnotations()
                .get(annotation);
    }

    @Test
    void shouldBringTheDashboardsAsTheyAreInTheirFiles() throws IOException {
        // when
        ConfigMap map = Chart.manifests(SWITCHED_ON).get(ConfigMap.class, "test-ottla-dashboards");

        // then
        assertThat(map.getMetadata().getLabels()).containsEntry("grafana_dashboard", "1");
        assertThat(map.getData()).hasSize(dashboards().size()).hasSize(5);
        for (Path file : dashboards()) {
            assertThat(map.getData()).containsEntry(file.getFileName().toString(), Files.readString(file));
        }
    }

    @Test
    void shouldHaveDashboardsThatGrafanaCanTellApart() throws IOException {
        Set<String> ids = new HashSet<>();
        Set<String> titles = new HashSet<>();
        for (Path file : dashboards()) {
            JsonNode board = new JsonMapper().readTree(file.toFile());
            assertThat(ids.add(board.path("uid").asText())).isTrue();
            assertThat(titles.add(board.path("title").asText())).isTrue();
            assertThat(file.getFileName()).hasToString(board.path("uid").asText() + ".json");
            // and    panels, each with a name, a text, a place of its own, and data from the source that is chosen
            Set<Integer> panels = new HashSet<>();
            Set<String> places = new HashSet<>();
            for (JsonNode panel : board.path("panels")) {
                assertThat(panels.add(panel.path("id").asInt())).isTrue();
                assertThat(places.add(panel.path("gridPos").path("x") + " "
                                + panel.path("gridPos").path("y")))
                        .as("%s: %s", file.getFileName(), panel.path("title"))
                        .isTrue();
                if (!panel.path("type").asText().equals("row")) {
                    assertThat(panel.path("title").asText()).isNotBlank();
                    assertThat(panel.path("description").asText()).isNotBlank();
                    assertThat(panel.path("targets")).isNotEmpty();
                    assertThat(panel.path("datasource").path("uid").asText()).isEqualTo("${datasource}");
                }
            }
        }
    }
}
