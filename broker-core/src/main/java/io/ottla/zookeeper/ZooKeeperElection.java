package io.ottla.zookeeper;

import io.ottla.controller.ControllerElection;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Election by the nodes {@code /controller} and {@code /controller_epoch}: one transaction makes the first and raises
 * the second at the version that was read. Whatever else comes back, a lost answer included, the nodes are read again
 * and say what is so: {@code /controller} is ours if our session owns it, and the epoch is the one it was won with if
 * both were last written by the same transaction.
 *
 * <p>Only a registered broker stands: the same transaction checks its node under {@code /brokers/ids}. A controller that
 * is not registered itself would find too few brokers in the store, and tell clients so.
 *
 * <p>A watch says only that something changed. All state belongs to the executor's one thread; methods may be called
 * from any.
 */
public final class ZooKeeperElection implements ControllerElection {
    private static final Logger LOG = LoggerFactory.getLogger(ZooKeeperElection.class);
    private static final long RETRY_MS = 100;
    private static final int ANY_VERSION = -1;
    private static final byte[] FIRST_EPOCH = "0".getBytes(StandardCharsets.UTF_8);

    private final ZooKeeperSession session;
    private final ZooKeeperRequests requests;
    private final BrokerId self;
    private final Clock clock;
    private final Timer timer;
    private final Executor executor;

    private final ControllerRemoval removal;

    private Consumer<Event> listener = event -> {};
    private Event.Elected leading;
    private boolean suspended;
    private boolean over;
    private BrokerId known;
    /** The largest epoch ever seen: the next one is larger, also if somebody set the node back. */
    private int highest;
    /** Whether word of the next change of {@code /controller} is due. */
    private boolean watching;
    /** Raised with each look at the nodes; what an earlier one still brings is void. */
    private int round;

    /** @param executor runs one task after the other; the listener is called on it */
    public ZooKeeperElection(ZooKeeperSession session, BrokerId self, Clock clock, Timer timer, Executor executor) {
        this.session = session;
        this.requests = session.requests(executor);
        this.self = self;
        this.clock = clock;
        this.timer = timer;
        this.executor = executor;
        this.removal = new ControllerRemoval(requests, clock);
    }

    @Override
    public void start(Consumer<Event> listener) {
        session.listen(event -> executor.execute(() -> onSession(event)));
        executor.execute(() -> {
            this.listener = listener;
            look();
        });
    }

    @Override
    public void removeDead(BrokerId suspect) {
        executor.execute(() -> {
            if (over || !removal.isDue(suspect)) {
                return;
            }
            int mine = round;
            removal.attempt().whenComplete((answer, failure) -> {
                if (mine != round) {
                    return;
                }
                if (failure != null || answer.isUnknown()) {
                    again("no answer to the removal of a dead controller");
                } else {
                    look();
                }
            });
        });
    }

    @Override
    public void lookAgain() {
        executor.execute(this::look);
    }

