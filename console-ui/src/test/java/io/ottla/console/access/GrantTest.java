package io.ottla.console.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GrantTest {
    private static final List<NamePattern> ANY = List.of(NamePattern.ANY);
    private static final List<NamePattern> SOME = List.of(new NamePattern("orders-*"));

    private static final Grant EVERYTHING = Grant.everywhere(Role.ADMIN);
    private static final Grant CLUSTER = new Grant(Role.ADMIN, List.of(new NamePattern("east")), ANY, ANY);
    private static final Grant TOPICS = new Grant(Role.ADMIN, ANY, SOME, ANY);
    private static final Grant GROUPS = new Grant(Role.ADMIN, ANY, ANY, SOME);

    @ParameterizedTest
    @EnumSource(Action.class)
    void shouldBoundByPatternsWhatIsDone(Action action) {
        // given  how far each kind of thing is reached by a grant of one cluster, some topics, some groups
        boolean[] reached = switch (action.type()) {
            case CLUSTER, ONESELF -> new boolean[] {true, true, true};
            case WHOLE_CLUSTER -> new boolean[] {true, false, false};
            case TOPIC -> new boolean[] {true, false, true};
            case GROUP -> new boolean[] {true, true, false};
            case CONSOLE -> new boolean[] {false, false, false};
        };

        // then
        assertThat(EVERYTHING.allows(action, "east", "payments")).isTrue();
        assertThat(CLUSTER.allows(action, "east", "payments")).isEqualTo(reached[0]);
        assertThat(TOPICS.allows(action, "east", "payments")).isEqualTo(reached[1]);
        assertThat(GROUPS.allows(action, "east", "payments")).isEqualTo(reached[2]);
        assertThat(CLUSTER.allows(action, "west", "payments")).isEqualTo(action.type() == ResourceType.ONESELF);
    }

    @ParameterizedTest
    @EnumSource(
            value = Action.class,
            names = {
                "VIEW_ZOOKEEPER",
                "EDIT_BROKER",
                "EDIT_LOG_LEVELS",
                "UNREGISTER_BROKER",
                "THROTTLE",
                "EDIT_QUOTAS",
                "VIEW_USERS",
                "EDIT_USERS",
                "ABORT_TRANSACTION"
            })
    void shouldWantAllTopicsAndGroupsForWhatConcernsThemAll(Action action) {
        assertThat(action.type()).isEqualTo(ResourceType.WHOLE_CLUSTER);
        assertThat(TOPICS.allowsSomewhere(action, "east")).isFalse();
        assertThat(GROUPS.allowsSomewhere(action, "east")).isFalse();
        assertThat(CLUSTER.allowsSomewhere(action, "east")).isTrue();
    }

    @Test
    void shouldNotJoinWhatTwoRolesAllow() {
        // given  who sees everything, and administers some of it
        Visitor visitor = new Visitor("ann", List.of(Grant.everywhere(Role.VIEWER), TOPICS, GROUPS));

        // then
        assertThat(visitor.may(Action.EDIT_BROKER, "east", "")).isFalse();
        assertThat(visitor.may(Action.EDIT_ACLS, ResourceType.WHOLE_CLUSTER, "east", ""))
                .isFalse();
        assertThat(new Visitor("ann", List.of(Grant.everywhere(Role.VIEWER), TOPICS))
                        .may(Action.EDIT_ACLS, ResourceType.TOPIC, "east", "payments"))
                .isFalse();
        assertThat(visitor.may(Action.DELETE_TOPIC, "east", "payments")).isTrue();
        assertThat(visitor.may(Action.ABORT_HANGING, "east", "orders-eu")).isTrue();
    }
}
