package io.ottla.coordinator.group;

import static io.ottla.coordinator.group.TestingConsumers.joining;
import static io.ottla.coordinator.group.TestingConsumers.reporting;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.coordinator.group.TestingConsumers.Client;
import io.ottla.coordinator.group.TestingGroups.Later;
import io.ottla.storage.AppendResult;
import io.ottla.types.Failure;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * Whatever members of both protocols do, whatever topics do and whatever befalls the log: no partition is ever with two,
 * what is loaded from the log is what was there before, and in the end everybody has its share.
 */
final class ConsumerReplayPropertyTest {
    private static final String[] GROUPS = {"a", "b"};

    /** A member of the classic protocol as its client knows it. */
    private static final class Classic {
        final String group;
        String id = "";
        int generation = -1;
        Later<JoinGroupResponseData> join;

        Classic(String group) {
            this.group = group;
        }
    }

    private final TestingConsumers consumers = new TestingConsumers();
    private final List<Client> clients = new ArrayList<>();
    private final List<Classic> classics = new ArrayList<>();
    private int lastMember;
    private int width = 2;

    @Property(tries = 150)
    void shouldLoadWhatWasThereAndNeverGiveAPartitionToTwo(@ForAll long seed) {
        new ConsumerReplayPropertyTest().run(new Random(seed));
    }

    private void run(Random random) {
        consumers.create("t", width);
        consumers.create("u", 1);
        for (int move = 0; move < 100; move++) {
            consumers.groups.log().nextAppend =
                    random.nextInt(15) == 0 ? new AppendResult.Refused(Failure.of(Errors.NOT_ENOUGH_REPLICAS)) : null;
            move(random);
            consumers.groups.log().nextAppend = null;
            assertThatNobodySharesAPartition();
            if (random.nextInt(20) == 0) {
                restart();
            }
        }
        restart();
        settle();
    }

    private void move(Random random) {
        String group = GROUPS[random.nextInt(GROUPS.length)];
        Client client = clients.isEmpty() ? null : clients.get(random.nextInt(clients.size()));
        Classic classic = classics.isEmpty() ? null : classics.get(random.nextInt(classics.size()));
        switch (random.nextInt(14)) {
            case 0, 1 -> come(group, random);
            case 2, 3, 4, 5 -> {
                if (client != null) {
                    report(client, random);
                }
            }
            case 6 -> {
                if (client != null) {
                    leave(client, random);
                }
            }
            case 7 -> {
                if (classics.size() < 3) {
                    classics.add(new Classic(group));
                }
            }
            case 8, 9, 10 -> {
                if (classic != null) {
                    step(classic);
                }
            }
            case 11 -> {
                if (random.nextInt(3) == 0) {
                    consumers.create("t", ++width);
                } else if (client != null) {
                    consumers.groups.commit(client.group, client.id, client.epoch, "t", random.nextInt(100));
                }
            }
            case 12 -> {
                if (random.nextInt(4) == 0) {
                    consumers.groups.delete(group);
                }
            }
            default -> consumers.groups.advance(random.nextInt(6) == 0 ? 50_000 : 500);
        }
    }

    private void come(String group, Random random) {
        if (clients.size() >= 6) {
            return;
        }
        Client client = consumers.new Client(group, "m" + lastMember++);
        client.instanceId = random.nextInt(3) == 0 ? "s" + random.nextInt(2) : null;
        clients.add(client);
        report(client, random);
    }

    private void report(Client client, Random random) {
        if (client.epoch == 0) {
            ConsumerGroupHeartbeatRequestData joining = random.nextBoolean()
                    ? joining(client.group, client.id, "t")
                    : joining(client.group, client.id, "t", "u");
            if (random.nextInt(4) == 0) {
                joining.setSubscribedTopicNames(null).setSubscribedTopicRegex("t|v");
            }
            client.reads = List.of();
            client.heed(consumers.beat(joining.setInstanceId(client.instanceId)));
            return;
        }
        ConsumerGroupHeartbeatRequestData report = reporting(client.group, client.id, client.epoch)
                .setInstanceId(client.instanceId)
                .setTopicPartitions(consumers.owned(client.reads.toArray(String[]::new)));
        if (random.nextInt(8) == 0) {
            report.setSubscribedTopicNames(List.of(random.nextBoolean() ? "t" : "u"));
        }
        if (random.nextInt(10) == 0) {
            // The answer gets lost.
            consumers.beat(report);
        } else {
            client.heed(consumers.beat(report));
        }
    }

    private void leave(Client client, Random random) {
        boolean comesBack = client.instanceId != null && random.nextBoolean();
        client.leave(comesBack ? -2 : -1);
        clients.remove(client);
    }

