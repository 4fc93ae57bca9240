package io.ottla.console.acls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.console.TestingCluster;
import io.ottla.console.access.AuditEntry;
import io.ottla.console.access.Forbidden;
import io.ottla.console.access.Grant;
import io.ottla.console.access.NamePattern;
import io.ottla.console.access.Role;
import io.ottla.console.access.Visit;
import io.ottla.console.access.Visitor;
import io.ottla.console.clusters.ClusterDefinition;
import io.ottla.console.clusters.ClusterDefinition.Origin;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ManagedCluster;
import io.ottla.console.pages.Mistyped;
import io.ottla.console.quotas.QuotaOwner;
import io.ottla.console.quotas.Quotas;
import io.ottla.console.scram.ScramUsers;
import io.ottla.console.scram.Secret;
import io.ottla.console.transactions.Hanging;
import io.ottla.console.transactions.HangingSearch;
import io.ottla.console.transactions.Transactions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

class AclsTest {
    private static final List<NamePattern> ANY = List.of(NamePattern.ANY);

    private final TestingCluster cluster = new TestingCluster().with("orders-eu", 3);
    private final List<AuditEntry> trail = new ArrayList<>();

    private Visit visit(Grant... grants) {
        return new Visit(
                new Visitor("ann", List.of(grants)),
                "192.0.2.7",
                new ManagedCluster(
                        new ClusterDefinition("ottla", "Ottla", Origin.BESIDE, "", "", Map.of(), false, true), cluster),
                trail::add,
                () -> Instant.EPOCH);
    }

    private static Acl read(ResourceType type, String name) {
        return new Acl(type, name, PatternType.LITERAL, "User:bob", "*", AclOperation.READ, AclPermissionType.ALLOW);
    }

    @Test
    void shouldLetNobodyChangeWhoIsNoAdministrator() {
        Visit viewer = visit(Grant.everywhere(Role.VIEWER));
        Visit operator = visit(Grant.everywhere(Role.OPERATOR));
        QuotaOwner owner = QuotaOwner.of(Map.of("user", "bob"));

        assertThat(Acls.list(viewer, AclBindingFilter.ANY)).isEmpty();
        assertThatThrownBy(() -> Acls.create(operator, List.of(read(ResourceType.TOPIC, "x"))))
                .isInstanceOf(Forbidden.class);
        assertThatThrownBy(() -> Acls.delete(operator, List.of(read(ResourceType.TOPIC, "x"))))
                .isInstanceOf(Forbidden.class);
        assertThat(Quotas.list(viewer)).isEmpty();
        assertThatThrownBy(() -> Quotas.alter(operator, owner, Map.of("producer_byte_rate", OptionalDouble.of(1))))
                .isInstanceOf(Forbidden.class);
        assertThatThrownBy(() -> ScramUsers.list(operator)).isInstanceOf(Forbidden.class);
        assertThatThrownBy(() -> ScramUsers.set(
                        operator, "bob", List.of(ScramMechanism.SCRAM_SHA_512), 4096, Secret.chosen("long-enough")))
                .isInstanceOf(Forbidden.class);
        assertThatThrownBy(() -> Transactions.abort(operator, "t")).isInstanceOf(Forbidden.class);
        assertThat(cluster.security.acls).isEmpty();
        assertThat(cluster.security.quotas).isEmpty();
        assertThat(cluster.security.users).isEmpty();
        assertThat(cluster.security.fenced).isEmpty();
        assertThat(trail)
                .hasSize(5)
                .allSatisfy(entry -> assertThat(entry.outcome()).isEqualTo(AuditEntry.Outcome.DENIED));
    }

