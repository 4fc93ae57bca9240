package io.ottla.coordinator.group;

import static io.ottla.coordinator.group.TestingGroups.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.coordinator.group.TestingGroups.Later;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** What a coordinator knows of classic groups that another one led before. */
class ClassicReloadTest {
    private final TestingGroups groups = TestingGroups.quick();

    private JoinGroupResponseData generation(Later<JoinGroupResponseData> joining) {
        groups.advance(20);
        JoinGroupResponseData joined = joining.get();
        groups.sync(joined, "g", null).get();
        return joined;
    }

    @Test
    void shouldKnowWhatAMemberSpeaksInTheLastGeneration() {
        // given  a member that has come to prefer another protocol
        JoinGroupResponseData first = generation(groups.join("g", "range", "sticky"));
        assertThat(first.protocolName()).isEqualTo("range");
        JoinGroupResponseData second =
                generation(groups.join(joining("g", first.memberId(), null, "sticky", "range"), 9));
        assertThat(second.protocolName()).isEqualTo("sticky");
        // when   the group is loaded, and somebody comes who speaks that alone
        groups.follow();
        groups.lead();
        Later<JoinGroupResponseData> coming = groups.join("g", "sticky");
        groups.join(joining("g", first.memberId(), null, "sticky", "range"), 9);
        // then
        assertThat(Errors.forCode(coming.get().errorCode())).isEqualTo(Errors.NONE);
        assertThat(coming.get().protocolName()).isEqualTo("sticky");
    }
}
