package io.ottla.coordinator.group;

import io.ottla.coordinator.UndoLog;
import io.ottla.time.Timer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;

/**
 * A group whose members choose a protocol and a leader, and whose leader assigns (KIP-62, KIP-345, KIP-394). Holds its
 * state, what of it is stored, and its {@link ClassicRoster}; what happens when is decided by {@link ClassicJoins}, {@link ClassicRebalances} and
 * {@link ClassicMemberships}. Also a "simple" group, in which nobody is and which only has offsets.
 *
 * <p>Belongs to the shard's executor.
 */
final class ClassicGroup implements Group {
    static final String TYPE = "classic";
    static final String CONSUMER = "consumer";

    private final String id;
    private final ClassicRoster roster = new ClassicRoster();
    private ClassicState state = ClassicState.EMPTY;
    private ClassicState previousState = ClassicState.EMPTY;
    private long stateTimestampMs = CommittedOffset.NONE;
    private int transitions;
    private String protocolType;
    private int generation;
    private String protocol;
    /** Null where that is not known. */
    private final Subscriptions subscriptions = new Subscriptions();

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
    public int members() {
        return roster.size();
    }

    @Override
    public Errors commitRefusal(String memberId, String instanceId, int claimed, boolean transactional) {
        if (claimed < 0 && isEmpty()) {
            return Errors.NONE;
        }
        if (claimed >= 0 || !memberId.isEmpty() || instanceId != null) {
            Errors refusal = roster.refusal(memberId, instanceId);
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
        Map<String, StoredMember> wanted = new HashMap<>();
        stored.members().forEach(member -> wanted.put(member.memberId(), member));
        List.copyOf(roster.members()).stream()
                .map(ClassicMember::id)
                .filter(member -> !wanted.containsKey(member))
                .forEach(roster::remove);
        roster.leader(stored.leader());
        for (StoredMember member : stored.members()) {
            ClassicMember known = roster.member(member.memberId());
            if (known == null) {
                roster.add(ClassicMember.of(member, stored.protocol()));
            } else {
                roster.learn(known, ClassicMember.of(member, stored.protocol()), stored.protocol());
            }
        }
        subscribedTopics = subscriptions.topics(this);
        move(roster.isEmpty() ? ClassicState.EMPTY : ClassicState.STABLE, stored.stateTimestampMs());
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
        Map<String, byte[]> assignments = assignments();
        int expected = transitions + 1;
        return () -> {
            isStored = stored;
            if (transitions == expected) {
                transitions = expected - 1;
                census.moved(this.state, state);
                this.state = state;
                previousState = previous;
                stateTimestampMs = timestampMs;
                roster.members()
                        .forEach(member -> member.assign(assignments.getOrDefault(member.id(), ClassicMember.NOTHING)));
            }
        };
    }

    /** As it is to be stored now, with these assignments. */
    StoredGroup stored(Map<String, byte[]> assignments, long nowMs) {
        List<StoredMember> all = new ArrayList<>(roster.size());
        for (ClassicMember member : roster.members()) {
            all.add(member.stored(protocol, assignments.getOrDefault(member.id(), ClassicMember.NOTHING)));
        }
        return new StoredGroup(protocolType(), generation, protocol, roster.leader(), nowMs, all);
    }

    /** Members' assignments at present. */
    Map<String, byte[]> assignments() {
        Map<String, byte[]> all = new HashMap<>();
        roster.members().forEach(member -> all.put(member.id(), member.assignment()));
        return all;
    }

    /** Whether nothing of it is in the log. */
    boolean isUnstored() {
        return !isStored;
    }

    // ---- state ----

    ClassicRoster roster() {
        return roster;
    }

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

    boolean isNewMemberAdded() {
        return newMemberAdded;
    }

    void markNewMemberAdded(boolean added) {
        newMemberAdded = added;
    }

    /** Begins the next generation: with members it waits for their assignment, without it is empty. */
    void beginGeneration(long nowMs) {
        generation++;
        protocol = roster.isEmpty() ? null : roster.selectProtocol();
        subscribedTopics = subscriptions.topics(this);
        move(roster.isEmpty() ? ClassicState.EMPTY : ClassicState.COMPLETING_REBALANCE, nowMs);
        roster.pendingSyncs().clear();
    }

    void speak(String type) {
        protocolType = type;
    }

    /** Whether somebody who speaks these could be in it. */
    boolean supports(String type, List<ClassicMember.Protocol> protocols) {
        if (isEmpty()) {
            return !type.isEmpty() && !protocols.isEmpty();
        }
        return type.equals(protocolType) && roster.haveOneInCommon(protocols);
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
        roster.abandon(Errors.NOT_COORDINATOR);
    }
}
