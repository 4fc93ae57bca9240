package io.ottla.coordinator.group;

import io.ottla.coordinator.UndoLog;
import io.ottla.time.Timer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.protocol.Errors;

/**
 * A group whose members choose a protocol and a leader, and whose leader assigns (KIP-62, KIP-345, KIP-394). Holds its
 * state and keeps it consistent; what happens when is decided by {@link ClassicJoins}, {@link ClassicRebalances} and
 * {@link ClassicMemberships}. Also a "simple" group, in which nobody is and which only has offsets.
 *
 * <p>Belongs to the shard's executor.
 */
final class ClassicGroup implements Group {
    static final String TYPE = "classic";
    static final String CONSUMER = "consumer";

    private final String id;
    private final Map<String, ClassicMember> members = new LinkedHashMap<>();
    private final Map<String, String> staticMembers = new HashMap<>();
    private final Map<String, Timer.Timeout> pendingJoins = new HashMap<>();
    private final Set<String> pendingSyncs = new HashSet<>();
    private final Map<String, Integer> supporters = new HashMap<>();
    private ClassicState state = ClassicState.EMPTY;
    private ClassicState previousState = ClassicState.EMPTY;
    private long stateTimestampMs = CommittedOffset.NONE;
    private int transitions;
    private int awaitingJoins;
    private String protocolType;
    private int generation;
    private String protocol;
    private String leader;
    /** Null where that is not known. */
    private Set<String> subscribedTopics;

    private boolean newMemberAdded;
    private boolean isStored;
    private Timer.Timeout joinTimer;
    private Timer.Timeout syncTimer;

    private final GroupCensus census;

    ClassicGroup(String id, GroupCensus census) {
        this.id = id;
        this.census = census;
    }

    // ---- as a group of any kind ----

