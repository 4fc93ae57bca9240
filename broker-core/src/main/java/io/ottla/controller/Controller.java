package io.ottla.controller;

import io.ottla.config.ConfigOperation;
import io.ottla.config.ControllerProperties;
import io.ottla.config.TopicDefaults;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.ImageListener;
import io.ottla.metrics.Metrics;
import io.ottla.peer.ControllerProposals;
import io.ottla.peer.InSyncProposal;
import io.ottla.peer.InSyncProposals;
import io.ottla.peer.InSyncResult;
import io.ottla.peer.LostReplicas;
import io.ottla.peer.RenewedSecrets;
import io.ottla.peer.SecretRenewals;
import io.ottla.time.Clock;
import io.ottla.time.RepeatedTask;
import io.ottla.time.Timer;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.Failure;
import io.ottla.types.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controller of the cluster, where this broker is elected; elsewhere it refuses everything with NOT_CONTROLLER.
 *
 * <p>It reads the store once, keeps the picture in memory, decides by pure functions, writes under its epoch, and then
 * publishes the step (DESIGN §5). What was asked for meanwhile is decided together in the next turn, so that many
 * requests share a round trip. Thread-safe; all its work is done on the one executor it is given. Answers come when the
 * listener has acted on the step: what was created is usable then. Callers set their own deadlines.
 */
public final class Controller implements ControllerProposals, InSyncProposals, SecretRenewals, Liveness {
    private static final Logger log = LoggerFactory.getLogger(Controller.class);

    /**
     * What the controller works with.
     *
     * @param seen the cluster as this broker was last told of it, by whichever controller; any thread
     */
    public record Ports(
            ControllerElection election,
            MetadataStore store,
            ImageListener publisher,
            ConfigValidator configs,
            Policies policies,
            RandomGenerator random,
            Clock clock,
            Timer timer,
            Executor executor,
            Supplier<ClusterImage> seen,
            Metrics metrics) {}

    private final BrokerId self;
    private final ControllerElection election;
    private final Executor executor;
    private final Clock clock;
    private final RandomGenerator random;
    private final TopicRules rules;
    private final ElectionRules electionRules;
    private final ControllerShell shell;
    private final MetadataStore store;
    private final Presence presence;
    private final Optional<RepeatedTask> balancing;

    /**
     * @param self this broker
     * @param ports {@code publisher} is told of every step, in order, on the controller's thread; {@code executor} runs
     *     what it is given one after the other, in order
     */
    public Controller(BrokerId self, TopicDefaults defaults, ControllerProperties properties, Ports ports) {
        this.self = self;
        this.election = ports.election();
        this.executor = ports.executor();
        this.store = ports.store();
        this.clock = ports.clock();
        this.random = ports.random();
        this.rules = new TopicRules(defaults, properties, ports.configs(), ports.policies());
        this.electionRules = new ElectionRules(properties);
        this.shell = new ControllerShell(ports, new Observer(self, defaults, properties, ports.random()));
        this.presence = new Presence(this::fence, this::takeBack, this::depart, ports.timer());
        this.balancing = properties
                .balancing()
                .map(how -> new RepeatedTask(
                        ports.timer(), executor, how.everyMs(), () -> balance(how.toleratedPercent())));
    }

    /** Stands for election and goes on doing so until {@link #close}. */
    public void start() {
        shell.watch();
        balancing.ifPresent(RepeatedTask::start);
        election.start(event -> executor.execute(() -> shell.on(event)));
    }

    /** Gives up the place and refuses whatever still waits. */
    public CompletionStage<Void> close() {
        balancing.ifPresent(RepeatedTask::stop);
        CompletableFuture<Void> quiet = new CompletableFuture<>();
        executor.execute(() -> {
            shell.close();
            quiet.complete(null);
        });
        return quiet.thenCombine(election.resign(), (first, second) -> null);
    }

    /** The cluster as this controller last published it; null where it is not the controller, or has not read yet. */
    public ClusterImage image() {
        return shell.shown();
    }

    /**
     * Whom clients can ask as the controller: the one that the cluster knows, but nobody while that is this broker and it
     * can decide nothing, since the store is away. Any thread.
     */
    public BrokerId reachable(ClusterImage image) {
        BrokerId known = image.controller();
        return known.equals(self) && !shell.isAble() ? BrokerId.NONE : known;
    }

    /** What to answer where a decision takes longer than its request waits. Any thread. */
    public Failure lateness() {
        return shell.isAble()
                ? Failure.of(Errors.REQUEST_TIMED_OUT)
                : Failure.of(
                        Errors.REQUEST_TIMED_OUT,
                        "The controller can't decide anything at the moment, since ZooKeeper can't be reached;"
                                + " it will once ZooKeeper is back");
    }

    /**
     * Creates topics, each for itself.
     *
     * @param validateOnly whether to say only what would happen
     */
    public CompletionStage<List<TopicResult>> createTopics(List<NewTopic> topics, boolean validateOnly) {
        return ask(epoch -> new TopicCreation(topics, validateOnly, rules, random, epoch), PendingDecision::dooms);
    }

    /** Deletes topics, each for itself; the answer comes when they are gone. */
    public CompletionStage<List<NamedResult>> deleteTopics(List<DoomedTopic> topics) {
        return ask(
                epoch -> new TopicDeletion(topics, rules.defaults()),
                results -> results.stream()
                        .filter(result -> result.failure() == null)
                        .map(NamedResult::name)
                        .toList());
    }

    /** Gives topics more partitions, each for itself. */
    public CompletionStage<List<NamedResult>> createPartitions(List<MorePartitions> topics, boolean validateOnly) {
        return ask(epoch -> new PartitionCreation(topics, validateOnly, rules, random, epoch), PendingDecision::dooms);
    }

