package io.ottla.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.ottla.chart.ManifestsTest.Release;
import io.ottla.config.BrokerConfig;
import io.ottla.config.ConfigSources;
import io.ottla.config.SourcedValue;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What pods are told: whether brokers take it, and whether it fits what Kubernetes is told. */
class SettingsOfPodsTest {
    @ParameterizedTest
    @MethodSource("io.ottla.chart.ManifestsTest#releases")
    void shouldBeWhatABrokerTakesWithoutAWarning(Release release) {
        for (Pod pod : release.brokers()) {
            Map<String, SourcedValue> file = new HashMap<>();
            pod.settings().forEach((name, value) -> file.put(name, new SourcedValue(value, "file")));
            ConfigSources.Gathered gathered = ConfigSources.gather(file, List.of(), Map.of());
            Map<String, SourcedValue> kafka = new HashMap<>(gathered.broker());
            kafka.keySet().removeIf(name -> name.startsWith("ottla."));
            BrokerConfig.Outcome outcome = BrokerConfig.read(kafka);
            assertThat(outcome).isInstanceOf(BrokerConfig.Outcome.Accepted.class);
            assertThat(outcome.warnings()).isEmpty();
            assertThat(gathered.problems()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("io.ottla.chart.ManifestsTest#releases")
    void shouldListenAtThePortsOfTheContainer(Release release) {
        for (Pod pod : release.brokers()) {
            Set<Integer> ports = pod.container().getPorts().stream()
                    .map(ContainerPort::getContainerPort)
                    .collect(Collectors.toSet());
            Map<String, String> listeners = endpoints(pod.settings().get("listeners"));
            Set<Integer> told = listeners.values().stream()
                    .map(address -> Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)))
                    .collect(Collectors.toSet());
            told.add(Integer.parseInt(pod.settings().get("server.port")));
            assertThat(told).isEqualTo(ports);
            assertThat(endpoints(pod.settings().get("advertised.listeners")).keySet())
                    .isEqualTo(listeners.keySet());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', test-ottla, cluster.local, 0",
        "node-port.yaml, events, cluster.local, 100",
        "everything.yaml, test-broker, k8s.example.com, 1"
    })
    void shouldBeFoundUnderThePodsNamesAndNumbered(String file, String name, String domain, int firstId) {
        Release release = Release.of(file);
        Set<String> zooKeepers = release.pods().stream()
                .filter(pod -> !pod.isBroker())
                .map(pod -> pod.host(domain) + ":2181")
                .collect(Collectors.toSet());
        for (int ordinal = 0; ordinal < release.brokers().size(); ordinal++) {
            Pod pod = release.brokers().get(ordinal);
            Map<String, String> settings = pod.settings();
            assertThat(pod.name).isEqualTo(name + "-" + ordinal);
            assertThat(settings).containsEntry("broker.id", Integer.toString(firstId + ordinal));
            Map<String, String> advertised = endpoints(settings.get("advertised.listeners"));
            Map<String, String> listeners = endpoints(settings.get("listeners"));
            for (String listener : List.of("CLIENT", "INTERNAL")) {
                assertThat(advertised.get(listener)).isEqualTo(pod.host(domain) + listeners.get(listener));
            }
            assertThat(settings.get("zookeeper.connect").split(",")).containsExactlyInAnyOrderElementsOf(zooKeepers);
        }
        for (Pod pod : release.pods().stream().filter(one -> !one.isBroker()).toList()) {
            int id = Integer.parseInt(pod.name.substring(pod.name.lastIndexOf('-') + 1)) + 1;
            if (zooKeepers.size() > 1) {
                assertThat(pod.settings())
                        .containsEntry("myid", Integer.toString(id))
                        .containsEntry("server." + id, pod.host(domain) + ":2888:3888;2181");
            } else {
                assertThat(pod.settings()).containsEntry("clientPort", "2181");
            }
        }
    }

    @Test
    void shouldUseTheZooKeeperThatIsThere() {
        assertThat(Release.of("single.yaml").brokers())
                .singleElement()
                .satisfies(pod -> assertThat(pod.settings())
                        .containsEntry("zookeeper.connect", "zk-0.example.com:2181,zk-1.example.com:2181/ottla/one"));
        assertThat(Release.of("single.yaml").pods()).allMatch(Pod::isBroker);
    }

    @ParameterizedTest
    @CsvSource({
        "node-port.yaml, 'node-a.example.com:31090 node-b.example.com:31091 192.0.2.7:31092'",
        "everything.yaml, 'test-broker-0.kafka.example.com:443 test-broker-1.kafka.example.com:443 "
                + "test-broker-2.kafka.example.com:443 test-broker-3.kafka.example.com:443 test-broker-4.kafka.example.com:443'"
    })
    void shouldTellClientsOutsideWhereEachBrokerIs(String file, String places) {
        assertThat(Release.of(file).brokers().stream()
                        .map(pod -> endpoints(pod.settings().get("advertised.listeners"))
                                .get("EXTERNAL")))
                .containsExactly(places.split(" "));
    }

    @ParameterizedTest
    @MethodSource("io.ottla.chart.ManifestsTest#releases")
    void shouldKeepDataInVolumes(Release release) {
        for (Pod pod : release.pods()) {
            String folders = pod.isBroker()
                    ? pod.settings().get("log.dirs")
                    : pod.settings().get("dataDir");
            assertThat(folders.split(","))
                    .allSatisfy(folder -> assertThat(pod.container().getVolumeMounts())
                            .anyMatch(mount -> folder.startsWith(mount.getMountPath() + "/")));
        }
    }

    /** By listener, as {@code host:port}. */
    private static Map<String, String> endpoints(String text) {
        return Arrays.stream(text.split(","))
                .map(entry -> entry.split("://", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    }
}
