package io.ottla.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whether the objects are Kubernetes' and fit together, for several sets of values. */
class ManifestsTest {
    /** What the values name, and is there already. */
    private static final Set<String> GIVEN =
            Set.of("my-console", "more-settings", "more-secrets", "keystores", "default");

    /** Whose brokers may not connect to everything. */
    private static final Set<String> CLOSED = Set.of("node-port.yaml", "own-zookeeper.yaml");

    private static final String POD_NAME = "statefulset.kubernetes.io/pod-name";

    static Stream<Release> releases() {
        return Stream.of("", "single.yaml", "node-port.yaml", "own-zookeeper.yaml", "everything.yaml")
                .map(Release::of);
    }

    @Test
    void shouldKnowAFieldThatKubernetesDoesNot() {
        String service = "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\nspec:\n  ports:\n    - port: 1\n";
        assertThat(Manifests.parse(service).all()).hasSize(1);
        assertThatThrownBy(() -> Manifests.parse(service + "      containerPort: 1\n"))
                .hasMessageContaining("containerPort");
        assertThatThrownBy(() -> Manifests.parse(service.replace("name: a", "name: a\n  labels: {a: 1}")))
                .hasMessageContaining("Integer");
    }

    @ParameterizedTest
    @MethodSource("releases")
    void shouldNameObjectsOnceAndAsKubernetesDoes(Release release) {
        Set<String> seen = new HashSet<>();
        for (HasMetadata object : release.manifests.all()) {
            String name = object.getMetadata().getName();
            assertThat(seen.add(object.getKind() + " " + name)).as(name).isTrue();
            assertThat(name).matches("[a-z]([-a-z0-9]*[a-z0-9])?").hasSizeLessThanOrEqualTo(63);
            assertThat(object.getMetadata().getNamespace())
                    .isIn(Chart.NAMESPACE, isOfMonitoring(object) ? "monitoring" : null, null);
        }
    }

    private static boolean isOfMonitoring(HasMetadata object) {
        return object instanceof ServiceMonitor
                || object instanceof PrometheusRule
                || object.getMetadata().getName().endsWith("-dashboards");
    }

    @ParameterizedTest
    @MethodSource("releases")
    void shouldSelectPodsThatThereAre(Release release) {
        release.each(StatefulSet.class)
                .forEach(set -> assertThat(
                                set.getSpec().getTemplate().getMetadata().getLabels())
                        .containsAllEntriesOf(set.getSpec().getSelector().getMatchLabels()));
        release.each(Service.class)
                .forEach(service -> assertThat(release.pods(service.getSpec().getSelector()))
                        .as(service.getMetadata().getName())
                        .isNotEmpty()
                        .allMatch(pod -> pod.set.equals(
                                release.pods(service.getSpec().getSelector()).getFirst().set)));
        Stream.concat(
                        release.each(PodDisruptionBudget.class)
                                .map(budget -> budget.getSpec().getSelector()),
                        release.each(NetworkPolicy.class)
                                .map(policy -> policy.getSpec().getPodSelector()))
                .forEach(selector ->
                        assertThat(release.pods(selector.getMatchLabels())).isNotEmpty());
        // and    nobody is selected who is not meant: brokers and ZooKeeper have different labels
        release.each(StatefulSet.class)
                .forEach(set -> assertThat(
                                release.pods(set.getSpec().getSelector().getMatchLabels()))
                        .hasSize(set.getSpec().getReplicas()));
    }

