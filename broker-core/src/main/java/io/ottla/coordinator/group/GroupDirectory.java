package io.ottla.coordinator.group;

import io.ottla.coordinator.Call;
import io.ottla.coordinator.Effects;
import io.ottla.coordinator.Gathering;
import io.ottla.coordinator.Shards;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroupMember;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.protocol.Errors;

/** What groups there are here: listed, described, deleted. Thread-safe; answers come on any thread, once. */
public final class GroupDirectory {
    /** How DescribeGroups shows a group that does not exist. */
    private static final String DEAD = "Dead";
    /** From this version on DescribeGroups says of a group that it does not exist (KIP-1043). */
    private static final short FIRST_WITH_GROUP_ID_NOT_FOUND = 6;

    private final Shards<GroupMachine, GroupRecord> shards;

    GroupDirectory(Shards<GroupMachine, GroupRecord> shards) {
        this.shards = shards;
    }

    /**
     * Lists the groups of all shards here; COORDINATOR_LOAD_IN_PROGRESS while one of them is loading.
     *
     * @param states that are wanted, in any case; empty for all (KIP-518)
     * @param types that are wanted, in any case; empty for all (KIP-848)
     */
    public void list(List<String> states, List<String> types, Consumer<ListGroupsResponseData> answer) {
        List<Integer> numbers = shards.numbers();
        if (numbers.isEmpty()) {
            answer.accept(new ListGroupsResponseData());
            return;
        }
        Set<String> wantedStates = lower(states);
        Set<String> wantedTypes = lower(types);
        Gathering<ListGroupsResponseData> gathering =
                new Gathering<>(numbers.size(), parts -> answer.accept(together(parts)));
        for (int i = 0; i < numbers.size(); i++) {
            shards.submit(
                    numbers.get(i),
                    new Call<>(
                            (machine, call) -> Effects.now(call.with(list(machine, wantedStates, wantedTypes))),
                            error -> new ListGroupsResponseData().setErrorCode(error.code()),
                            gathering.at(i)));
        }
    }

    private static Set<String> lower(List<String> names) {
        Set<String> lower = new HashSet<>();
        names.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
        return lower;
    }

    private static ListGroupsResponseData list(GroupMachine machine, Set<String> states, Set<String> types) {
        ListGroupsResponseData response = new ListGroupsResponseData();
        for (Group group : machine.groups()) {
            boolean wanted =
                    (states.isEmpty() || states.contains(group.stateName().toLowerCase(Locale.ROOT)))
                            && (types.isEmpty() || types.contains(group.type()));
            if (wanted) {
                response.groups()
                        .add(new ListedGroup()
                                .setGroupId(group.id())
                                .setProtocolType(group.protocolType())
                                .setGroupState(group.stateName())
                                .setGroupType(group.type()));
            }
        }
        return response;
    }

    private static ListGroupsResponseData together(List<ListGroupsResponseData> parts) {
        ListGroupsResponseData all = new ListGroupsResponseData();
        for (ListGroupsResponseData part : parts) {
            Errors error = Errors.forCode(part.errorCode());
            if (error == Errors.NONE) {
                all.groups().addAll(part.groups());
            } else if (error != Errors.NOT_COORDINATOR) {
                return new ListGroupsResponseData().setErrorCode(error.code());
            }
        }
        return all;
    }

    /**
     * Tells how far the groups of all shards here have read. Shards that are loading are left out. What is told may be of
     * commits that are not stored yet.
     */
    public void positions(Consumer<List<GroupPositions>> answer) {
        List<Integer> numbers = shards.numbers();
        if (numbers.isEmpty()) {
            answer.accept(List.of());
            return;
        }
        Gathering<List<GroupPositions>> gathering = new Gathering<>(
                numbers.size(),
                parts -> answer.accept(parts.stream().flatMap(List::stream).toList()));
        for (int i = 0; i < numbers.size(); i++) {
            shards.give(
                    numbers.get(i),
                    new Call<>(
                            (machine, call) -> Effects.now(call.with(positions(machine))),
                            _ -> List.of(),
                            gathering.at(i)));
        }
    }

    private static List<GroupPositions> positions(GroupMachine machine) {
        List<GroupPositions> all = new ArrayList<>();
        for (Group group : machine.groups()) {
            List<GroupPositions.Position> offsets = new ArrayList<>();
            machine.offsets()
                    .each(
                            group.id(),
                            (topic, partition, committed) ->
                                    offsets.add(new GroupPositions.Position(topic, partition, committed.offset())));
            all.add(new GroupPositions(group.id(), group.members(), offsets));
        }
        return all;
    }

    /** Describes groups as classic ones, each for itself; in the order asked. */
    public void describe(List<String> ids, short version, Consumer<List<DescribedGroup>> answer) {
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
                            (machine, call) -> Effects.read(id, call.with(describe(machine.group(id), id, version))),
                            error -> new DescribedGroup().setGroupId(id).setErrorCode(error.code()),
                            gathering.at(i)));
        }
    }

    private static DescribedGroup describe(Group group, String id, short version) {
        if (!(group instanceof ClassicGroup classic)) {
            DescribedGroup dead = new DescribedGroup().setGroupId(id).setGroupState(DEAD);
            return version < FIRST_WITH_GROUP_ID_NOT_FOUND
                    ? dead
                    : dead.setErrorCode(Errors.GROUP_ID_NOT_FOUND.code())
                            .setErrorMessage("Expected a classic group " + id + ", but there is none");
        }
        boolean isStable = classic.isIn(ClassicState.STABLE);
        DescribedGroup described = new DescribedGroup()
                .setGroupId(id)
                .setGroupState(classic.stateName())
                .setProtocolType(classic.protocolType());
        if (isStable) {
            described.setProtocolData(classic.protocol());
        }
        for (ClassicMember member : classic.roster().members()) {
            described
                    .members()
                    .add(new DescribedGroupMember()
                            .setMemberId(member.id())
                            .setGroupInstanceId(member.instanceId())
                            .setClientId(member.clientId())
                            .setClientHost(member.clientHost())
                            .setMemberMetadata(isStable ? member.metadata(classic.protocol()) : ClassicMember.NOTHING)
                            .setMemberAssignment(member.assignment()));
        }
        return described;
    }

    /** Deletes groups in which nobody is, with their offsets; in the order asked. */
    public void delete(List<String> ids, Consumer<List<DeletableGroupResult>> answer) {
        if (ids.isEmpty()) {
            answer.accept(List.of());
            return;
        }
        Gathering<DeletableGroupResult> gathering = new Gathering<>(ids.size(), answer);
        for (int i = 0; i < ids.size(); i++) {
            String id = ids.get(i);
            Consumer<DeletableGroupResult> to = gathering.at(i);
            shards.submit(id, new Call<>((machine, call) -> delete(machine, id, call), error -> result(id, error), to));
        }
    }

    private static Effects<GroupRecord> delete(
            GroupMachine machine, String id, Call<GroupMachine, GroupRecord, DeletableGroupResult> call) {
        Group group = machine.group(id);
        Errors refusal = group == null ? Errors.GROUP_ID_NOT_FOUND : group.deleteRefusal();
        if (refusal != Errors.NONE) {
            return Effects.now(call.with(refusal));
        }
        List<GroupRecord> records = new ArrayList<>();
        machine.offsetRequests().forget(id, records);
        records.addAll(group.tombstones());
        return Effects.write(records, call.with(result(id, Errors.NONE))).divisible();
    }

    private static DeletableGroupResult result(String id, Errors error) {
        return new DeletableGroupResult().setGroupId(id).setErrorCode(error.code());
    }
}