    @Test
    void shouldReachNoFurtherThanTheTopicsOfTheRole() {
        // given
        cluster.security.acls.add(read(ResourceType.TOPIC, "orders-eu").binding());
        cluster.security.acls.add(read(ResourceType.TOPIC, "payments").binding());
        cluster.security.acls.add(read(ResourceType.TOPIC, "*").binding());
        Visit some = visit(new Grant(Role.ADMIN, ANY, List.of(new NamePattern("orders-*")), ANY));

        // then
        assertThat(Acls.list(some, AclBindingFilter.ANY)).extracting(Acl::name).containsExactly("orders-eu", "*");
        for (String outside : List.of("payments", "*")) {
            assertThatThrownBy(() -> Acls.create(some, List.of(read(ResourceType.TOPIC, outside))))
                    .isInstanceOf(Mistyped.class);
            assertThatThrownBy(() -> Acls.delete(some, List.of(read(ResourceType.TOPIC, outside))))
                    .isInstanceOf(Mistyped.class);
        }
        Acls.create(some, List.of(read(ResourceType.TOPIC, "orders-us")));
        assertThat(cluster.security.acls).hasSize(4);
        assertThat(trail.getLast().names().getFirst()).contains("READ", "TOPIC:LITERAL:orders-us", "User:bob");
    }

    @Test
    void shouldLeaveRulesOfTheClusterToWhoAdministersAllOfIt() {
        // given  who sees everything, but administers some topics, some by how they end
        cluster.security.acls.add(read(ResourceType.TRANSACTIONAL_ID, "t").binding());
        List<NamePattern> own = List.of(new NamePattern("orders-*"), new NamePattern("*-eu"));
        Visit both = visit(Grant.everywhere(Role.VIEWER), new Grant(Role.ADMIN, ANY, own, ANY));
        Visit some = visit(new Grant(Role.ADMIN, ANY, own, ANY));
        Acl prefix = new Acl(
                ResourceType.TOPIC,
                "x-eu",
                PatternType.PREFIXED,
                "User:bob",
                "*",
                AclOperation.READ,
                AclPermissionType.ALLOW);

        // then
        assertThat(Acls.list(both, AclBindingFilter.ANY)).hasSize(1);
        assertThat(Acls.list(some, AclBindingFilter.ANY)).isEmpty();
        for (Acl outside : List.of(
                read(ResourceType.CLUSTER, "kafka-cluster"),
                read(ResourceType.TRANSACTIONAL_ID, "t"),
                read(ResourceType.TOPIC, "payments"),
                prefix)) {
            assertThatThrownBy(() -> Acls.create(both, List.of(outside))).isInstanceOf(Mistyped.class);
            assertThatThrownBy(() -> Acls.delete(both, List.of(outside))).isInstanceOf(Mistyped.class);
        }
        Acls.create(both, List.of(read(ResourceType.TOPIC, "x-eu")));
        assertThat(cluster.security.acls).hasSize(2);
    }

    @Test
    void shouldAbortNothingOfTopicsOfOthers() {
        // given
        Visit some = visit(new Grant(Role.ADMIN, ANY, List.of(new NamePattern("orders-*")), ANY));
        cluster.with("orders-eu", 1).with("payments", 1);
        cluster.security.write(new TopicPartition("orders-eu", 0), 8, 5, 0);
        cluster.security.write(new TopicPartition("payments", 0), 9, 5, 0);
        Hanging own = HangingSearch.find(some, "orders-eu", 0, 8);
        Hanging other = HangingSearch.find(visit(Grant.everywhere(Role.ADMIN)), "payments", 0, 9);

        // then
        assertThatThrownBy(() -> Transactions.abort(some, "t"))
                .isInstanceOf(Forbidden.class)
                .hasMessageContaining("for some topics and groups");
        assertThatThrownBy(() -> HangingSearch.abort(some, other))
                .isInstanceOf(ClusterFailure.class)
                .hasMessageContaining("does not exist");
        HangingSearch.abort(some, own);
        assertThat(trail.getLast().names()).containsExactly("orders-eu");
        assertThat(trail.getLast().outcome()).isEqualTo(AuditEntry.Outcome.DONE);
    }

