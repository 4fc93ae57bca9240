package io.ottla.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Helm says of the chart, and what values it refuses. */
class ChartTest {
    @Test
    void shouldBeWithoutFault() {
        assertThat(Chart.lint().getMessages())
                .allSatisfy(message -> assertThat(message).startsWith("[INFO]"));
    }

    @Test
    void shouldTakeTheImageOfThisVersion() throws IOException {
        // when, then
        assertThat(Chart.manifests("")
                        .get(StatefulSet.class, "test-ottla")
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers())
                .singleElement()
                .satisfies(container -> assertThat(container.getImage()).isEqualTo("ottla:" + version()));
    }

    @Test
    void shouldTakeTheValuesThatItsReadmeShows() throws IOException {
        // given
        String page = Files.readString(Chart.FOLDER.resolve("README.md"));
        Matcher blocks = Pattern.compile("(?s)```yaml\n(.*?)```").matcher(page);

        // when
        List<String> shown = blocks.results().map(block -> block.group(1)).toList();

        // then
        assertThat(shown).hasSizeGreaterThan(4).allSatisfy(values -> Chart.manifests(values));
        assertThat(page).contains("ottla:" + version());
        // and    the small one, of a laptop
        assertThat(page).contains("--set resources=null", "--set replicaCount=1 --set zookeeper.replicaCount=1");
        assertThat(Chart.manifests("replicaCount: 1\nzookeeper: {replicaCount: 1}\nresources: null\n")
                        .get(StatefulSet.class, "test-ottla")
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getResources())
                .isNull();
    }

