package io.ottla.console.reassignment;

import io.ottla.console.access.Action;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterPicture.Broker;
import io.ottla.console.moves.Assignment;
import io.ottla.console.moves.AssignmentFile;
import io.ottla.console.moves.AssignmentJson;
import io.ottla.console.moves.Outcome;
import io.ottla.console.reassignment.Typed.Unreadable;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Where plans come from: a wish, a table that is edited, or a file of Kafka's tool. */
@Controller
@RequestMapping("/clusters/{cluster}/moves")
final class PlanController {
    /** Of a file that comes with a form. */
    static final AssignmentJson.Limits LIMITS = new AssignmentJson.Limits(2 << 20, 20_000, 1_000);

    /** Partitions that can be edited in one table. */
    private static final int MOST_EDITED = 200;

    private static final int MOST_NAMED = 8;

    private final Plans plans;
    private final AssignmentJson json = new AssignmentJson(LIMITS);

    PlanController(Plans plans) {
        this.plans = plans;
    }

    @GetMapping("/new")
    String form(
            Visit visit,
            @RequestParam(required = false) String goal,
            @RequestParam(required = false) String topic,
            @RequestParam(required = false) List<String> leaving,
            Model model) {
        return form(visit, new PlanForm(goal, topic, null, leaving, null, null, false), null, model);
    }

    private static String form(Visit visit, PlanForm form, Wording problem, Model model) {
        model.addAttribute("section", "moves");
        model.addAttribute("address", MovesController.address(visit));
        model.addAttribute("form", form);
        model.addAttribute("brokers", visit.cluster().describe().brokers());
        model.addAttribute("down", down(visit));
        model.addAttribute("problem", problem);
        return "moves-new";
    }

    /** Brokers that hold replicas and are not there: they can be drained too. */
    private static List<Integer> down(Visit visit) {
        var survey = visit.glance();
        Set<Integer> live = survey.brokerIds();
        return survey.loads().keySet().stream()
                .filter(id -> !live.contains(id))
                .sorted()
                .toList();
    }

    /** Which topics the patterns mean, while they are typed. */
    @GetMapping("/topics")
    String topics(Visit visit, @RequestParam(defaultValue = "") String topic, Model model) {
        try {
            Set<String> found = Typed.topics(visit, topic, Action.REASSIGN);
            model.addAttribute("count", found.size());
            model.addAttribute(
                    "named", String.join(", ", found.stream().limit(MOST_NAMED).toList()));
            model.addAttribute("more", found.size() > MOST_NAMED);
        } catch (Unreadable unreadable) {
            model.addAttribute("problem", unreadable.wording());
        }
        return "moves-new :: chosen";
    }

    @Needs(Action.REASSIGN)
    @PostMapping("/new")
    String make(
            Visit visit,
            @RequestParam(required = false) String goal,
            @RequestParam(required = false) String topic,
            @RequestParam(required = false) List<String> broker,
            @RequestParam(required = false) List<String> leaving,
            @RequestParam(required = false) String factor,
            @RequestParam(required = false) String measure,
            @RequestParam(required = false) String eachTopic,
            HttpServletResponse response,
            Model model) {
        PlanForm form = new PlanForm(goal, topic, broker, leaving, factor, measure, eachTopic != null);
        try {
            return switch (plans.make(visit, form.wish(visit))) {
                case Outcome.Made<Plan>(Plan plan) -> review(visit, plan);
                case Outcome.Refused<Plan>(Wording why) -> formAgain(visit, form, why, response, model);
            };
        } catch (Unreadable unreadable) {
            return formAgain(visit, form, unreadable.wording(), response, model);
        }
    }

    private static String formAgain(
            Visit visit, PlanForm form, Wording why, HttpServletResponse response, Model model) {
        response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
        return form(visit, form, why, model);
    }

    private static String review(Visit visit, Plan plan) {
        return "redirect:" + MovesController.address(visit) + "/plans/" + plan.id();
    }

    @GetMapping("/by-hand")
    String byHand(Visit visit, @RequestParam(defaultValue = "") String topic, Model model) {
        return byHand(visit, topic, Map.of(), "", null, model);
    }