    @Test
    void shouldKnowWhatEachTemplateStandsFor() {
        assertThat(AclTemplate.STREAMS.acls(Map.of(
                        "principal",
                        "app",
                        "application",
                        "words",
                        "inputs",
                        "a\n\nb\n",
                        "outputs",
                        "c",
                        "exactlyOnce",
                        "on")))
                .extracting(Acl::toString)
                .containsExactly(
                        "ALLOW READ on TOPIC:LITERAL:a to User:app from *",
                        "ALLOW DESCRIBE on TOPIC:LITERAL:a to User:app from *",
                        "ALLOW READ on TOPIC:LITERAL:b to User:app from *",
                        "ALLOW DESCRIBE on TOPIC:LITERAL:b to User:app from *",
                        "ALLOW WRITE on TOPIC:LITERAL:c to User:app from *",
                        "ALLOW DESCRIBE on TOPIC:LITERAL:c to User:app from *",
                        "ALLOW ALL on TOPIC:PREFIXED:words to User:app from *",
                        "ALLOW READ on GROUP:LITERAL:words to User:app from *",
                        "ALLOW DESCRIBE on GROUP:LITERAL:words to User:app from *",
                        "ALLOW WRITE on TRANSACTIONAL_ID:PREFIXED:words to User:app from *",
                        "ALLOW DESCRIBE on TRANSACTIONAL_ID:PREFIXED:words to User:app from *");
        assertThat(AclTemplate.PRODUCER.acls(
                        Map.of("principal", "p", "topic", "t", "transactionalId", "x", "idempotent", "on")))
                .hasSize(5);
        assertThat(AclTemplate.ADMIN.acls(Map.of("principal", "p", "prefix", "team-")))
                .extracting(Acl::operation)
                .doesNotContain(AclOperation.READ, AclOperation.WRITE, AclOperation.ALL)
                .hasSize(6);
    }

    @Test
    void shouldGuessNothingOfARuleThatIsBroughtBack() {
        String rule = "{\"resource_type\":\"TOPIC\",\"resource_name\":\"t\",\"pattern_type\":\"LITERAL\","
                + "\"principal\":\"User:bob\",\"host\":\"*\",\"operation\":\"READ\",\"permission\":\"ALLOW\"}";
        String api = rule.replace("{", "{\"kind\":\"KafkaAcl\",\"metadata\":{\"self\":\"x\"},\"cluster_id\":\"c\",");

        // when, then   it is there as this console or the API writes it
        for (String text : List.of(
                "[" + rule + "]",
                "{\"data\":[" + rule + "]}",
                "{\"kind\":\"KafkaAclList\",\"metadata\":{\"next\":null},\"data\":[" + api + "]}")) {
            assertThat(AclText.parse(text)).as(text).containsExactly(read(ResourceType.TOPIC, "t"));
        }

        // and    what is nearly so is refused with its place
        Map.of(
                        "[" + rule.replace("}", ",\"principal\":\"User:eve\"}") + "]",
                        "principal twice",
                        "{\"data\":[],\"data\":[" + rule + "]}",
                        "data twice",
                        "[" + rule.replace("\"t\"", "7") + "]",
                        "[0].resource_name is of another type",
                        "{\"data\":[" + rule.replace("\"*\"", "true") + "]}",
                        "data[0].host is of another type",
                        "{\"data\":[" + rule.replace("\"host\"", "\"hosts\"") + "]}",
                        "data[0].hosts, which is no field of it",
                        "{\"rules\":[" + rule + "]}",
                        "rules, which is no field of it",
                        "[" + rule + "] []",
                        "Expected JSON, but",
                        "{\"data\":{}}",
                        "data is of another type",
                        "[null]",
                        "Expected a JSON array of rules")
                .forEach((text, why) -> assertThatThrownBy(() -> AclText.parse(text))
                        .as(text)
                        .isInstanceOf(Mistyped.class)
                        .hasMessageContaining(why));
    }

    @Test
    void shouldReadWhatItWrites() {
        List<Acl> acls = List.of(
                read(ResourceType.GROUP, "a, \"b\"\nc"),
                read(ResourceType.TOPIC, "*"),
                read(ResourceType.CLUSTER, "kafka-cluster"));

        assertThat(AclText.parse(AclText.csv(acls))).isEqualTo(acls);
        assertThat(AclText.parse(AclText.json(acls))).isEqualTo(acls);
        for (String wrong : List.of(
                "",
                "x",
                "\"open",
                "{}",
                "{\"data\":3}",
                "[null]",
                "[{\"resource_type\":\"TOPIC\"}]",
                "[",
                "[[1]]",
                AclText.csv(acls).replace("READ", "SING"))) {
            assertThatThrownBy(() -> AclText.parse(wrong)).as(wrong).isInstanceOf(Mistyped.class);
        }
    }
}
