package io.ottla.cluster;

import io.ottla.peer.ControllerProposals;
import io.ottla.peer.LostReplicas;
import io.ottla.time.Timer;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the controller which replicas this broker has lost with a log folder, until it has heard: so that others lead them,
 * or everybody knows that nobody does (KIP-112). What is lost at the same time is told together, one report after the other.
 */
public final class LossReports {
    private static final Logger LOG = LoggerFactory.getLogger(LossReports.class);

    static final long RETRY_MS = 500;

    private final BrokerId self;
    private final Supplier<BrokerEpoch> epoch;
    private final ControllerProposals controller;
    private final Timer timer;
    private final Executor executor;

    private final Set<LostReplicas.Replica> untold = new LinkedHashSet<>();
    private boolean underWay;

    /**
     * @param epoch of the present registration
     * @param executor runs what it is given one after the other; the reports belong to it
     */
    public LossReports(
            BrokerId self,
            Supplier<BrokerEpoch> epoch,
            ControllerProposals controller,
            Timer timer,
            Executor executor) {
        this.self = self;
        this.epoch = epoch;
        this.controller = controller;
        this.timer = timer;
        this.executor = executor;
    }

    /** A replica here is offline, and the cluster does not know it. Any thread. */
    public void lost(LostReplicas.Replica replica) {
        executor.execute(() -> {
            untold.add(replica);
            if (!underWay) {
                underWay = true;
                executor.execute(this::tell);
            }
        });
    }

    private void tell() {
        List<LostReplicas.Replica> told = List.copyOf(untold);
        untold.clear();
        if (told.isEmpty()) {
            underWay = false;
            return;
        }
        ask(new LostReplicas(self, epoch.get(), told))
                .whenCompleteAsync(
                        (refusal, error) -> {
                            if (error == null && refusal.isEmpty()) {
                                tell();
                                return;
                            }
                            LOG.debug(
                                    "The controller does not know of {} lost replicas yet: {}",
                                    told.size(),
                                    error == null ? refusal.get().text() : error);
                            untold.addAll(told);
                            timer.schedule(RETRY_MS, () -> executor.execute(this::tell));
                        },
                        executor);
    }

    private CompletionStage<Optional<Failure>> ask(LostReplicas lost) {
        try {
            return controller.replicasLost(lost);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
