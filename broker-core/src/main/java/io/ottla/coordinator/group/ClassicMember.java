package io.ottla.coordinator.group;

import io.ottla.time.Timer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/** A member of a classic group. Belongs to the shard's executor. */
final class ClassicMember {
    static final byte[] NOTHING = {};

    /** A protocol that the member knows, and what it says to the leader by it. */
    @SuppressWarnings("ArrayRecordComponent") // compared by matches
    record Protocol(String name, byte[] metadata) {
        static List<Protocol> of(JoinGroupRequestProtocolCollection asked) {
            Protocol[] all = new Protocol[asked.size()];
            int i = 0;
            for (JoinGroupRequestProtocol each : asked) {
                all[i++] = new Protocol(each.name(), each.metadata());
            }
            return List.of(all);
        }
    }

    private final String id;
    private final String instanceId;
    private final String clientId;
    private final String clientHost;
    private int rebalanceTimeoutMs;
    private int sessionTimeoutMs;
    /** In the member's order of preference. */
    private List<Protocol> protocols;

    private byte[] assignment = NOTHING;
    /** It has not been answered yet, so it can't know that it is a member. */
    private boolean isNew;

    private Consumer<JoinGroupResponseData> awaitingJoin;
    private Consumer<SyncGroupResponseData> awaitingSync;
    /** Until when it must be heard of, on the monotonic clock. */
    private long deadlineMs;

    private long timerAtMs;
    private Timer.Timeout timer;

    ClassicMember(
            String id,
            String instanceId,
            String clientId,
            String clientHost,
            int rebalanceTimeoutMs,
            int sessionTimeoutMs,
            List<Protocol> protocols) {
        this.id = id;
        this.instanceId = instanceId;
        this.clientId = clientId;
        this.clientHost = clientHost;
        this.rebalanceTimeoutMs = rebalanceTimeoutMs;
        this.sessionTimeoutMs = sessionTimeoutMs;
        this.protocols = protocols;
    }

    /** The same under another id (KIP-345). Who waited as the old one does not wait as this. */
    ClassicMember renamed(String newId) {
        ClassicMember renamed = new ClassicMember(
                newId, instanceId, clientId, clientHost, rebalanceTimeoutMs, sessionTimeoutMs, protocols);
        renamed.assignment = assignment;
        return renamed;
    }

    static ClassicMember of(StoredMember stored, String protocol) {
        ClassicMember member = new ClassicMember(
                stored.memberId(),
                stored.instanceId(),
                stored.clientId(),
                stored.clientHost(),
                stored.rebalanceTimeoutMs(),
                stored.sessionTimeoutMs(),
                List.of(new Protocol(protocol == null ? "" : protocol, bytes(stored.subscription()))));
        member.assignment = bytes(stored.assignment());
        return member;
    }

    static byte[] bytes(ByteBuffer content) {
        byte[] copy = new byte[content.remaining()];
        content.duplicate().get(copy);
        return copy;
    }

    /** As it is stored with that assignment. */
    StoredMember stored(String protocol, byte[] assigned) {
        return new StoredMember(
                id,
                instanceId,
                clientId,
                clientHost,
                rebalanceTimeoutMs,
                sessionTimeoutMs,
                ByteBuffer.wrap(metadata(protocol)),
                ByteBuffer.wrap(assigned));
    }

    String id() {
        return id;
    }

    /** Null for a dynamic member. */
    String instanceId() {
        return instanceId;
    }

    String clientId() {
        return clientId;
    }

    String clientHost() {
        return clientHost;
    }

    int rebalanceTimeoutMs() {
        return rebalanceTimeoutMs;
    }

    int sessionTimeoutMs() {
        return sessionTimeoutMs;
    }

    List<Protocol> protocols() {
        return protocols;
    }

    /** What it says by that protocol; nothing where it does not know it. */
    byte[] metadata(String protocol) {
        for (Protocol each : protocols) {
            if (each.name().equals(protocol)) {
                return each.metadata();
            }
        }
        return NOTHING;
    }

    boolean supports(String protocol) {
        for (Protocol each : protocols) {
            if (each.name().equals(protocol)) {
                return true;
            }
        }
        return false;
    }

    /** Whether it would say the same. */
    boolean matches(List<Protocol> others) {
        if (protocols.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < protocols.size(); i++) {
            Protocol own = protocols.get(i);
            Protocol other = others.get(i);
            if (!own.name().equals(other.name()) || !Arrays.equals(own.metadata(), other.metadata())) {
                return false;
            }
        }
        return true;
    }

    void update(List<Protocol> asked, int rebalanceMs, int sessionMs) {
        protocols = asked;
        rebalanceTimeoutMs = rebalanceMs;
        sessionTimeoutMs = sessionMs;
    }

    byte[] assignment() {
        return assignment;
    }

    void assign(byte[] assigned) {
        assignment = assigned;
    }

    boolean isNew() {
        return isNew;
    }

    void markNew(boolean now) {
        isNew = now;
    }

    // ---- who waits ----

    boolean isAwaitingJoin() {
        return awaitingJoin != null;
    }

    boolean isAwaitingSync() {
        return awaitingSync != null;
    }

    void awaitJoin(Consumer<JoinGroupResponseData> answer) {
        awaitingJoin = answer;
    }

    void awaitSync(Consumer<SyncGroupResponseData> answer) {
        awaitingSync = answer;
    }

    /** Takes away who waits for the join; null where nobody does. */
    Consumer<JoinGroupResponseData> takeJoin() {
        Consumer<JoinGroupResponseData> waiting = awaitingJoin;
        awaitingJoin = null;
        return waiting;
    }

    /** Takes away who waits for the assignment; null where nobody does. */
    Consumer<SyncGroupResponseData> takeSync() {
        Consumer<SyncGroupResponseData> waiting = awaitingSync;
        awaitingSync = null;
        return waiting;
    }

    JoinGroupResponseData refusedJoin(Errors error) {
        return ClassicAnswers.join(id, error);
    }

    // ---- when it was last heard of ----

    long deadlineMs() {
        return deadlineMs;
    }

    /**
     * It was heard of.
     *
     * @return whether a timer must be set: none is, or one that is too late
     */
    boolean heardOf(long untilMs) {
        deadlineMs = untilMs;
        return timer == null || timerAtMs > untilMs;
    }

    void timer(long atMs, Timer.Timeout set) {
        if (timer != null) {
            timer.cancel();
        }
        timerAtMs = atMs;
        timer = set;
    }

    void stopTimer() {
        timer(0, null);
    }
}
