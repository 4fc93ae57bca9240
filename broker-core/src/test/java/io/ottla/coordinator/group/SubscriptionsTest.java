package io.ottla.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.TestingLines;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.junit.jupiter.api.Test;

/** What classic groups read is known as far as it can be, and the log is not filled with what can't. */
class SubscriptionsTest {
    @Test
    void shouldSayOncePerGenerationThatASubscriptionCanNotBeRead() {
        TestingGroups groups = TestingGroups.quick();
        try (TestingLines lines = TestingLines.of(Subscriptions.class)) {
            // given  a member whose subscription is none, which joined and has its assignment
            JoinGroupResponseData first = groups.stable("g");
            // then
            assertThat(lines.all()).singleElement().asString().contains("Group g has a member " + first.memberId());
            // when   another generation begins
            groups.join("g");
            groups.join(TestingGroups.joining("g", first.memberId(), null), 9);
            // then
            assertThat(lines.all()).hasSize(2);
        }
    }
}