    @ParameterizedTest
    @MethodSource("releases")
    void shouldServePortsThatPodsHave(Release release) {
        release.each(Service.class).forEach(service -> {
            Container container =
                    release.pods(service.getSpec().getSelector()).getFirst().container();
            for (ServicePort port : service.getSpec().getPorts()) {
                assertThat(portOf(container, port.getTargetPort()))
                        .as("%s %s", service.getMetadata().getName(), port.getName())
                        .isPositive();
            }
        });
        release.each(ServiceMonitor.class).forEach(monitor -> {
            List<Service> found = release.each(Service.class)
                    .filter(service -> service.getMetadata()
                            .getLabels()
                            .entrySet()
                            .containsAll(monitor.getSpec()
                                    .getSelector()
                                    .getMatchLabels()
                                    .entrySet()))
                    .toList();
            assertThat(found).singleElement().satisfies(service -> {
                assertThat(service.getSpec().getPorts())
                        .anyMatch(port -> port.getName()
                                .equals(monitor.getSpec()
                                        .getEndpoints()
                                        .getFirst()
                                        .getPort()));
                assertThat(release.pods(service.getSpec().getSelector())).hasSize(5);
            });
        });
        release.each(NetworkPolicy.class).forEach(policy -> {
            Container container = release.pods(policy.getSpec().getPodSelector().getMatchLabels())
                    .getFirst()
                    .container();
            policy.getSpec().getIngress().stream()
                    .flatMap(rule -> rule.getPorts().stream())
                    .map(NetworkPolicyPort::getPort)
                    .forEach(port -> assertThat(container.getPorts())
                            .extracting(ContainerPort::getContainerPort)
                            .contains(port.getIntVal()));
        });
    }

