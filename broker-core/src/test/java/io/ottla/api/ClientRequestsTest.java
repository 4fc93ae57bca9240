package io.ottla.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metrics.Metrics;
import io.ottla.metrics.Movement;
import io.ottla.metrics.Moves;
import io.ottla.protocol.Api;
import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

class ClientRequestsTest {
    private static final ClientSoftware JAVA = new ClientSoftware("apache-kafka-java", "4.4.0");
    private static final short NEWEST = 3_000;

    private final Metrics metrics = new Metrics();
    private final ClientRequests requests = new ClientRequests(metrics);

    private static Api api(ApiKeys key) {
        return Api.of(key);
    }

    /** As shown: name, version, request, version of the request, count. */
    private List<String> shown() {
        return metrics.read().stream()
                .flatMap(family -> family.samples().stream())
                .map(sample -> {
                    List<String> pairs = sample.labels().pairs();
                    return pairs.get(1) + " " + pairs.get(3) + " " + pairs.get(5) + " " + pairs.get(7) + " "
                            + ((Metrics.Sample.Count) sample).value();
                })
                .sorted()
                .toList();
    }

    @Test
    @Moves("ottla_network_client_requests_total")
    void shouldCountByVersionAndSoftware(Movement movement) {
        movement.watch(metrics);
        requests.of(JAVA).count(api(ApiKeys.FETCH), (short) 17, NEWEST);
        requests.of(JAVA).count(api(ApiKeys.FETCH), (short) 17, NEWEST);
        requests.of(JAVA).count(api(ApiKeys.PRODUCE), (short) 12, NEWEST);
        requests.of(ClientSoftware.UNKNOWN).count(api(ApiKeys.FETCH), (short) 4, NEWEST);
        assertThat(shown())
                .containsExactly(
                        "apache-kafka-java 4.4.0 Fetch 17 2",
                        "apache-kafka-java 4.4.0 Produce 12 1",
                        "unknown unknown Fetch 4 1");
    }

    @Test
    void shouldCountAsOtherWhatComesAfterAHundredKinds() {
        for (int i = 0; i < ClientRequests.MOST_KINDS + 20; i++) {
            requests.of(new ClientSoftware("c", "1." + i)).count(api(ApiKeys.FETCH), (short) 4, NEWEST);
        }
        requests.of(new ClientSoftware("c", "1.0")).count(api(ApiKeys.FETCH), (short) 4, NEWEST);
        assertThat(shown())
                .hasSize(ClientRequests.MOST_KINDS + 1)
                .contains("other other Fetch 4 20", "c 1.0 Fetch 4 2", "c 1.99 Fetch 4 1");
    }

    @Test
    void shouldCountAsOtherWhatWouldBeASeriesTooMany() {
        for (int version = 0; version < NEWEST; version++) {
            requests.of(JAVA).count(api(ApiKeys.FETCH), (short) version, NEWEST);
        }
        assertThat(shown())
                .hasSize(NEWEST)
                .contains("apache-kafka-java 4.4.0 Fetch 1999 1", "other other Fetch 2000 1")
                .doesNotContain("apache-kafka-java 4.4.0 Fetch 2000 1");
        // and    what it has counts on
        requests.of(JAVA).count(api(ApiKeys.FETCH), (short) 7, NEWEST);
        requests.of(JAVA).count(api(ApiKeys.FETCH), (short) 2_000, NEWEST);
        assertThat(shown()).contains("apache-kafka-java 4.4.0 Fetch 7 2", "other other Fetch 2000 2");
    }
}
