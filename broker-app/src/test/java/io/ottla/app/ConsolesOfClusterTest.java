package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three consoles of one cluster: people, sessions and what was added are the cluster's. */
class ConsolesOfClusterTest {
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    Path folder;

    @Test
    void shouldShowTheSameAtEachOfThreeBrokers() throws Exception {
        try (ThreeBrokers three = ThreeBrokers.start(folder, BrokerMake.OTTLA, "console.audit.topic=__ottla_audit");
                ConsoleClient admin = new ConsoleClient();
                ConsoleClient alice = new ConsoleClient()) {
            // given  one of them has made the administrator
            List<OttlaProcess> all = List.of(three.broker(1), three.broker(2), three.broker(3));
            List<OttlaProcess> said = all.stream()
                    .filter(each -> each.output().contains("with the password "))
                    .toList();
            assertThat(said).hasSize(1);
            String password = said.getFirst().password();

            // when   he logs in at one, his session is good at another
            assertThat(admin.logIn(all.get(0), "admin", password).headers().firstValue("Location"))
                    .contains("/");
            assertThat(admin.get(all.get(1), "/people").body()).contains("admin", "this console");

            // and    whom he adds at that one logs in at the third
            admin.submit(
                    all.get(1),
                    "/people/add",
                    "/people/add",
                    Map.of("name", "alice", "password", "alices-password", "role", "viewer"));
            assertThat(alice.logIn(all.get(2), "alice", "alices-password")
                            .headers()
                            .firstValue("Location"))
                    .contains("/");
            assertThat(alice.get(all.get(0), "/clusters/ottla/topics").statusCode())
                    .isEqualTo(200);
            assertThat(alice.get(all.get(0), "/people").statusCode()).isEqualTo(403);

            // and    the trail of all three lies in one topic, on all of them
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(admin.get(all.get(2), "/audit").body())
                                    .contains("log in", "alice", "change who may log in", "127.0.0.1"));
            assertThat(admin.get(all.get(1), "/audit?person=alice&action=log-in")
                            .body())
                    .contains("<span>alice</span>")
                    .doesNotContain("<span>admin</span>");
            assertThat(admin.get(all.get(0), "/clusters/ottla/topics/__ottla_audit")
                            .body())
                    .contains("3 of 3");
            assertThat(alice.get(all.get(0), "/audit").statusCode()).isEqualTo(403);

            // and    a cluster that was added by the address of its ZooKeeper is there at each
            HttpResponse<String> tried = admin.submit(
                    all.get(0),
                    "/add-cluster",
                    "/add-cluster",
                    Map.of("key", "again", "zookeeper", three.zooKeeper(), "enabled", "true", "test", "test"));
            assertThat(tried.body()).contains("It answers: cluster", "3 brokers");
            admin.submit(
                    all.get(0),
                    "/add-cluster",
                    "/add-cluster",
                    Map.of("key", "again", "zookeeper", three.zooKeeper(), "enabled", "true"));
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(admin.get(all.get(2), "/clusters/again/brokers")
                                    .statusCode())
                            .isEqualTo(200));
            for (String key : List.of("ottla", "again")) {
                assertThat(admin.get(all.get(2), "/clusters/" + key + "/zookeeper")
                                .body())
                        .contains("standalone", three.zooKeeper());
                assertThat(admin.get(all.get(2), "/clusters/" + key + "/zookeeper/nodes?path=/brokers/ids/1")
                                .body())
                        .contains("PLAINTEXT", "listener_security_protocol_map", "0x");
                assertThat(admin.get(
                                        all.get(2),
                                        "/clusters/" + key + "/zookeeper/nodes?path=/ottla/console/people/alice")
                                .body())
                        .contains("can be secrets")
                        .doesNotContain("bcrypt");
            }

            // when   she is removed
            admin.submit(all.get(0), "/people/of/alice", "/people/of/alice/remove", Map.of());

            // then   her sessions end at all of them
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(all)
                            .allSatisfy(each -> assertThat(
                                            alice.get(each, "/account").statusCode())
                                    .isEqualTo(302)));

            // when   he logs out at the third
            admin.submit(all.get(2), "/people", "/logout", Map.of());

            // then
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(all)
                            .allSatisfy(each -> assertThat(
                                            admin.get(each, "/people").statusCode())
                                    .isEqualTo(302)));

            // and    a broker that starts again makes nobody
            three.restart(1);
            assertThat(three.broker(1).output()).doesNotContain("with the password ");
            assertThat(admin.logIn(three.broker(1), "admin", password).headers().firstValue("Location"))
                    .contains("/");
        }
    }
}