    @ParameterizedTest
    @MethodSource("releases")
    void shouldAskPortsAndPathsThatThereAre(Release release) {
        for (Pod pod : release.pods) {
            Container container = pod.container();
            assertThat(container.getLivenessProbe()).isNotNull();
            assertThat(container.getReadinessProbe()).isNotNull();
            Stream.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe())
                    .filter(probe -> probe != null)
                    .forEach(probe -> assertAsksWhatIsThere(container, probe));
        }
    }

    private static void assertAsksWhatIsThere(Container container, Probe probe) {
        if (probe.getHttpGet() != null) {
            assertThat(portOf(container, probe.getHttpGet().getPort())).isPositive();
            assertThat(probe.getHttpGet().getPath()).isIn("/livez", "/readyz");
        } else if (probe.getTcpSocket() != null) {
            assertThat(portOf(container, probe.getTcpSocket().getPort())).isPositive();
        } else {
            String command = probe.getExec().getCommand().getFirst();
            assertThat(command).startsWith("/opt/ottla/bin/");
            assertThat(Chart.REPOSITORY.resolve(command.substring("/opt/ottla/".length())))
                    .isExecutable();
        }
    }

    @ParameterizedTest
    @MethodSource("releases")
    void shouldMountVolumesThatThereAreAndLeaveNoneOut(Release release) {
        for (Pod pod : release.pods) {
            Set<String> volumes = new HashSet<>();
            pod.spec()
                    .getVolumes()
                    .forEach(volume -> assertThat(volumes.add(volume.getName())).isTrue());
            pod.set
                    .getSpec()
                    .getVolumeClaimTemplates()
                    .forEach(claim -> assertThat(volumes.add(claim.getMetadata().getName()))
                            .isTrue());
            List<VolumeMount> mounts = pod.container().getVolumeMounts();
            assertThat(mounts).extracting(VolumeMount::getName).containsExactlyInAnyOrderElementsOf(volumes);
            assertThat(mounts).extracting(VolumeMount::getMountPath).doesNotHaveDuplicates();
            for (Volume volume : pod.spec().getVolumes()) {
                if (volume.getConfigMap() != null) {
                    ConfigMap map = release.manifests.get(
                            ConfigMap.class, volume.getConfigMap().getName());
                    assertThat(map.getData()).containsKey(pod.name + ".properties");
                } else if (volume.getSecret() != null) {
                    assertThat(volume.getSecret().getSecretName()).isIn(GIVEN);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("releases")
    void shouldReferToObjectsThatThereAre(Release release) {
        for (Pod pod : release.pods) {
            assertThat(pod.spec().getServiceAccountName())
                    .isIn(union(GIVEN, release.manifests.names(ServiceAccount.class)));
            for (EnvVar variable : pod.container().getEnv()) {
                if (variable.getValueFrom() != null && variable.getValueFrom().getSecretKeyRef() != null) {
                    String name = variable.getValueFrom().getSecretKeyRef().getName();
                    assertThat(name).isIn(union(GIVEN, release.manifests.names(Secret.class)));
                    release.each(Secret.class)
                            .filter(secret -> secret.getMetadata().getName().equals(name))
                            .forEach(secret -> assertThat(secret.getData())
                                    .containsKey(variable.getValueFrom()
                                            .getSecretKeyRef()
                                            .getKey()));
                }
            }
            for (EnvFromSource source : pod.container().getEnvFrom()) {
                assertThat(
                                source.getConfigMapRef() != null
                                        ? source.getConfigMapRef().getName()
                                        : source.getSecretRef().getName())
                        .isIn(GIVEN);
            }
            Service names =
                    release.manifests.get(Service.class, pod.set.getSpec().getServiceName());
            assertThat(names.getSpec().getClusterIP()).isEqualTo("None");
            assertThat(names.getSpec().getPublishNotReadyAddresses()).isTrue();
            assertThat(release.pods(names.getSpec().getSelector())).contains(pod);
        }
    }

    @ParameterizedTest
    @MethodSource("releases")
    void shouldRunWithoutRightsThatItDoesNotNeed(Release release) {
        for (Pod pod : release.pods) {
            PodSpec spec = pod.spec();
            assertThat(spec.getAutomountServiceAccountToken()).isFalse();
            assertThat(spec.getEnableServiceLinks()).isFalse();
            assertThat(spec.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(spec.getSecurityContext().getRunAsUser()).isEqualTo(1001);
            assertThat(spec.getSecurityContext().getFsGroup()).isEqualTo(1001);
            assertThat(spec.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            assertThat(pod.container().getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
            assertThat(pod.container().getSecurityContext().getAllowPrivilegeEscalation())
                    .isFalse();
            assertThat(pod.container().getSecurityContext().getCapabilities().getDrop())
                    .containsExactly("ALL");
            assertThat(pod.container().getVolumeMounts())
                    .anyMatch(mount -> mount.getMountPath().equals("/tmp")); // the JVM's, where all else is read-only
        }
    }

    @Test
    void shouldBeSafeWithThreeBrokersAndKeepWhatItCanWithFewer() {
        assertThat(Release.of("").brokers().getFirst().settings())
                .containsEntry("default.replication.factor", "3")
                .containsEntry("min.insync.replicas", "2")
                .containsEntry("unclean.leader.election.enable", "false")
                .doesNotContainKey("offsets.topic.replication.factor");
        assertThat(new Release("two", Chart.manifests("replicaCount: 2"))
                        .brokers()
                        .getFirst()
                        .settings())
                .containsEntry("default.replication.factor", "2")
                .containsEntry("min.insync.replicas", "1")
                .containsEntry("offsets.topic.replication.factor", "2");
        // and    the operator's word goes before both; large numbers stay numbers
        assertThat(Release.of("everything.yaml").brokers().getFirst().settings())
                .containsEntry("min.insync.replicas", "3")
                .containsEntry("log.retention.bytes", "107374182400");
    }

    @Test
    void shouldTakeTheRackFromTheLabelThatIsSet() {
        assertThat(Release.of("everything.yaml")
                        .brokers()
                        .getFirst()
                        .container()
                        .getEnv())
                .anySatisfy(variable -> {
                    assertThat(variable.getName()).isEqualTo("KAFKA_BROKER_RACK");
                    assertThat(variable.getValueFrom().getFieldRef().getFieldPath())
                            .isEqualTo("metadata.labels['topology.kubernetes.io/zone']");
                });
    }

    @Test
    void shouldLeadTheConsoleToOneBrokerWhereEachHasItsOwnPassword() {
        assertThat(Release.of("").consoleSelector()).containsEntry(POD_NAME, "test-ottla-0");
        assertThat(Release.of("node-port.yaml").consoleSelector()).doesNotContainKey(POD_NAME);
    }

    @ParameterizedTest
    @MethodSource("releases")
    void shouldLetBrokersReachTheirZooKeeper(Release release) {
        List<NetworkPolicy> closed = release.each(NetworkPolicy.class)
                .filter(policy -> policy.getSpec().getPolicyTypes().contains("Egress"))
                .toList();
        assertThat(!closed.isEmpty()).isEqualTo(CLOSED.contains(release.name));
        for (Pod pod : release.brokers()) {
            String servers = pod.settings().get("zookeeper.connect").replaceAll("/.*", "");
            for (String server : servers.split(",")) {
                int at = server.lastIndexOf(':');
                for (NetworkPolicy policy : closed) {
                    if (release.pods(policy.getSpec().getPodSelector().getMatchLabels())
                            .contains(pod)) {
                        assertThat(release.leadsTo(
                                        policy.getSpec().getEgress(),
                                        server.substring(0, at),
                                        Integer.parseInt(server.substring(at + 1))))
                                .as("%s from %s", server, pod)
                                .isTrue();
                    }
                }
            }
        }
    }

    @Test
    void shouldLetBrokersReachNothingElseThanTheirZooKeeper() {
        // given  servers at two ports
        Release release = Release.of("own-zookeeper.yaml");
        List<NetworkPolicyEgressRule> rules = release.manifests
                .get(NetworkPolicy.class, "test-ottla")
                .getSpec()
                .getEgress();

        // then   names can't be in a rule, ports can, each once
        assertThat(rules.stream().filter(rule -> rule.getTo().isEmpty()))
                .flatExtracting(NetworkPolicyEgressRule::getPorts)
                .extracting(port -> port.getPort().getIntVal())
                .containsExactly(53, 53, 2181, 12181);
        assertThat(release.leadsTo(rules, "zk-0.example.com", 2182)).isFalse();
        // and    the rules of the operator's own stay
        assertThat(rules)
                .anyMatch(rule ->
                        rule.getPorts().stream().anyMatch(port -> port.getPort().getIntVal() == 443));
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        Set<String> all = new HashSet<>(some);
        all.addAll(others);
        return all;
    }

    /** 0 where the container has no such port. */
    private static int portOf(Container container, IntOrString named) {
        return container.getPorts().stream()
                .filter(port -> port.getName().equals(named.getStrVal())
                        || port.getContainerPort().equals(named.getIntVal()))
                .mapToInt(ContainerPort::getContainerPort)
                .findFirst()
                .orElse(0);
    }

    /** What a file of values makes. */
    record Release(String name, Manifests manifests, List<Pod> pods) {
        Release(String name, Manifests manifests) {
            this(name, manifests, Pod.of(manifests));
        }

        static Release of(String file) {
            return new Release(file, Chart.manifests(file.isEmpty() ? "" : Chart.values(file)));
        }

        <T extends HasMetadata> Stream<T> each(Class<T> type) {
            return manifests.each(type);
        }

        List<Pod> pods(Map<String, String> selector) {
            return pods.stream()
                    .filter(pod -> {
                        Map<String, String> labels = new HashMap<>(
                                pod.set.getSpec().getTemplate().getMetadata().getLabels());
                        labels.put(POD_NAME, pod.name);
                        return labels.entrySet().containsAll(selector.entrySet());
                    })
                    .toList();
        }

        List<Pod> brokers() {
            return pods.stream().filter(Pod::isBroker).toList();
        }

        /** Whether one of the rules of what goes out lets a broker connect to that host, a pod or somebody else. */
        boolean leadsTo(List<NetworkPolicyEgressRule> rules, String host, int port) {
            return rules.stream().anyMatch(rule -> leadsTo(rule, host, port));
        }

        private boolean leadsTo(NetworkPolicyEgressRule rule, String host, int port) {
            boolean thatPort = rule.getPorts().isEmpty()
                    || rule.getPorts().stream().anyMatch(one -> one.getPort().getIntVal() == port);
            boolean thatHost = rule.getTo().isEmpty()
                    || rule.getTo().stream()
                            .filter(peer -> peer.getPodSelector() != null)
                            .flatMap(peer -> pods(peer.getPodSelector().getMatchLabels()).stream())
                            .anyMatch(pod -> host.startsWith(pod.name + "."));
            return thatPort && thatHost;
        }

        Map<String, String> consoleSelector() {
            return each(Service.class)
                    .filter(service -> service.getMetadata().getName().endsWith("-console"))
                    .findFirst()
                    .orElseThrow()
                    .getSpec()
                    .getSelector();
        }

        @Override
        public String toString() {
            return name.isEmpty() ? "defaults" : name;
        }
    }
}