    /** Does what a member of the classic protocol does next. */
    private void step(Classic member) {
        if (member.join != null) {
            if (member.join.now() != null) {
                heed(member, member.join.now());
            }
            return;
        }
        if (member.generation >= 0
                && consumers.groups.heartbeat(member.group, member.id, member.generation) == Errors.NONE) {
            return;
        }
        member.generation = -1;
        JoinGroupRequestData request = new JoinGroupRequestData()
                .setGroupId(member.group)
                .setMemberId(member.id)
                .setProtocolType("consumer")
                .setSessionTimeoutMs(TestingGroups.SESSION_MS)
                .setRebalanceTimeoutMs(TestingGroups.REBALANCE_MS);
        request.protocols()
                .add(new JoinGroupRequestProtocol()
                        .setName("range")
                        .setMetadata(ClassicMember.bytes(
                                ConsumerProtocol.serializeSubscription(new Subscription(List.of("t"))))));
        member.join = consumers.groups.join(request, 9);
        if (member.join.now() != null) {
            heed(member, member.join.now());
        }
    }

    private void heed(Classic member, JoinGroupResponseData answer) {
        member.join = null;
        Errors error = Errors.forCode(answer.errorCode());
        if (error != Errors.NONE) {
            member.id = error == Errors.MEMBER_ID_REQUIRED ? answer.memberId() : "";
            return;
        }
        member.id = answer.memberId();
        member.generation = answer.generationId();
        List<SyncGroupRequestData.SyncGroupRequestAssignment> none = answer.members().stream()
                .map(each -> new SyncGroupRequestData.SyncGroupRequestAssignment()
                        .setMemberId(each.memberId())
                        .setAssignment(ClassicMember.bytes(ConsumerProtocol.serializeAssignment(
                                new org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment(
                                        List.of())))))
                .toList();
        Later<SyncGroupResponseData> sync = consumers.groups.sync(new SyncGroupRequestData()
                .setGroupId(member.group)
                .setMemberId(member.id)
                .setGenerationId(member.generation)
                .setProtocolType(answer.protocolType())
                .setProtocolName(answer.protocolName())
                .setAssignments(none));
        if (sync.now() != null && sync.now().errorCode() == 0) {
            ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(sync.now().assignment()));
        }
    }

    // ---- what must hold ----

    private void assertThatNobodySharesAPartition() {
        for (String group : GROUPS) {
            DescribedGroup described = consumers.describe(group);
            Map<String, String> owners = new HashMap<>();
            described
                    .members()
                    .forEach(member -> member.assignment()
                            .topicPartitions()
                            .forEach(topic -> topic.partitions()
                                    .forEach(number -> assertThat(
                                                    owners.put(topic.topicName() + "-" + number, member.memberId()))
                                            .as("the other who has %s-%s", topic.topicName(), number)
                                            .isNull())));
        }
    }

    private void restart() {
        // What the log refused is tried again, unless it can be answered for.
        consumers.groups.advance(2_000);
        Map<String, String> before = pictures();
        consumers.groups.follow();
        consumers.groups.lead();
        Map<String, String> after = pictures();
        for (String group : GROUPS) {
            if (before.get(group) != null) {
                assertThat(after.get(group)).isEqualTo(before.get(group));
            }
            assertThat(consumers.groups.fetch(group, "t", 0)).isEqualTo(Long.parseLong(before.get("t of " + group)));
        }
        classics.forEach(member -> {
            if (member.join != null && member.join.now() != null) {
                heed(member, member.join.now());
            }
        });
    }

    /** Of consumer groups; null for others. */
    private Map<String, String> pictures() {
        Map<String, String> all = new HashMap<>();
        for (String group : GROUPS) {
            all.put(group, consumers.describe(group).errorCode() == 0 ? consumers.picture(group) : null);
            all.put("t of " + group, Long.toString(consumers.groups.fetch(group, "t", 0)));
        }
        return all;
    }

    /** With nothing more befalling it, every consumer group without classic members comes to rest, and nothing is left over. */
    private void settle() {
        consumers.groups.advance(120_000);
        clients.clear();
        for (String group : GROUPS) {
            for (int i = 0; i < 2; i++) {
                clients.add(consumers.new Client(group, "last" + i));
            }
        }
        for (int round = 0; round < 8; round++) {
            for (Client client : clients) {
                if (client.epoch == 0) {
                    client.join("t", "u");
                } else {
                    client.report();
                }
            }
        }
        for (String group : GROUPS) {
            Set<String> read = new HashSet<>();
            clients.stream()
                    .filter(client -> client.group.equals(group))
                    .forEach(client -> client.reads.forEach(
                            partition -> assertThat(read.add(partition)).isTrue()));
            assertThat(consumers.describe(group).groupState()).isEqualTo("Stable");
            assertThat(read).hasSize(width + 1);
        }
    }
}