    /**
     * Elects leaders, each for itself.
     *
     * @param partitions null for all; then the answer names those alone of which something was to be done
     */
    public CompletionStage<List<PartitionResult>> electLeaders(ElectionType type, List<TopicPartition> partitions) {
        return ask(epoch -> new RequestedElections(type, partitions, elections(epoch)), PendingDecision::dooms);
    }

    /**
     * Begins moves of partitions, or takes them back, each for itself. What is answered as done has begun.
     *
     * @param mayChangeFactor whether a partition may get another number of replicas
     */
    public CompletionStage<List<PartitionResult>> reassign(List<WantedMove> moves, boolean mayChangeFactor) {
        return ask(epoch -> new RequestedMoves(moves, mayChangeFactor, elections(epoch)), PendingDecision::dooms);
    }

    /** Forgets a broker that has gone for good; says what was wrong where it can't. */
    public CompletionStage<Optional<Failure>> unregister(BrokerId broker) {
        return store.hasNotes(broker)
                .thenCompose(has -> ask(_ -> new BrokerRemoval(broker, has), PendingDecision::dooms))
                .thenCompose(failure -> failure.isPresent()
                        ? CompletableFuture.completedFuture(failure)
                        : store.dropNotes(broker).thenApply(_ -> failure));
    }

    private void balance(int toleratedPercent) {
        ask(epoch -> new LeaderBalance(toleratedPercent, elections(epoch)), PendingDecision::dooms)
                .thenAccept(elected -> {
                    if (elected > 0) {
                        log.info("{} partitions are led by their preferred replicas again", elected);
                    }
                });
    }

    /** Changes configuration, each resource for itself; answers in the order of the resources. */
    public CompletionStage<List<Optional<Failure>>> alterConfigs(List<AlteredConfig> resources, boolean validateOnly) {
        return ask(
                epoch -> new ConfigAlteration(
                        resources, validateOnly, rules.configs(), rules.policies(), elections(epoch)),
                PendingDecision::dooms);
    }

    @Override
    public CompletionStage<Optional<Failure>> secretsRenewed(RenewedSecrets renewed) {
        List<ConfigOperation> operations = new ArrayList<>();
        renewed.values().forEach((name, value) -> operations.add(ConfigOperation.set(name, value)));
        AlteredConfig own =
                new AlteredConfig(ConfigResourceName.broker(renewed.broker().value()), operations, false);
        return ask(
                        epoch -> new ConfigAlteration(
                                List.of(own), false, (of, configs, asked) -> null, Policies.NONE, elections(epoch)),
                        PendingDecision::dooms)
                .thenApply(List::getFirst);
    }

    /** Sets levels of features, all of them or none; says what was wrong where it is none. */
    public CompletionStage<Optional<Failure>> updateFeatures(List<FeatureUpdate> updates, boolean validateOnly) {
        return ask(
                epoch -> new FeatureChange(
                        updates, validateOnly, rules.properties().supportedFeatures(), elections(epoch)),
                PendingDecision::dooms);
    }

    @Override
    public CompletionStage<Optional<Failure>> replicasLost(LostReplicas lost) {
        return ask(epoch -> new ReplicaLoss(lost, elections(epoch)), PendingDecision::dooms);
    }

    @Override
    public CompletionStage<List<InSyncResult>> propose(InSyncProposal proposal) {
        return ask(epoch -> new InSyncAlteration(proposal, elections(epoch)), PendingDecision::dooms);
    }

    @Override
    public void fenced(BrokerId broker, BrokerEpoch epoch) {
        presence.fenced(broker, epoch);
    }

    @Override
    public void unfenced(BrokerId broker, BrokerEpoch epoch) {
        presence.unfenced(broker, epoch);
    }

    @Override
    public void forgotten(BrokerId broker, BrokerEpoch epoch) {
        presence.forgotten(broker, epoch);
    }

    @Override
    public CompletionStage<Void> arrived(BrokerId broker, BrokerEpoch epoch, BrokerEpoch closedUnder) {
        return presence.arrived(broker, epoch, closedUnder);
    }

    @Override
    public CompletionStage<Void> leaving(BrokerId broker, BrokerEpoch epoch) {
        return presence.leaving(broker, epoch);
    }

    CompletionStage<Optional<Failure>> fence(BrokerId broker, BrokerEpoch epoch, boolean fenced) {
        return change(broker, epoch, elections -> new BrokerFencing(fenced, elections));
    }

    CompletionStage<Optional<Failure>> takeBack(BrokerId broker, BrokerEpoch epoch, boolean clean) {
        return change(broker, epoch, elections -> new BrokerReturn(clean, elections));
    }

    private CompletionStage<Optional<Failure>> change(
            BrokerId broker, BrokerEpoch epoch, Function<Elections, RegistrationChange.Consequence> consequence) {
        return ask(
                term -> new RegistrationChange(broker, epoch, consequence.apply(elections(term))),
                PendingDecision::dooms);
    }

    CompletionStage<Departure> depart(BrokerId broker, BrokerEpoch epoch) {
        return ask(term -> new BrokerDeparture(broker, epoch, elections(term)), PendingDecision::dooms);
    }

    private Elections elections(ControllerEpoch epoch) {
        return new Elections(electionRules, epoch);
    }

    private <R> CompletionStage<R> ask(
            Function<ControllerEpoch, ControllerMachine<R>> machine, Function<R, Collection<String>> dooms) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        long askedNs = clock.monotonicNs();
        executor.execute(() -> shell.take(new PendingDecision<>(machine.apply(shell.epoch()), dooms, answer, askedNs)));
        return answer;
    }
}
