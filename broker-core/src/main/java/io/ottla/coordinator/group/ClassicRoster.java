package io.ottla.coordinator.group;

import io.ottla.time.Timer;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * Who is in a classic group, in the order in which they came: who leads it, who waits for the others to join, who has been
 * given a member id and has not come with it, who has not asked for its assignment, and which protocols all of them know.
 *
 * <p>Belongs to the shard's executor.
 */
final class ClassicRoster {
    private final Map<String, ClassicMember> members = new LinkedHashMap<>();
    private final Map<String, String> staticMembers = new HashMap<>();
    private final Map<String, Timer.Timeout> pendingJoins = new HashMap<>();
    private final Set<String> pendingSyncs = new HashSet<>();
    private final Map<String, Integer> supporters = new HashMap<>();
    private int awaitingJoins;
    private String leader;

    Collection<ClassicMember> members() {
        return members.values();
    }

    int size() {
        return members.size();
    }

    boolean isEmpty() {
        return members.isEmpty();
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

    /**
     * Takes over what the log says of a member. Where it says that a member speaks otherwise than is known, that is of an earlier
     * generation: the log is being loaded.
     */
    void learn(ClassicMember member, ClassicMember stored, String protocol) {
        if (!Arrays.equals(member.metadata(protocol), stored.metadata(protocol))) {
            update(member, stored.protocols(), stored.rebalanceTimeoutMs(), stored.sessionTimeoutMs());
        }
        member.assign(stored.assignment());
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

    /** Whether somebody is who it says to be. */
    Errors refusal(String memberId, String instanceId) {
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

    /** Null while there is none. */
    String leader() {
        return leader;
    }

    boolean isLeader(String memberId) {
        return memberId.equals(leader);
    }

    /** As it was stored; null for none. */
    void leader(String memberId) {
        leader = memberId;
    }

    /** What the leader is told of members that speak a protocol. */
    List<JoinGroupResponseMember> described(String protocol) {
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

    /** Whether all members know one of these. */
    boolean haveOneInCommon(List<ClassicMember.Protocol> protocols) {
        return protocols.stream().anyMatch(each -> isSupportedByAll(each.name()));
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

    /** Nobody waits for anything any more: whoever does is told why. */
    void abandon(Errors why) {
        List.copyOf(pendingJoins.keySet()).forEach(this::stopPending);
        for (ClassicMember member : members.values()) {
            member.stopTimer();
            Consumer<JoinGroupResponseData> join = takeJoin(member);
            if (join != null) {
                join.accept(ClassicAnswers.join(member.id(), why));
            }
            Consumer<SyncGroupResponseData> sync = member.takeSync();
            if (sync != null) {
                sync.accept(ClassicAnswers.sync(why));
            }
        }
    }
}
