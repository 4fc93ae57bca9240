package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.core.Ordered;
import org.springframework.web.filter.ServerHttpObservationFilter;

/** What the metric of requests is told of each: the template of its route, and never a name of a topic, a group or a person. */
class UriTagsTest {
    /** What stands for requests that no route has, and for files. */
    private static final Set<String> OTHERS = Set.of("NOT_FOUND", "REDIRECTION", "UNKNOWN", "root", "/**", "/assets/*");

    /** Of the actuator, which the process has beside the console. */
    private static final int ACTUATOR = 50;

    @TempDir
    static Path folder;

    private static final List<String> told = new CopyOnWriteArrayList<>();
    private static TestingConsole console;

    @BeforeAll
    static void start() throws Exception {
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStop(Observation.Context request) {
                KeyValue uri = request.getLowCardinalityKeyValue("uri");
                told.add(uri == null ? "" : uri.getValue());
            }

            @Override
            public boolean supportsContext(Observation.Context any) {
                return true;
            }
        });
        console = TestingConsole.start(
                TestingPassword.in(folder),
                new TestingCluster().with("orders", 1),
                Map.of(),
                generic -> generic.registerBean("observing", FilterRegistrationBean.class, () -> {
                    FilterRegistrationBean<ServerHttpObservationFilter> filter =
                            new FilterRegistrationBean<>(new ServerHttpObservationFilter(registry));
                    filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
                    return filter;
                }));
    }

    @AfterAll
    static void stop() {
        console.close();
    }

    private static Set<String> templates() {
        return Routes.of(console).stream().map(Routes.Route::path).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void shouldNameRoutesAndNothingThatStandsInThem() throws Exception {
        // given
        console.logIn(TestingPassword.PASSWORD);
        told.clear();
        List<String> addresses = List.of(
                "/",
                "/clusters",
                "/clusters/ottla/topics",
                "/clusters/ottla/topics/orders",
                "/clusters/ottla/topics/nowhere",
                "/clusters/nowhere/topics",
                "/clusters/ottla/topics/orders/records/nowhere",
                "/people/of/nobody",
                "/assets/console.css",
                "/nowhere/at/all",
                "/v3/clusters/" + TestingCluster.ID + "/topics/orders/partitions/0/offset",
                "/v3/clusters/nowhere/topics/orders",
                "/kafka/v3/clusters/" + TestingCluster.ID + "/topics/nowhere",
                "/api/v1/clusters/" + TestingCluster.ID + "/groups/team~2Fbilling",
                "/api/v1/people/nobody");

        // when
        for (String address : addresses) {
            console.get(address);
        }
        console.sendAnonymously(console.request("/clusters/ottla/topics/orders"));
        console.sendAnonymously(console.request("/v3/clusters/nowhere"));

        // then
        await().until(() -> told.size() >= addresses.size() + 2);
        Set<String> known = templates();
        known.addAll(OTHERS);
        assertThat(known).containsAll(told);
        assertThat(told).contains("/clusters/{cluster}/topics/{name}");
    }

    @Test
    void shouldHaveFewerRoutesThanTheMetricMayName() throws Exception {
        // given
        Path file = Files.exists(Path.of("src/main/resources/application.yaml"))
                ? Path.of("src/main/resources/application.yaml")
                : Path.of("../src/main/resources/application.yaml");
        Matcher bound = Pattern.compile("max-uri-tags: (\\d+)").matcher(Files.readString(file));
        assertThat(bound.find()).isTrue();

        // then
        assertThat(templates().size() + OTHERS.size() + ACTUATOR).isLessThan(Integer.parseInt(bound.group(1)));
    }
}