    @Override
    public String id() {
        return id;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String stateName() {
        return state.shown();
    }

    @Override
    public String protocolType() {
        return protocolType == null ? "" : protocolType;
    }

    @Override
    public boolean isEmpty() {
        return state == ClassicState.EMPTY;
    }

    @Override
    public Errors commitRefusal(String memberId, String instanceId, int claimed, boolean transactional) {
        if (claimed < 0 && isEmpty()) {
            return Errors.NONE;
        }
        if (claimed >= 0 || !memberId.isEmpty() || instanceId != null) {
            Errors refusal = memberRefusal(memberId, instanceId);
            if (refusal != Errors.NONE) {
                return refusal;
            }
            if (claimed != generation) {
                return Errors.ILLEGAL_GENERATION;
            }
        } else if (!transactional && !isEmpty()) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        return !transactional && state == ClassicState.COMPLETING_REBALANCE
                ? Errors.REBALANCE_IN_PROGRESS
                : Errors.NONE;
    }

    /** Whether somebody is who it says to be. */
    Errors memberRefusal(String memberId, String instanceId) {
        if (instanceId != null) {
            String known = staticMembers.get(instanceId);
            if (known == null) {
                return Errors.UNKNOWN_MEMBER_ID;
            }
            if (!known.equals(memberId)) {
                return Errors.FENCED_INSTANCE_ID;
            }
        }
        return members.containsKey(memberId) ? Errors.NONE : Errors.UNKNOWN_MEMBER_ID;
    }

    @Override
    public Errors offsetDeleteRefusal() {
        return isEmpty() || CONSUMER.equals(protocolType) ? Errors.NONE : Errors.NON_EMPTY_GROUP;
    }

    @Override
    public Errors deleteRefusal() {
        return isEmpty() ? Errors.NONE : Errors.NON_EMPTY_GROUP;
    }

    @Override
    public boolean isSubscribedTo(String topic) {
        return subscribedTopics == null ? CONSUMER.equals(protocolType) : subscribedTopics.contains(topic);
    }

    @Override
    public long retentionBeginsMs(CommittedOffset offset) {
        if (protocolType == null) {
            return offset.commitTimestampMs();
        }
        if (isEmpty()) {
            return stateTimestampMs < 0 ? offset.commitTimestampMs() : stateTimestampMs;
        }
        boolean knowsTopics = CONSUMER.equals(protocolType) && subscribedTopics != null;
        return knowsTopics && state == ClassicState.STABLE ? offset.commitTimestampMs() : Long.MAX_VALUE;
    }

    @Override
    public List<GroupRecord> tombstones() {
        return List.of(new GroupRecord.ClassicGroupGone(id));
    }

    // ---- what is stored ----

    /**
     * Takes up what is stored: what a log said, or what was just decided to be stored. Members that are here already
     * go on with what they wait for.
     */
    void restore(StoredGroup stored, UndoLog undo) {
        if (undo.isKept()) {
            undo.add(undoing());
        }
        isStored = true;
        protocolType = stored.protocolType().isEmpty() ? null : stored.protocolType();
        generation = stored.generation();
        protocol = stored.protocol();
        leader = stored.leader();
        Map<String, StoredMember> wanted = new HashMap<>();
        stored.members().forEach(member -> wanted.put(member.memberId(), member));
        List.copyOf(members.keySet()).stream()
                .filter(member -> !wanted.containsKey(member))
                .forEach(this::remove);
        leader = stored.leader();
        for (StoredMember member : stored.members()) {
            ClassicMember known = members.get(member.memberId());
            if (known == null) {
                add(ClassicMember.of(member, stored.protocol()));
            } else {
                known.assign(ClassicMember.bytes(member.assignment()));
            }
        }
        subscribedTopics = Subscriptions.topics(this);
        move(members.isEmpty() ? ClassicState.EMPTY : ClassicState.STABLE, stored.stateTimestampMs());
    }

    /** Something of it is in the log. */
    void markStored(UndoLog undo) {
        if (!isStored) {
            isStored = true;
            undo.add(() -> isStored = false);
        }
    }

    /** Goes back to the present state, unless the group has gone on by then. */
    private Runnable undoing() {
        ClassicState state = this.state;
        ClassicState previous = previousState;
        long timestampMs = stateTimestampMs;
        boolean stored = isStored;
        Map<String, byte[]> assignments = new HashMap<>();
        members.forEach((name, member) -> assignments.put(name, member.assignment()));
        int expected = transitions + 1;
        return () -> {
            isStored = stored;
            if (transitions == expected) {
                transitions = expected - 1;
                census.moved(this.state, state);
                this.state = state;
                previousState = previous;
                stateTimestampMs = timestampMs;
                members.forEach((name, member) -> member.assign(assignments.getOrDefault(name, ClassicMember.NOTHING)));
            }
        };
    }

    /** As it is to be stored now, with these assignments. */
    StoredGroup stored(Map<String, byte[]> assignments, long nowMs) {
        List<StoredMember> all = new ArrayList<>(members.size());
        for (ClassicMember member : members.values()) {
            all.add(member.stored(protocol, assignments.getOrDefault(member.id(), ClassicMember.NOTHING)));
        }
        return new StoredGroup(protocolType(), generation, protocol, leader, nowMs, all);
    }

    /** Members' assignments at present. */
    Map<String, byte[]> assignments() {
        Map<String, byte[]> all = new HashMap<>();
        members.forEach((name, member) -> all.put(name, member.assignment()));
        return all;
    }

    /** Whether nothing of it is in the log. */
    boolean isUnstored() {
        return !isStored;
    }

    // ---- state ----

    ClassicState state() {
        return state;
    }

    ClassicState previousState() {
        return previousState;
    }

    boolean isIn(ClassicState asked) {
        return state == asked;
    }

    /** @param nowMs wall time; -1 where it is not known */
    void move(ClassicState next, long nowMs) {
        census.moved(state, next);
        previousState = state;
        state = next;
        stateTimestampMs = nowMs;
        transitions++;
    }

    int generation() {
        return generation;
    }

    /** Null while there is none. */
    String protocol() {
        return protocol;
    }

    /** Null where nobody has said. */
    String protocolTypeOrNull() {
        return protocolType;
    }

    /** Null while there is none. */
    String leader() {
        return leader;
    }

    boolean isLeader(String memberId) {
        return memberId.equals(leader);
    }

    boolean isNewMemberAdded() {
        return newMemberAdded;
    }

    void markNewMemberAdded(boolean added) {
        newMemberAdded = added;
    }

    /** Begins the next generation: with members it waits for their assignment, without it is empty. */
    void beginGeneration(long nowMs) {
        generation++;
        protocol = members.isEmpty() ? null : selectProtocol();
        subscribedTopics = Subscriptions.topics(this);
        move(members.isEmpty() ? ClassicState.EMPTY : ClassicState.COMPLETING_REBALANCE, nowMs);
        pendingSyncs.clear();
    }

    // ---- members ----

    Collection<ClassicMember> members() {
        return members.values();
    }

    int size() {
        return members.size();
    }

    /** Null where there is none. */
    ClassicMember member(String memberId) {
        return members.get(memberId);
    }

    /** Null where nobody has that instance id. */
    String staticMember(String instanceId) {
        return staticMembers.get(instanceId);
    }

    void add(ClassicMember member) {
        if (member.instanceId() != null) {
            staticMembers.put(member.instanceId(), member.id());
        }
        if (leader == null) {
            leader = member.id();
        }
        members.put(member.id(), member);
        count(member, 1);
        stopPending(member.id());
    }

    void speak(String type) {
        protocolType = type;
    }

    /** Whoever waits as the member must have been taken away before. */
    void remove(String memberId) {
        ClassicMember removed = members.remove(memberId);
        if (removed != null) {
            count(removed, -1);
            removed.stopTimer();
            if (removed.isAwaitingJoin()) {
                awaitingJoins--;
            }
            if (removed.instanceId() != null) {
                staticMembers.remove(removed.instanceId(), memberId);
            }
        }
        if (memberId.equals(leader)) {
            Iterator<String> rest = members.keySet().iterator();
            leader = rest.hasNext() ? rest.next() : null;
        }
        stopPending(memberId);
        pendingSyncs.remove(memberId);
    }

    /** Puts a static member under another id, in its place among the others. */
    ClassicMember rename(String oldId, String newId) {
        ClassicMember old = members.get(oldId);
        ClassicMember renamed = old.renamed(newId);
        old.stopTimer();
        if (old.isAwaitingJoin()) {
            awaitingJoins--;
        }
        Map<String, ClassicMember> before = new LinkedHashMap<>(members);
        members.clear();
        before.forEach(
                (name, member) -> members.put(name.equals(oldId) ? newId : name, member == old ? renamed : member));
        if (oldId.equals(leader)) {
            leader = newId;
        }
        if (pendingSyncs.remove(oldId)) {
            pendingSyncs.add(newId);
        }
        staticMembers.put(renamed.instanceId(), newId);
        return renamed;
    }

    void update(ClassicMember member, List<ClassicMember.Protocol> protocols, int rebalanceMs, int sessionMs) {
        count(member, -1);
        member.update(protocols, rebalanceMs, sessionMs);
        count(member, 1);
    }

    private void count(ClassicMember member, int change) {
        for (ClassicMember.Protocol each : member.protocols()) {
            supporters.merge(each.name(), change, (one, other) -> one + other == 0 ? null : one + other);
        }
    }

    void awaitJoin(ClassicMember member, Consumer<JoinGroupResponseData> answer) {
        if (!member.isAwaitingJoin()) {
            awaitingJoins++;
        }
        member.awaitJoin(answer);
    }

    Consumer<JoinGroupResponseData> takeJoin(ClassicMember member) {
        if (member.isAwaitingJoin()) {
            awaitingJoins--;
        }
        return member.takeJoin();
    }

    int awaitingJoins() {
        return awaitingJoins;
    }

    boolean haveAllJoined() {
        return members.size() == awaitingJoins && pendingJoins.isEmpty();
    }

    /** The longest rebalance timeout of all members, milliseconds. */
    int rebalanceTimeoutMs() {
        int longest = 0;
        for (ClassicMember member : members.values()) {
            longest = Math.max(longest, member.rebalanceTimeoutMs());
        }
        return longest;
    }

    /** Makes sure that the leader is somebody who has joined; false where nobody has. */
    boolean electJoinedLeader() {
        if (leader == null) {
            return false;
        }
        if (members.get(leader).isAwaitingJoin()) {
            return true;
        }
        for (ClassicMember member : members.values()) {
            if (member.isAwaitingJoin()) {
                leader = member.id();
                return true;
            }
        }
        return false;
    }

    /** What the leader is told. */
    List<JoinGroupResponseMember> described() {
        List<JoinGroupResponseMember> all = new ArrayList<>(members.size());
        for (ClassicMember member : members.values()) {
            all.add(new JoinGroupResponseMember()
                    .setMemberId(member.id())
                    .setGroupInstanceId(member.instanceId())
                    .setMetadata(member.metadata(protocol)));
        }
        return all;
    }

    // ---- protocols ----

    /** Whether somebody who speaks these could be in it. */
    boolean supports(String type, List<ClassicMember.Protocol> protocols) {
        if (isEmpty()) {
            return !type.isEmpty() && !protocols.isEmpty();
        }
        return type.equals(protocolType) && protocols.stream().anyMatch(each -> isSupportedByAll(each.name()));
    }

    private boolean isSupportedByAll(String name) {
        return supporters.getOrDefault(name, 0) == members.size();
    }

    /** The protocol that most members prefer of those that all know; of equals the one that a member named first. */
    String selectProtocol() {
        Map<String, Integer> votes = new LinkedHashMap<>();
        for (ClassicMember member : members.values()) {
            for (ClassicMember.Protocol each : member.protocols()) {
                if (isSupportedByAll(each.name())) {
                    votes.merge(each.name(), 1, Integer::sum);
                    break;
                }
            }
        }
        String most = null;
        for (Map.Entry<String, Integer> entry : votes.entrySet()) {
            if (most == null || entry.getValue() > votes.get(most)) {
                most = entry.getKey();
            }
        }
        return most;
    }

    // ---- who is about to come, who has not asked for its assignment ----

    boolean isPendingJoin(String memberId) {
        return pendingJoins.containsKey(memberId);
    }

    int pendingJoins() {
        return pendingJoins.size();
    }

    void addPendingJoin(String memberId, Timer.Timeout timer) {
        pendingJoins.put(memberId, timer);
    }

    private void stopPending(String memberId) {
        Timer.Timeout timer = pendingJoins.remove(memberId);
        if (timer != null) {
            timer.cancel();
        }
    }

    Set<String> pendingSyncs() {
        return pendingSyncs;
    }

    // ---- timers of the whole group ----

    void joinTimer(Timer.Timeout set) {
        if (joinTimer != null) {
            joinTimer.cancel();
        }
        joinTimer = set;
    }

    void syncTimer(Timer.Timeout set) {
        if (syncTimer != null) {
            syncTimer.cancel();
        }
        syncTimer = set;
    }

    @Override
    public void abandon() {
        joinTimer(null);
        syncTimer(null);
        List.copyOf(pendingJoins.keySet()).forEach(this::stopPending);
        for (ClassicMember member : members.values()) {
            member.stopTimer();
            Consumer<JoinGroupResponseData> join = takeJoin(member);
            if (join != null) {
                join.accept(ClassicAnswers.join(member.id(), Errors.NOT_COORDINATOR));
            }
            var sync = member.takeSync();
            if (sync != null) {
                sync.accept(ClassicAnswers.sync(Errors.NOT_COORDINATOR));
            }
        }
    }
}
