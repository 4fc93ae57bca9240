package io.ottla.coordinator.group;

import static io.ottla.coordinator.group.TestingGroups.committing;
import static io.ottla.coordinator.group.TestingGroups.joining;
import static io.ottla.coordinator.group.TestingGroups.member;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.coordinator.group.TestingGroups.Later;
import io.ottla.storage.AppendResult;
import io.ottla.types.Failure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroupMember;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/** Whatever members do and whatever befalls the log: what is loaded from it is what was there before. */
final class GroupReplayPropertyTest {
    private static final String[] GROUPS = {"a", "b", "c"};

    /** A member as its client knows it. */
    private static final class Client {
        final String group;
        final String instanceId;
        String memberId = "";
        JoinGroupResponseData generation;
        Later<JoinGroupResponseData> join;
        Later<SyncGroupResponseData> sync;

        Client(String group, String instanceId) {
            this.group = group;
            this.instanceId = instanceId;
        }
    }

    private final TestingGroups groups = TestingGroups.quick();
    private final List<Client> clients = new ArrayList<>();
    private final List<Later<?>> asked = new ArrayList<>();
    /** Who leads each generation of each group, as members were told. */
    private final Map<String, String> leaders = new HashMap<>();

    @Property(tries = 150)
    void shouldLoadWhatWasThere(@ForAll long seed) {
        new GroupReplayPropertyTest().run(new Random(seed));
    }

    private void run(Random random) {
        for (int move = 0; move < 120; move++) {
            groups.log().nextAppend =
                    random.nextInt(12) == 0 ? new AppendResult.Refused(Failure.of(Errors.NOT_ENOUGH_REPLICAS)) : null;
            move(random);
            clients.forEach(this::heed);
            groups.log().nextAppend = null;
            if (random.nextInt(20) == 0) {
                restart();
            }
        }
        restart();
        groups.follow();
        // Nobody is left waiting, and nobody was answered twice (an answer refuses to be).
        assertThat(asked).allMatch(later -> later.now() != null);
    }

    private void move(Random random) {
        String group = GROUPS[random.nextInt(GROUPS.length)];
        Client client = clients.isEmpty() ? null : clients.get(random.nextInt(clients.size()));
        switch (random.nextInt(12)) {
            case 0 -> come(new Client(group, null), random);
            case 1 -> come(new Client(group, "s" + random.nextInt(2)), random);
            case 2, 3, 4 -> {
                if (client != null) {
                    join(client, random);
                }
            }
            case 5, 6 -> {
                if (client != null && client.generation != null) {
                    client.sync = groups.sync(client.generation, client.group, client.instanceId);
                    asked.add(client.sync);
                }
            }
            case 7 -> {
                if (client != null) {
                    groups.leave(client.group, member(client.memberId, client.instanceId));
                    clients.remove(client);
                }
            }
            case 8 -> {
                if (client != null && client.generation != null) {
                    groups.commit(
                            client.group,
                            client.memberId,
                            client.generation.generationId(),
                            "t" + random.nextInt(3),
                            random.nextInt(100));
                }
            }
            case 9 -> groups.commit(committing(group, "", -1, "t" + random.nextInt(3), random.nextInt(3), 7), 9);
            case 10 -> {
                if (random.nextBoolean()) {
                    groups.delete(group);
                } else {
                    deleteOffsets(group, "t" + random.nextInt(3));
                }
            }
            default -> groups.advance(random.nextInt(4) == 0 ? 30_000 : 20);
        }
    }

    private void come(Client client, Random random) {
        if (clients.size() < 8) {
            clients.add(client);
            join(client, random);
        }
    }

    private void join(Client client, Random random) {
        JoinGroupRequestData request = random.nextInt(4) == 0
                ? joining(client.group, client.memberId, client.instanceId, "range", "extra")
                : joining(client.group, client.memberId, client.instanceId);
        if (random.nextInt(10) == 0) {
            request.setMemberId("");
        }
        client.join = groups.join(request, random.nextInt(5) == 0 ? 3 : 9);
        asked.add(client.join);
    }

    /** Does with an answer what a client does with it. */
    private void heed(Client client) {
        if (client.join == null || client.join.now() == null) {
            return;
        }
        JoinGroupResponseData answer = client.join.get();
        client.join = null;
        Errors error = Errors.forCode(answer.errorCode());
        if (error == Errors.NONE) {
            client.memberId = answer.memberId();
            client.generation = answer;
            if (!answer.members().isEmpty()) {
                String generation = client.group + " " + answer.generationId();
                assertThat(answer.members()).anyMatch(each -> each.memberId().equals(answer.leader()));
                leaders.put(generation, answer.leader());
            }
        } else {
            client.generation = null;
            client.memberId = error == Errors.MEMBER_ID_REQUIRED ? answer.memberId() : "";
        }
    }

    private void deleteOffsets(String group, String topic) {
        OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
        topics.add(new OffsetDeleteRequestTopic()
                .setName(topic)
                .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(0))));
        groups.coordinator
                .offsets()
                .delete(new OffsetDeleteRequestData().setGroupId(group).setTopics(topics), _ -> {});
        groups.run();
    }

    /** Another broker leads for a moment: what is there afterwards comes from the log alone. */
    private void restart() {
        // What the log refused is tried again, unless it can be answered for.
        groups.advance(2_000);
        clients.forEach(this::heed);
        Map<String, String> before = picture();
        groups.follow();
        groups.lead();
        clients.forEach(this::heed);
        Map<String, String> after = picture();
        for (String group : GROUPS) {
            assertThat(after.get("offsets of " + group)).isEqualTo(before.get("offsets of " + group));
            String was = before.get(group);
            if (was.startsWith("Stable") || was.startsWith("Dead")) {
                assertThat(after.get(group)).isEqualTo(was);
            } else if (was.startsWith("Empty")) {
                // Those that were only given an id are not in the log; a group without anything else is forgotten.
                assertThat(after.get(group)).isIn(was, "Dead  []");
                if (after.get(group).startsWith("Dead")) {
                    assertThat(before.get("offsets of " + group)).isEqualTo("{}");
                }
            }
        }
    }

    private Map<String, String> picture() {
        TreeMap<String, String> picture = new TreeMap<>();
        groups.coordinator.groups().describe(List.of(GROUPS), (short) 5, all -> {
            for (DescribedGroup group : all) {
                picture.put(group.groupId(), text(group));
            }
        });
        for (String group : GROUPS) {
            groups.coordinator
                    .offsets()
                    .fetch(
                            new OffsetFetchRequestGroup().setGroupId(group).setTopics(null),
                            false,
                            found -> picture.put("offsets of " + group, text(found)));
        }
        groups.run();
        return picture;
    }

    private static String text(DescribedGroup group) {
        List<String> members = new ArrayList<>();
        for (DescribedGroupMember each : group.members()) {
            members.add(each.memberId() + " " + each.groupInstanceId() + " "
                    + new String(each.memberMetadata(), java.nio.charset.StandardCharsets.UTF_8) + " "
                    + new String(each.memberAssignment(), java.nio.charset.StandardCharsets.UTF_8));
        }
        members.sort(null);
        return group.groupState() + " " + group.protocolData() + " " + members;
    }

    private static String text(OffsetFetchResponseGroup found) {
        TreeMap<String, Long> offsets = new TreeMap<>();
        found.topics()
                .forEach(topic -> topic.partitions()
                        .forEach(each ->
                                offsets.put(topic.name() + "-" + each.partitionIndex(), each.committedOffset())));
        return offsets.toString();
    }
}
