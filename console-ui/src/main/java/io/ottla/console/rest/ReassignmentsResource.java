package io.ottla.console.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.access.Action;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.reassignment.Elections;
import io.ottla.console.reassignment.Executions;
import io.ottla.console.reassignment.FollowedPlans;
import io.ottla.console.reassignment.MoveWatch;
import io.ottla.console.reassignment.RunningMove;
import io.ottla.console.reassignment.RunningMoves;
import io.ottla.console.reassignment.Throttles;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Moves that run: progress, calling off, throttle; and elections of leaders. */
@RestController
@RequestMapping(path = "/api/v1/clusters/{clusterId}", produces = MediaType.APPLICATION_JSON_VALUE)
final class ReassignmentsResource {
    private static final double UNKNOWN = -1;

    /** A partition that is moved. Null stands for what is unknown. */
    record Moving(
            String topic,
            int partition,
            List<Integer> replicas,
            @JsonProperty("adding_replicas") List<Integer> adding,
            @JsonProperty("removing_replicas") List<Integer> removing,
            @JsonProperty("bytes_total") Long total,
            @JsonProperty("bytes_left") Long left,
            Integer percent) {
        static Moving of(RunningMove move) {
            return new Moving(
                    move.partition().topic(),
                    move.partition().partition(),
                    move.replicas(),
                    move.adding(),
                    move.removing(),
                    known(move.total()),
                    known(move.left()),
                    move.percent() < 0 ? null : move.percent());
        }
    }

    /**
     * All that is moved, with the steps to come of a plan that moves in batches.
     *
     * @param waiting partitions of steps to come
     * @param step of the plan that is followed, from 1; null where none is, or one with topics that the caller
     *     may not see, as the next three
     * @param leftOut partitions that were no longer as they were when the plan was made
     * @param problem why it goes on no more; null where it does
     */
    record Running(
            List<Moving> reassignments,
            @JsonProperty("partitions_waiting") int waiting,
            Integer step,
            Integer steps,
            @JsonProperty("partitions_left_out") Integer leftOut,
            String problem,
            @JsonProperty("bytes_total") Long total,
            @JsonProperty("bytes_left") Long left,
            Integer percent,
            @JsonProperty("bytes_per_second") Double rate,
            @JsonProperty("seconds_left") Long seconds) {}

    /** How many moves were called off. */
    record Cancelled(int cancelled) {}

    /** What a broker sends and takes in at most; null where it has no bound. */
    record BrokerRate(
            @JsonProperty("broker_id") int broker,
            @JsonProperty("leader_bytes_per_second") Long leader,
            @JsonProperty("follower_bytes_per_second") Long follower) {}

    record Rates(List<BrokerRate> brokers) {}

    record NewRate(@JsonProperty("bytes_per_second") Long bytesPerSecond) {}

    /** The election that is asked for; without partitions all of the topics. */
    record NewElection(
            @JsonProperty("election_type") String type, List<String> topics, List<Bodies.Named> partitions) {}

    private enum ElectionKind {
        PREFERRED,
        UNCLEAN
    }

    record Failed(String topic, int partition, String message) {}

    record Elected(int elected, @JsonProperty("not_needed") int unneeded, List<Failed> failed) {}

    private final MoveWatch watch;
    private final Executions executions;

    ReassignmentsResource(MoveWatch watch, Executions executions) {
        this.watch = watch;
        this.executions = executions;
    }

    @GetMapping("/reassignments")
    Running running(Visit visit, @PathVariable String clusterId) {
        RunningMoves running = watch.look(visit);
        FollowedPlans.State plan = executions.state(visit).orElse(null);
        boolean stopped = plan != null && plan.problem() != null;
        Duration remaining = stopped ? null : running.remaining();
        return new Running(
                running.moves().stream().map(Moving::of).toList(),
                running.waiting(),
                plan == null ? null : plan.step(),
                plan == null ? null : plan.steps(),
                plan == null ? null : plan.leftOut(),
                stopped ? plan.problem().toString() : null,
                known(running.total()),
                known(running.left()),
                running.percent() < 0 ? null : running.percent(),
                running.bytesPerSecond() <= UNKNOWN ? null : running.bytesPerSecond(),
                remaining == null ? null : remaining.toSeconds());
    }

