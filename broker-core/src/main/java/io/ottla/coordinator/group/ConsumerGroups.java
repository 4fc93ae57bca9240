package io.ottla.coordinator.group;

import io.ottla.coordinator.Call;
import io.ottla.coordinator.Effects;
import io.ottla.coordinator.Gathering;
import io.ottla.coordinator.Operation;
import io.ottla.coordinator.RegexRules;
import io.ottla.coordinator.Shards;
import io.ottla.metadata.ClusterImage;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;

/** Groups of the consumer protocol (KIP-848). Thread-safe; answers come on any thread, once. */
public final class ConsumerGroups {
    private static final String FEATURE = "group.version";
    private static final short FIRST_WITH_CONSUMER_GROUPS = 1;

    private final Shards<GroupMachine, GroupRecord> shards;
    private final List<String> assignors;
    private final Executor pool;
    private final Supplier<ClusterImage> image;
    private final boolean isServed;

    /**
     * @param isServed whether the broker's settings let it serve such groups
     * @param assignors names of those that members can ask for
     * @param pool for regular expressions
     */
    ConsumerGroups(
            Shards<GroupMachine, GroupRecord> shards,
            boolean isServed,
            List<String> assignors,
            Executor pool,
            Supplier<ClusterImage> image) {
        this.shards = shards;
        this.isServed = isServed;
        this.assignors = List.copyOf(assignors);
        this.pool = pool;
        this.image = image;
    }

    /** Whether the broker's settings and the cluster's features let it serve such groups. */
    public boolean areServed() {
        Short level = image.get().features().levels().get(FEATURE);
        return isServed && level != null && level >= FIRST_WITH_CONSUMER_GROUPS;
    }

    /**
     * A member comes, reports, or leaves. The answer may wait until topics of its regular expression are found and targets
     * are computed.
     */
    public void heartbeat(
            GroupAsker asker,
            ConsumerGroupHeartbeatRequestData request,
            Consumer<ConsumerGroupHeartbeatResponseData> answer) {
        Refusal refusal = HeartbeatRules.refusal(request, asker.version(), assignors);
        if (refusal != null) {
            answer.accept(HeartbeatAnswers.refused(refusal));
            return;
        }
        String regex = request.subscribedTopicRegex();
        if (regex == null || regex.isEmpty()) {
            submit(asker, request, answer);
            return;
        }
        try {
            pool.execute(() -> {
                String wrong = RegexRules.refusal(regex);
                if (wrong == null) {
                    submit(asker, request, answer);
                } else {
                    answer.accept(HeartbeatAnswers.refused(new Refusal(Errors.INVALID_REGULAR_EXPRESSION, wrong)));
                }
            });
        } catch (RejectedExecutionException busy) {
            answer.accept(HeartbeatAnswers.refused(Errors.COORDINATOR_LOAD_IN_PROGRESS));
        }
    }

    private void submit(
            GroupAsker asker,
            ConsumerGroupHeartbeatRequestData request,
            Consumer<ConsumerGroupHeartbeatResponseData> answer) {
        shards.submit(request.groupId(), new Operation<>() {
            @Override
            public Effects<GroupRecord> decide(GroupMachine machine) {
                return machine.consumers()
                        .heartbeats()
                        .heartbeat(
                                machine.group(request.groupId()), new ConsumerHeartbeats.Beat(asker, request, answer));
            }

            @Override
            public void refuse(Errors error) {
                answer.accept(HeartbeatAnswers.refused(error));
            }
        });
    }

    /** Describes groups, each for itself; in the order asked. */
    public void describe(List<String> ids, Consumer<List<DescribedGroup>> answer) {
        if (ids.isEmpty()) {
            answer.accept(List.of());
            return;
        }
        Gathering<DescribedGroup> gathering = new Gathering<>(ids.size(), answer);
        for (int i = 0; i < ids.size(); i++) {
            String id = ids.get(i);
            shards.submit(
                    id,
                    new Call<>(
                            (machine, call) -> Effects.read(id, call.with(describe(machine, id))),
                            error -> new DescribedGroup().setGroupId(id).setErrorCode(error.code()),
                            gathering.at(i)));
        }
    }

    private static DescribedGroup describe(GroupMachine machine, String id) {
        return machine.group(id) instanceof ConsumerGroup group
                ? ConsumerDescriptions.of(
                        group,
                        machine.consumers().assignors().of(group.state()).name(),
                        machine.consumers().image())
                : new DescribedGroup()
                        .setGroupId(id)
                        .setErrorCode(Errors.GROUP_ID_NOT_FOUND.code())
                        .setErrorMessage("Expected a consumer group " + id + ", but there is none");
    }
}