    @Override
    public CompletionStage<Void> resign() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        executor.execute(() -> {
            Event.Elected place = leading;
            over = true;
            round++;
            if (place == null) {
                done.complete(null);
                return;
            }
            leave("the broker stops");
            requests.multi(List.of(
                            Op.check(ControllerNode.EPOCH_PATH, place.epochVersion()),
                            Op.delete(ControllerNode.PATH, ANY_VERSION)))
                    .whenComplete((answer, failure) -> done.complete(null));
        });
        return done;
    }

    private void onSession(SessionEvent event) {
        if (over) {
            return;
        }
        switch (event) {
            case SessionEvent.Suspended() -> {
                round++;
                removal.seenNobody();
                if (leading != null && !suspended) {
                    suspended = true;
                    tell(new Event.Suspended());
                }
            }
            case SessionEvent.Resumed() -> look();
            case SessionEvent.Lost() -> {
                round++;
                removal.seenNobody();
                watching = false;
                fall("its session with ZooKeeper is lost; it stands for election again when ZooKeeper can be reached");
                elsewhere(BrokerId.NONE);
            }
            case SessionEvent.Connected(long id) -> {
                watching = false;
                look();
            }
        }
    }

    /** What the nodes say at one look. The controller is read last, so that its watch misses nothing. */
    private record Seen(Answer<byte[]> migration, Answer<byte[]> epoch, Answer<byte[]> controller) {
        Code worst() {
            for (Answer<byte[]> answer : List.of(migration, epoch, controller)) {
                if (!answer.isOk() && answer.code() != Code.NONODE) {
                    return answer.code();
                }
            }
            return Code.OK;
        }
    }

    private void look() {
        if (over) {
            return;
        }
        int mine = ++round;
        CompletableFuture<Answer<byte[]>> migration = requests.getData(MigrationNode.PATH);
        CompletableFuture<Answer<byte[]>> epoch = requests.getData(ControllerNode.EPOCH_PATH);
        boolean setsWatch = !watching;
        CompletableFuture<Answer<byte[]>> controller = setsWatch
                ? requests.getData(ControllerNode.PATH, this::onChange)
                : requests.getData(ControllerNode.PATH);
        migration
                .thenCombine(epoch, (first, second) -> new Seen(first, second, null))
                .thenCombine(controller, (both, third) -> new Seen(both.migration, both.epoch, third))
                .whenComplete((seen, failure) -> {
                    // a look that sets none says nothing of a watch that may have gone off meanwhile
                    watching |= setsWatch && failure == null && seen.controller.isOk();
                    if (mine == round) {
                        decide(seen, failure);
                    }
                });
    }

    private void onChange() {
        watching = false;
        look();
    }

    private void decide(Seen seen, Throwable failure) {
        if (failure != null || seen.worst() != Code.OK) {
            again("could not be read: " + (failure != null ? failure : seen.worst()));
            return;
        }
        String refusal = refusal(seen);
        if (refusal != null) {
            over = true;
            fall(refusal);
            tell(new Event.Refused(refusal));
            return;
        }
        if (!seen.epoch.isOk()) {
            create(ControllerNode.EPOCH_PATH);
            return;
        }
        int epoch = Integer.parseInt(text(seen.epoch.value()));
        highest = Math.max(highest, epoch);
        removal.seenNobody();
        if (!seen.controller.isOk()) {
            fall(ControllerNode.PATH + " is gone from ZooKeeper");
            stand(seen.epoch.stat().getVersion());
        } else if (seen.controller.stat().getEphemeralOwner() == session.sessionId()) {
            ours(seen, epoch);
        } else {
            fall("another session has taken " + ControllerNode.PATH + " in ZooKeeper");
            boolean former = session.isFormer(seen.controller.stat().getEphemeralOwner());
            BrokerId holder = former
                    ? BrokerId.NONE
                    : ControllerNode.decode(seen.controller.value()).controller();
            removal.seen(holder, seen.epoch.stat().getVersion());
            elsewhere(holder);
        }
    }

    /** Null where nothing speaks against taking part. */
    private static String refusal(Seen seen) {
        String migration = seen.migration.isOk() ? MigrationNode.refusal(seen.migration.value()) : null;
        if (migration != null) {
            return migration;
        }
        if (seen.controller.isOk()) {
            ControllerNode node = ControllerNode.decode(seen.controller.value());
            if (node.kraftEpoch() >= 0) {
                return "Expected a controller that works in ZooKeeper, but " + ControllerNode.PATH
                        + " names the KRaft controller " + node.controller() + " with epoch " + node.kraftEpoch()
                        + "; this cluster is being moved to KRaft";
            }
        }
        if (seen.epoch.isOk() && !isEpoch(text(seen.epoch.value()))) {
            return "Expected " + ControllerNode.EPOCH_PATH + " to hold a number of 0 or more, but it holds '"
                    + text(seen.epoch.value()) + "'";
        }
        return null;
    }

    private void create(String path) {
        int mine = round;
        requests.create(path, FIRST_EPOCH, session.acls().of(path), CreateMode.PERSISTENT)
                .whenComplete((answer, failure) -> {
                    if (mine != round) {
                        return;
                    }
                    if (failure == null && (answer.isOk() || answer.code() == Code.NODEEXISTS)) {
                        look();
                    } else {
                        again(path + " could not be made: " + (failure != null ? failure : answer.code()));
                    }
                });
    }

    private void stand(int epochVersion) {
        int mine = round;
        int epoch = highest + 1;
        byte[] text = Integer.toString(epoch).getBytes(StandardCharsets.UTF_8);
        String path = ControllerNode.PATH;
        requests.multi(List.of(
                        Op.check(BrokerRegistration.path(self), ANY_VERSION),
                        Op.create(
                                path,
                                ControllerNode.encode(self, clock.wallMs()),
                                session.acls().of(path),
                                CreateMode.EPHEMERAL),
                        Op.setData(ControllerNode.EPOCH_PATH, text, epochVersion)))
                .whenComplete((answer, failure) -> {
                    if (mine != round) {
                        return; // The session has changed its state; a look tells what has become of this.
                    }
                    if (failure != null || answer.isUnknown()) {
                        again("no answer to our candidature");
                    } else {
                        // Won or not: the look that sets the watch finds out, and reads who it is.
                        afterCandidature(answer.code());
                    }
                });
    }

    private void afterCandidature(Code code) {
        switch (code) {
            case OK, NODEEXISTS, BADVERSION -> look();
            case NONODE -> again("not registered yet");
            default -> again("ZooKeeper says " + code + " to our candidature");
        }
    }

    /** {@code /controller} belongs to our session. */
    private void ours(Seen seen, int epoch) {
        if (seen.controller.stat().getCzxid() != seen.epoch.stat().getMzxid()) {
            // Somebody has written the epoch since: our writes would fail their check. Give the place up and win anew.
            fall(ControllerNode.EPOCH_PATH + " was changed by somebody else");
            LOG.warn(
                    "{} was changed by somebody else to {}; standing for election again",
                    ControllerNode.EPOCH_PATH,
                    epoch);
            giveUpPlace(seen);
            return;
        }
        Event.Elected place =
                new Event.Elected(new ControllerEpoch(epoch), seen.epoch.stat().getVersion());
        if (!place.equals(leading)) {
            fall("a new term begins");
            leading = place;
            suspended = false;
            known = self;
            LOG.info("Broker {} is the controller, with epoch {}", self, epoch);
            tell(place);
        } else if (suspended) {
            suspended = false;
            tell(new Event.Resumed());
        }
    }

    /** Our own node, as long as the epoch is what was read with it: nobody else can have come in between. */
    private void giveUpPlace(Seen seen) {
        int mine = round;
        requests.multi(List.of(
                        Op.check(ControllerNode.EPOCH_PATH, seen.epoch.stat().getVersion()),
                        Op.delete(ControllerNode.PATH, ANY_VERSION)))
                .whenComplete((answer, failure) -> {
                    if (mine == round) {
                        look();
                    }
                });
    }

    private void again(String why) {
        int mine = round;
        LOG.info("Election: {}; looking again in {} ms", why, RETRY_MS);
        timer.schedule(
                RETRY_MS,
                () -> executor.execute(() -> {
                    if (mine == round) {
                        look();
                    }
                }));
    }

    private void fall(String why) {
        if (leading != null) {
            LOG.warn("Broker {} is no longer the controller; it was with epoch {}: {}", self, leading.epoch(), why);
            leave(why);
        }
    }

    private void leave(String why) {
        leading = null;
        suspended = false;
        known = null;
        tell(new Event.Resigned(why));
    }

    private void elsewhere(BrokerId controller) {
        if (!controller.equals(known)) {
            known = controller;
            tell(new Event.Elsewhere(controller));
        }
    }

    private void tell(Event event) {
        try {
            listener.accept(event);
        } catch (RuntimeException e) {
            LOG.error("The listener failed on {}", event, e);
        }
    }

    private static String text(byte[] data) {
        return data == null ? "" : new String(data, StandardCharsets.UTF_8).trim();
    }

    private static boolean isEpoch(String text) {
        try {
            return Integer.parseInt(text) >= 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