    /** Calls off all moves, or those of a topic, or that of a partition. */
    @Needs(Action.REASSIGN)
    @DeleteMapping("/reassignments")
    Cancelled cancel(
            Visit visit,
            @PathVariable String clusterId,
            @RequestParam(required = false) String topic,
            @RequestParam(required = false) Integer partition) {
        if (topic == null && partition != null) {
            throw Bodies.bad("Expected topic beside partition, but the request has none.");
        }
        if (topic == null) {
            return new Cancelled(executions.cancel(visit, List.of()));
        }
        if (partition != null) {
            return new Cancelled(executions.cancel(visit, List.of(new TopicPartition(topic, partition))));
        }
        visit.topic(topic);
        List<TopicPartition> ofTopic = watch.look(visit).moves().stream()
                .map(RunningMove::partition)
                .filter(at -> at.topic().equals(topic))
                .toList();
        return new Cancelled(ofTopic.isEmpty() ? 0 : executions.cancel(visit, ofTopic));
    }

    @GetMapping("/throttle")
    Rates throttle(Visit visit, @PathVariable String clusterId) {
        return new Rates(Throttles.rates(visit).entrySet().stream()
                .map(entry -> new BrokerRate(
                        entry.getKey(),
                        known(entry.getValue().leader()),
                        known(entry.getValue().follower())))
                .toList());
    }

    /** For all live brokers and all that is moved. */
    @Needs(Action.THROTTLE)
    @PutMapping(path = "/throttle", consumes = MediaType.APPLICATION_JSON_VALUE)
    Rates setThrottle(Visit visit, @PathVariable String clusterId, @RequestBody NewRate body) {
        long rate = Bodies.need(body.bytesPerSecond(), "bytes_per_second");
        if (rate < 1) {
            throw Bodies.bad("Expected bytes_per_second of 1 or more, but got " + rate + ".");
        }
        executions.throttle(visit, rate);
        return throttle(visit, clusterId);
    }

    @Needs(Action.THROTTLE)
    @DeleteMapping("/throttle")
    ResponseEntity<Void> removeThrottle(Visit visit, @PathVariable String clusterId) {
        visit.require(Action.THROTTLE);
        Throttles.clear(visit, visit.topicNames());
        return ResponseEntity.noContent().build();
    }

    @Needs(Action.ELECT_LEADERS)
    @PostMapping(path = "/leader-elections", consumes = MediaType.APPLICATION_JSON_VALUE)
    Elected elect(Visit visit, @PathVariable String clusterId, @RequestBody NewElection body) {
        List<TopicPartition> partitions = Bodies.existing(visit, body.partitions(), "partitions");
        List<String> topics = Bodies.list(body.topics(), "topics");
        if (partitions.isEmpty() == topics.isEmpty()) {
            throw Bodies.bad("Expected either topics or partitions, but the request has "
                    + (topics.isEmpty() ? "neither." : "both."));
        }
        topics.forEach(topic -> Bodies.topic(visit, topic, "topics"));
        return switch (Bodies.choice(body.type(), ElectionKind.PREFERRED, ElectionKind.class, "election_type")) {
            case PREFERRED -> {
                List<TopicPartition> wanted = topics.isEmpty() ? partitions : Elections.wanting(visit, topics);
                yield answer(
                        wanted.isEmpty() ? new Elections.Result(0, 0, List.of()) : Elections.preferred(visit, wanted));
            }
            case UNCLEAN -> {
                if (partitions.size() != 1) {
                    throw Bodies.bad("Expected exactly one of partitions for an unclean election, but got "
                            + partitions.size() + ".");
                }
                yield answer(Elections.unclean(visit, partitions.getFirst()));
            }
        };
    }

    private static Elected answer(Elections.Result result) {
        return new Elected(
                result.elected(),
                result.unneeded(),
                result.failed().stream()
                        .map(each -> new Failed(
                                each.partition().topic(), each.partition().partition(), each.why()))
                        .toList());
    }

    private static Long known(long number) {
        return number < 0 ? null : number;
    }
}