    /** @param fields {@code replicas-3-orders} and so on: brokers of a partition */
    @Needs(Action.REASSIGN)
    @PostMapping("/by-hand")
    String edited(
            Visit visit,
            @RequestParam(defaultValue = "") String topic,
            @RequestParam Map<String, String> fields,
            HttpServletResponse response,
            Model model) {
        try {
            Map<TopicPartition, List<Integer>> replicas = new HashMap<>();
            for (Map.Entry<String, String> field : fields.entrySet()) {
                String[] parts = field.getKey().split("-", 3);
                if (parts.length == 3 && parts[0].equals("replicas")) {
                    TopicPartition at =
                            Typed.partitions(List.of(parts[2] + ":" + parts[1])).getFirst();
                    replicas.put(at, Typed.brokers(field.getValue(), at));
                }
            }
            return made(
                    visit,
                    plans.make(visit, new AssignmentFile(new Assignment(replicas))),
                    why -> byHand(visit, topic, fields, "", why, model),
                    response);
        } catch (Unreadable unreadable) {
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            return byHand(visit, topic, fields, "", unreadable.wording(), model);
        }
    }

    /** @param file as kafka-reassign-partitions reads it */
    @Needs(Action.REASSIGN)
    @PostMapping("/import")
    String imported(
            Visit visit, @RequestParam(defaultValue = "") String file, HttpServletResponse response, Model model) {
        Outcome<Plan> outcome = switch (json.parse(file.getBytes(StandardCharsets.UTF_8))) {
            case Outcome.Made<AssignmentFile>(AssignmentFile made) -> plans.make(visit, made);
            case Outcome.Refused<AssignmentFile>(Wording why) -> Outcome.refused(why);
        };
        return made(visit, outcome, why -> byHand(visit, "", Map.of(), file, why, model), response);
    }

    private static String made(
            Visit visit,
            Outcome<Plan> outcome,
            java.util.function.Function<Wording, String> again,
            HttpServletResponse response) {
        return switch (outcome) {
            case Outcome.Made<Plan>(Plan plan) -> review(visit, plan);
            case Outcome.Refused<Plan>(Wording why) -> {
                response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
                yield again.apply(why);
            }
        };
    }

    private static String byHand(
            Visit visit, String topic, Map<String, String> typed, String file, Wording problem, Model model) {
        Wording wrong = problem;
        Assignment current = Assignment.EMPTY;
        boolean more = false;
        try {
            Set<String> named = Typed.topics(visit, topic, Action.REASSIGN);
            // Each has a partition at least: more topics than lines are not read.
            current = Plans.current(visit, named.stream().limit(MOST_EDITED).collect(Collectors.toSet()));
            more = named.size() > MOST_EDITED || current.size() > MOST_EDITED;
        } catch (Unreadable unreadable) {
            wrong = problem == null ? unreadable.wording() : problem;
        }
        model.addAttribute("section", "moves");
        model.addAttribute("address", MovesController.address(visit));
        model.addAttribute("topic", topic);
        model.addAttribute(
                "partitions",
                current.replicas().entrySet().stream().limit(MOST_EDITED).toList());
        model.addAttribute("more", more);
        model.addAttribute("most", MOST_EDITED);
        model.addAttribute("fields", typed);
        model.addAttribute("file", file);
        model.addAttribute(
                "ids",
                String.join(
                        ", ",
                        visit.cluster().describe().brokers().stream()
                                .map(Broker::id)
                                .map(String::valueOf)
                                .toList()));
        model.addAttribute("problem", wrong);
        return "moves-by-hand";
    }

    /** How topics lie now, as a file of Kafka's tool. */
    @GetMapping("/current.json")
    ResponseEntity<byte[]> current(Visit visit, @RequestParam(defaultValue = "") String topic) {
        try {
            return file(
                    new AssignmentFile(Plans.current(visit, Typed.topics(visit, topic, Action.VIEW_TOPIC))),
                    "current.json");
        } catch (Unreadable unreadable) {
            throw new ClusterFailure(ClusterFailure.Reason.NOT_FOUND, unreadable.wording());
        }
    }

    static ResponseEntity<byte[]> file(AssignmentFile file, String name) {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .header("Content-Disposition", "attachment; filename=\"" + name + "\"")
                .body(AssignmentJson.write(file));
    }

    /** The sentence of a refusal; another failure goes on. */
    static Wording requireRefusal(ClusterFailure failure) {
        if (failure.reason() != ClusterFailure.Reason.REFUSED && failure.reason() != ClusterFailure.Reason.NOT_FOUND) {
            throw failure;
        }
        return failure.wording();
    }
}
