package io.ottla.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import io.fabric8.openshift.api.model.monitoring.v1.RuleGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

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
        assertThat(rule.getAnnotations().get("summary")).contains("{{ $labels.");
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
