package io.ottla.console.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.access.Action;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.moves.AssignmentFile;
import io.ottla.console.moves.AssignmentJson;
import io.ottla.console.moves.Difference;
import io.ottla.console.moves.Goal.Measure;
import io.ottla.console.moves.Outcome;
import io.ottla.console.reassignment.Executions;
import io.ottla.console.reassignment.Plan;
import io.ottla.console.reassignment.Plans;
import io.ottla.console.reassignment.Verification;
import io.ottla.console.reassignment.Wish;
import io.ottla.console.words.Wording;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Plans of moves: made, executed, verified. Assignments have the form of {@code kafka-reassign-partitions}. */
@RestController
@RequestMapping(
        path = "/api/v1/clusters/{clusterId}/reassignments",
        produces = MediaType.APPLICATION_JSON_VALUE,
        consumes = MediaType.APPLICATION_JSON_VALUE)
final class ReassignmentPlanResource {
    /** What is wanted. */
    record NewPlan(
            String goal,
            List<String> topics,
            @JsonProperty("broker_ids") List<Integer> brokers,
            @JsonProperty("replication_factor") Integer factor,
            String measure,
            @JsonProperty("each_topic") Boolean eachTopic) {}

    /** What a broker has to do with. */
    record BrokerTraffic(
            @JsonProperty("broker_id") int broker,
            @JsonProperty("bytes_in") long in,
            @JsonProperty("bytes_out") long out,
            @JsonProperty("bytes_freed") long freed) {}

    /** What a plan changes; {@code way_back} leads back. */
    record MadePlan(
            int partitions,
            @JsonProperty("replicas_added") int added,
            @JsonProperty("replicas_removed") int removed,
            @JsonProperty("leaders_changed") int leaders,
            @JsonProperty("bytes_to_copy") long bytes,
            List<BrokerTraffic> brokers,
            JsonNode assignment,
            @JsonProperty("way_back") JsonNode back) {}

    /** What is to be executed. */
    record Execution(
            JsonNode assignment,
            @JsonProperty("throttle_bytes_per_second") Long throttle,
            @JsonProperty("batch_size") Integer batch,
            @JsonProperty("remove_throttle") Boolean removeThrottle) {}

    /** What is to be looked at. */
    record ToVerify(JsonNode assignment) {}

    record Checked(String topic, int partition, List<Integer> wanted, List<Integer> replicas, String state) {}

    record Verified(
            List<Checked> partitions,
            @JsonProperty("any_running") boolean running,
            @JsonProperty("throttles_removed") boolean cleared) {}

    private final Plans plans;
    private final Executions executions;
    private final ObjectMapper mapper;
    private final AssignmentJson json = new AssignmentJson(AssignmentJson.Limits.DEFAULT);

    ReassignmentPlanResource(Plans plans, Executions executions, ObjectMapper mapper) {
        this.plans = plans;
        this.executions = executions;
        this.mapper = mapper;
    }

    @Needs(Action.REASSIGN)
    @PostMapping("/plan")
    MadePlan plan(Visit visit, @PathVariable String clusterId, @RequestBody NewPlan body) {
        Wish.Kind kind = Bodies.choice(body.goal(), null, Wish.Kind.class, "goal");
        Set<String> topics = new TreeSet<>(Bodies.list(body.topics(), "topics"));
        topics.forEach(topic -> visit.require(Action.VIEW_TOPIC, topic));
        Wish wish = new Wish(
                kind,
                topics,
                new TreeSet<>(Bodies.list(body.brokers(), "broker_ids")),
                body.factor() == null ? OptionalInt.empty() : OptionalInt.of(body.factor()),
                Bodies.choice(body.measure(), Measure.COUNT, Measure.class, "measure"),
                Boolean.TRUE.equals(body.eachTopic()));
        if (kind == Wish.Kind.FACTOR) {
            Bodies.need(body.factor(), "replication_factor");
        }
        Plan made = made(plans.make(visit, wish));
        Difference difference = made.difference();
        return new MadePlan(
                difference.moves().size(),
                difference.replicasAdded(),
                difference.replicasRemoved(),
                difference.leadersChanged(),
                difference.bytesToCopy(),
                difference.traffic().entrySet().stream()
                        .map(entry -> new BrokerTraffic(
                                entry.getKey(),
                                entry.getValue().in(),
                                entry.getValue().out(),
                                entry.getValue().freed()))
                        .toList(),
                mapper.readTree(AssignmentJson.write(made.file())),
                mapper.readTree(AssignmentJson.write(made.back())));
    }

    /** Answers what it began, which is what leads back. */
    @Needs(Action.REASSIGN)
    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    JsonNode execute(Visit visit, @PathVariable String clusterId, @RequestBody Execution body) {
        if (body.throttle() != null && body.throttle() < 1) {
            throw Bodies.bad("Expected throttle_bytes_per_second of 1 or more, but got " + body.throttle() + ".");
        }
        if (body.batch() != null && body.batch() < 1) {
            throw Bodies.bad("Expected batch_size of 1 or more, but got " + body.batch() + ".");
        }
        Plan plan = made(plans.make(visit, file(body.assignment())));
        if (!plan.isEmpty()) {
            executions.start(
                    visit,
                    plan,
                    new Executions.Options(
                            body.throttle() == null ? OptionalLong.empty() : OptionalLong.of(body.throttle()),
                            body.batch() == null ? OptionalInt.empty() : OptionalInt.of(body.batch()),
                            !Boolean.FALSE.equals(body.removeThrottle())));
        }
        return mapper.readTree(AssignmentJson.write(plan.back()));
    }

    @Needs(Action.REASSIGN)
    @PostMapping("/verify")
    Verified verify(Visit visit, @PathVariable String clusterId, @RequestBody ToVerify body) {
        Verification found = executions.verify(visit, file(body.assignment()).assignment());
        return new Verified(
                found.checks().stream()
                        .map(check -> new Checked(
                                check.partition().topic(),
                                check.partition().partition(),
                                check.wanted(),
                                check.now(),
                                check.key()))
                        .toList(),
                found.anyRunning(),
                found.cleared());
    }

    private AssignmentFile file(JsonNode assignment) {
        byte[] bytes = mapper.writeValueAsBytes(Bodies.need(assignment, "assignment"));
        return switch (json.parse(bytes)) {
            case Outcome.Made<AssignmentFile>(AssignmentFile file) -> file;
            case Outcome.Refused<AssignmentFile>(Wording why) -> throw Bodies.bad("assignment: " + why);
        };
    }

    /** What can't be planned was understood all the same. */
    private static Plan made(Outcome<Plan> outcome) {
        return switch (outcome) {
            case Outcome.Made<Plan>(Plan plan) -> plan;
            case Outcome.Refused<Plan>(Wording why) -> throw new ApiFailure(ApiError.IMPOSSIBLE, why.toString());
        };
    }
}
