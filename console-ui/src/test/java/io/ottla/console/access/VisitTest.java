package io.ottla.console.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.console.TestingCluster;
import io.ottla.console.access.AuditEntry.Outcome;
import io.ottla.console.clusters.ClusterDefinition;
import io.ottla.console.clusters.ClusterDefinition.Origin;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterFailure.Reason;
import io.ottla.console.clusters.ManagedCluster;
import io.ottla.console.clusters.TopicSummary;
import io.ottla.console.topics.NewTopicDraft;
import io.ottla.console.topics.TopicChanges;
import io.ottla.console.words.Wording;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class VisitTest {
    private static final List<NamePattern> ANY = List.of(NamePattern.ANY);

    private final TestingCluster cluster =
            new TestingCluster().with("orders-eu", 3).with("payments", 1);
    private final List<AuditEntry> trail = new ArrayList<>();

    private Visit visit(Grant grant, boolean readOnly) {
        ClusterDefinition definition =
                new ClusterDefinition("ottla", "Ottla", Origin.BESIDE, "", "", Map.of(), readOnly, true);
        return new Visit(
                new Visitor("ann", List.of(grant)),
                "192.0.2.7",
                new ManagedCluster(definition, cluster),
                trail::add,
                () -> Instant.EPOCH);
    }

    private Visit visit(Role role) {
        return visit(Grant.everywhere(role), false);
    }

    @ParameterizedTest
    @CsvSource({
        "*, anything, true",
        "orders, orders, true",
        "orders, orders-eu, false",
        "orders-*, orders-, true",
        "orders-*, orders, false",
        "*-eu, orders-eu, true",
        "*-eu, orders-eu-2, false",
        "a*b*c, a--b--b--c, true",
        "a*b*c, a--c--b, false",
        "**, x, true",
        "o.ders, orders, false"
    })
    void shouldMatchNames(String pattern, String name, boolean matches) {
        assertThat(new NamePattern(pattern).matches(name)).isEqualTo(matches);
    }

    @ParameterizedTest
    @EnumSource(
            value = Action.class,
            names = {"READ_RECORDS", "PRODUCE", "CREATE_TOPIC", "EDIT_TOPIC", "ADD_PARTITIONS"})
    void shouldLeaveToAdministratorsWhatSoftwareKeepsForItself(Action action) {
        for (String topic : List.of("__ottla_audit", "__ottla_lag", "__share_group_state")) {
            assertThat(visit(Role.VIEWER).may(action, topic)).isFalse();
            assertThat(visit(Role.OPERATOR).may(action, topic)).isFalse();
            assertThat(visit(Role.ADMIN).may(action, topic)).isTrue();
            assertThat(visit(Role.OPERATOR).may(Action.REASSIGN, topic)).isTrue();
        }
        assertThat(visit(Role.OPERATOR).may(action, "_orders")).isTrue();
        assertThat(visit(Role.OPERATOR).may(action, "__consumer_offsets")).isEqualTo(action == Action.READ_RECORDS);
    }

    @Test
    void shouldShowOnlyWhatThePatternsName() {
        // given
        Visit visit = visit(new Grant(Role.ADMIN, ANY, List.of(new NamePattern("orders-*")), ANY), false);

        // then
        assertThat(visit.topics()).extracting(TopicSummary::name).containsExactly("orders-eu");
        assertThat(visit.survey().topics()).extracting(TopicSummary::name).containsExactly("orders-eu");
        assertThat(visit.topic("orders-eu").partitions()).hasSize(3);
        assertThatExceptionOfType(ClusterFailure.class)
                .isThrownBy(() -> visit.topic("payments"))
                .satisfies(failure -> assertThat(failure.reason()).isEqualTo(Reason.NOT_FOUND));
        assertThatExceptionOfType(ClusterFailure.class).isThrownBy(() -> TopicChanges.delete(visit, "payments"));
        assertThat(cluster.topics).containsKey("payments");
        assertThat(visit.may(Action.EDIT_PEOPLE)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = Action.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"LOG_IN", "LOG_OUT", "EDIT_ONESELF"})
    void shouldLeaveAViewerEverythingAsItWas(Action action) {
        assertThat(visit(Role.VIEWER).may(action, "orders-eu") && !action.reads())
                .isFalse();
        assertThat(visit(Role.ADMIN).may(action, "orders-eu")).isTrue();
        assertThat(visit(Grant.everywhere(Role.ADMIN), true).may(action, "orders-eu"))
                .isEqualTo(action.reads());
    }

    @Test
    void shouldTellTheTrailOfWhatWasDoneAndOfWhatWasNot() {
        // when
        TopicChanges.delete(visit(Role.ADMIN), "payments");
        assertThatThrownBy(() -> TopicChanges.delete(visit(Role.OPERATOR), "orders-eu"))
                .isInstanceOf(Forbidden.class)
                .hasMessageContaining("delete a topic");
        assertThatThrownBy(() -> TopicChanges.delete(visit(Grant.everywhere(Role.ADMIN), true), "orders-eu"))
                .isInstanceOf(Forbidden.class)
                .hasMessageContaining("read-only");
        assertThatThrownBy(() -> TopicChanges.create(visit(Role.OPERATOR), draft("orders-eu")))
                .isInstanceOf(ClusterFailure.class);
        assertThatThrownBy(() -> visit(Role.OPERATOR).change(Change.of(Action.PRODUCE, "orders-eu"), admin -> {
                    throw new ClusterFailure(Reason.NO_ANSWER, Wording.quoted("late"));
                }))
                .isInstanceOf(ClusterFailure.class);

        // then
        assertThat(trail)
                .extracting(AuditEntry::outcome)
                .containsExactly(Outcome.DONE, Outcome.DENIED, Outcome.DENIED, Outcome.FAILED, Outcome.UNKNOWN);
        assertThat(trail.getFirst())
                .isEqualTo(new AuditEntry(
                        Instant.EPOCH,
                        "ann",
                        "192.0.2.7",
                        "ottla",
                        Action.DELETE_TOPIC,
                        List.of("payments"),
                        Map.of(),
                        Outcome.DONE,
                        ""));
        assertThat(cluster.topics).containsOnlyKeys("orders-eu");
    }

    @Test
    void shouldAskButNotChangeThroughTheClientForQuestions() {
        assertThatThrownBy(() -> visit(Role.ADMIN).asking().createTopics(List.of(new NewTopic("x", 1, (short) 1))))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("createTopics");
        assertThatThrownBy(() -> visit(Role.ADMIN).asking().incrementalAlterConfigs(Map.of()))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThat(cluster.topics).doesNotContainKey("x");
    }

    private static NewTopicDraft draft(String name) {
        return new NewTopicDraft(name, OptionalInt.empty(), OptionalInt.empty(), Map.of(), Map.of(), false);
    }
}
