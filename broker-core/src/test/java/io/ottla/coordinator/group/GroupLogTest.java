package io.ottla.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.TestingLines;
import io.ottla.coordinator.group.TestingConsumers.Client;
import java.util.List;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.junit.jupiter.api.Test;

/** What the log says of groups whose ids, and whose members' ids and reasons, are made to forge and fill it. */
class GroupLogTest {
    private static final String FORGED = "g\n2026-01-01 00:00:00.000 ERROR forged\0\u001b[2J";
    private static final String LONG = FORGED + "x".repeat(20_000);

    private final TestingConsumers consumers = new TestingConsumers();

    GroupLogTest() {
        consumers.create("t", 4);
    }

    @Test
    void shouldKeepToOneShortLine() {
        try (TestingLines lines = TestingLines.of("io.ottla.coordinator")) {
            // when  a classic group rebalances, can't become a consumer group, and loses its member
            JoinGroupResponseData joined = consumers.groups.stable(LONG);
            consumers.groups.join(
                    TestingGroups.joining(LONG, joined.memberId(), null, "range", "other")
                            .setReason(LONG),
                    9);
            consumers.beat(TestingConsumers.joining(LONG, "member", "t"));
            consumers.groups.advance(200_000);

            // and   a member of a consumer group is not heard of any more
            Client late = consumers.new Client(FORGED, LONG);
            late.join("t");
            consumers.groups.advance(200_000);

            // then
            List<String> all = lines.all();
            assertThat(all)
                    .anyMatch(line -> line.contains("prepares to rebalance"))
                    .anyMatch(line -> line.contains("can't be read"))
                    .anyMatch(line -> line.contains("begins generation"))
                    .anyMatch(line -> line.contains("is empty"))
                    .anyMatch(line -> line.contains("member g\\n2026-01-01 00:00:00.000 ERROR forged\\u0000"));
            assertThat(all)
                    .allSatisfy(line -> assertThat(line)
                            .hasSizeLessThan(500)
                            .matches(text -> text.chars().noneMatch(Character::isISOControl)));
        }
    }
}