    private static String version() throws IOException {
        Matcher version = Pattern.compile("<artifactId>ottla-parent</artifactId>\\s*<version>([^<]+)</version>")
                .matcher(Files.readString(Chart.REPOSITORY.resolve("pom.xml")));
        assertThat(version.find()).isTrue();
        return version.group(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    replicas: 3                                        | 'replicas' not allowed
                    replicaCount: three                                | /replicaCount
                    replicaCount: 0                                    | /replicaCount
                    replicaCount: 2.5                                  | /replicaCount
                    minId: -1                                          | /minId
                    fullnameOverride: Events                           | /fullnameOverride
                    image: {name: ottla}                               | 'name' not allowed
                    image: {tag: 1}                                    | /image/tag
                    image: {digest: sha256:abc}                        | /image/digest
                    image: {pullPolicy: Sometimes}                     | /image/pullPolicy
                    config: {log.retention.hours: [1]}                 | /config/log.retention.hours
                    config: {'log retention': 1}                       | log retention
                    logFormat: xml                                     | /logFormat
                    listeners: {client: {containerPort: 99999}}        | /listeners/client/containerPort
                    listeners: {controller: {containerPort: 9093}}     | 'controller' not allowed
                    externalAccess: {hosts: ['http://a.example.com']}  | /externalAccess/hosts/0
                    externalAccess: {service: {type: ClusterIP}}       | /externalAccess/service/type
                    externalZookeeper: {servers: [zk.example.com]}     | /externalZookeeper/servers/0
                    externalZookeeper: {servers: 'zk:2181'}            | /externalZookeeper/servers
                    zookeeperChrootPath: ottla                         | /zookeeperChrootPath
                    zookeeper: {replicaCount: 2}                       | /zookeeper/replicaCount
                    zookeeper: {image: {tag: '3.9'}}                   | 'image' not allowed
                    persistence: {size: 10 gigs}                       | /persistence/size
                    persistence: {folders: 0}                          | /persistence/folders
                    persistence: {accessModes: []}                     | /persistence/accessModes
                    persistentVolumeClaimRetentionPolicy: {whenScaled: Keep} | /persistentVolumeClaimRetentionPolicy/whenScaled
                    resources: {limits: {memory: lots}}                | /resources/limits/memory
                    resources: {limit: {memory: 1Gi}}                  | 'limit' not allowed
                    console: {adminPassword: 12345678}                 | /console/adminPassword
                    service: {type: Ingress}                           | /service/type
                    service: {nodePort: http}                          | /service/nodePort
                    metrics: {serviceMonitor: {interval: 30}}          | /metrics/serviceMonitor/interval
                    networkPolicy: {enabled: 'yes'}                    | /networkPolicy/enabled
                    pdb: {maxUnavailable: most}                        | /pdb/maxUnavailable
                    podManagementPolicy: All                           | /podManagementPolicy
                    terminationGracePeriodSeconds: 5                   | /terminationGracePeriodSeconds
                    livenessProbe: {path: /}                           | 'path' not allowed
                    readinessProbe: {patience: soon}                   | /readinessProbe/patience
                    podAntiAffinityPreset: firm                        | /podAntiAffinityPreset
                    podLabels: {a: 1}                                  | /podLabels/a
                    extraEnvVars: [{value: a}]                         | /extraEnvVars/0
                    """)
    void shouldNameTheValueThatTheSchemaRefuses(String values, String named) {
        assertThatThrownBy(() -> Chart.render(values))
                .hasMessageContaining("values don't meet the specifications of the schema")
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    externalZookeeper: {servers: ['a:2181']}      | externalZookeeper.servers: expected either
                    zookeeper: {enabled: false}                   | externalZookeeper.servers: expected the ZooKeeper to use
                    config: {listeners: 'PLAINTEXT://:9092'}      | listeners is one that it makes itself
                    config: {server.port: 80}                     | server.port is one that it makes itself
                    zookeeper: {config: {dataDir: /tmp}}          | dataDir is one that it makes itself
                    zookeeper: {config: {server.4: 'a:1:2'}}      | server.4 is one that it makes itself
                    listeners: {http: {containerPort: 9092}}      | listeners.http.containerPort: expected a port of its own
                    externalAccess: {enabled: true}               | externalAccess.hosts: expected where clients find each broker
                    externalAccess: {enabled: true, hosts: [a]}   | externalAccess.hosts: expected a host for each of the 3 brokers
                    externalAccess: {enabled: true, domain: a.example.com, service: {type: NodePort}} | externalAccess.service.nodePorts: expected a port for each of the 3 brokers
                    externalAccess: {enabled: true, domain: a.example.com, service: {loadBalancerIPs: [192.0.2.1]}} | externalAccess.service.loadBalancerIPs: expected an address for each of the 3 brokers
                    metrics: {serviceMonitor: {enabled: true}}    | metrics.serviceMonitor.enabled: expected metrics.enabled as well
                    """)
    void shouldRefuseValuesThatContradictEachOther(String values, String says) {
        assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining(says);
    }

    @Test
    void shouldNotShowAPasswordThatItRefuses() {
        assertThatThrownBy(() -> Chart.render("console: {adminPassword: hunter2}"))
                .hasMessageContaining("console.adminPassword: expected 8 to 72 characters")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void shouldRefuseAKubernetesThatIsTooOld() {
        assertThatThrownBy(() -> Chart.render("", "1.24.0")).hasMessageContaining("requires kubeVersion");
    }

    @Test
    void shouldTakeWhatAParentChartPasses() {
        assertThat(Chart.render("enabled: true\nglobal: {imageRegistry: example.com}"))
                .isEqualTo(Chart.render(""));
    }

    @Test
    void shouldHaveASchemaOfAllValuesAndOfNoOthers() throws IOException {
        // given
        Map<?, ?> values = Chart.yaml().load(Files.readString(Chart.FOLDER.resolve("values.yaml")));
        Map<?, ?> schema = Chart.yaml().load(Files.readString(Chart.FOLDER.resolve("values.schema.json")));

        // when
        List<String> differences = new ArrayList<>();
        compare("", values, schema, differences);

        // then   all but those are in both
        assertThat(differences)
                .containsExactlyInAnyOrder(
                        "schema: .global", "schema: .enabled", "schema: .updateStrategy.rollingUpdate");
    }

    private static void compare(String path, Map<?, ?> values, Map<?, ?> schema, List<String> differences) {
        if (!(schema.get("properties") instanceof Map<?, ?> properties)) {
            return; // Kubernetes' own, as it is
        }
        assertThat(schema.get("additionalProperties")).as(path).isEqualTo(false);
        for (Object key : values.keySet()) {
            if (!properties.containsKey(key)) {
                differences.add("values: " + path + "." + key);
            } else if (values.get(key) instanceof Map<?, ?> below && properties.get(key) instanceof Map<?, ?> rules) {
                compare(path + "." + key, below, rules, differences);
            }
        }
        for (Object key : properties.keySet()) {
            if (!values.containsKey(key)) {
                differences.add("schema: " + path + "." + key);
            }
        }
    }

    @Test
    void shouldRestartNoBrokerForAnotherOne() {
        assertThat(checksum("replicaCount: 4")).isEqualTo(checksum("replicaCount: 3"));
        assertThat(checksum("config: {log.retention.hours: 1}")).isNotEqualTo(checksum("replicaCount: 3"));
        assertThat(Chart.manifests("replicaCount: 4")
                        .get(ConfigMap.class, "test-ottla")
                        .getData())
                .hasSize(4);
    }

    @Test
    void shouldRestartBrokersForAnotherPassword() {
        String first = "console: {adminPassword: correct-horse-battery}";
        String second = "console: {adminPassword: incorrect-horse-battery}";

        assertThat(annotation("checksum/console", first))
                .isEqualTo(annotation("checksum/console", first + "\nreplicaCount: 4"))
                .isNotEqualTo(annotation("checksum/console", second));
        // and    who reads pods, but no Secrets, can't quickly try what it may be
        assertThat(Chart.render(first))
                .doesNotContain("correct-horse")
                .doesNotContain(sha256("correct-horse-battery"))
                .doesNotContain(sha256("correct-horse-battery").substring(0, 8));
        // and    a Secret of somebody else is not the chart's to know
        assertThat(annotation("checksum/console", "")).isNull();
        assertThat(annotation("checksum/console", "console: {existingSecret: mine, adminPassword: correct-horse}"))
                .isNull();
    }

    private static String checksum(String values) {
        return annotation("checksum/config", values);
    }

    private static String annotation(String name, String values) {
        return Chart.manifests(values)
                .get(StatefulSet.class, "test-ottla")
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getAnnotations()
                .get(name);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldSayAtItsEndHowToGoOn() {
        assertThat(Chart.notes(""))
                .contains("test-ottla.events.svc.cluster.local:9092")
                .contains("logs --selector app.kubernetes.io/instance=test --tail -1 | grep")
                .contains("ottla:")
                .doesNotContain("persistence.enabled");
        assertThat(Chart.notes(Chart.values("node-port.yaml")))
                .contains("node-a.example.com:31090", "192.0.2.7:31092")
                .contains("get secret events-console", "{.data.admin-password}")
                .contains("events-client: \"true\"")
                .contains("zookeeper.persistence.enabled is false");
        assertThat(Chart.notes(Chart.values("single.yaml")))
                .contains("With fewer than three brokers", "persistence.enabled is false")
                .doesNotContain("port-forward");
        assertThat(Chart.notes(Chart.values("everything.yaml")))
                .contains("test-broker-0.kafka.example.com:443")
                .doesNotContain("correct-horse");
    }
}
