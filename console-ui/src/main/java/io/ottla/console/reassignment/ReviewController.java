package io.ottla.console.reassignment;

import io.ottla.console.access.Action;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.moves.Assignment;
import io.ottla.console.moves.Distribution;
import io.ottla.console.moves.PartitionMove;
import io.ottla.console.pages.Slice;
import io.ottla.console.reassignment.Typed.Unreadable;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** A plan under review: what it changes and costs, as a picture and in figures; and its start. */
@Controller
@RequestMapping("/clusters/{cluster}/moves/plans/{id}")
final class ReviewController {
    /** Moves on a page, and columns of its pictures. */
    private static final int PAGE = 50;

    private final PlanStore store;
    private final Executions executions;

    ReviewController(PlanStore store, Executions executions) {
        this.store = store;
        this.executions = executions;
    }

    @GetMapping
    String review(Visit visit, @PathVariable String id, @RequestParam(required = false) String page, Model model) {
        return review(visit, store.get(visit, id), page, null, Map.of("clear", "true"), model);
    }

    private static String review(
            Visit visit, Plan plan, String page, Wording problem, Map<String, String> typed, Model model) {
        Slice<PartitionMove> shown = Slice.of(plan.difference().moves(), Slice.page(page), PAGE);
        Map<TopicPartition, PartitionMove> byPartition = new HashMap<>();
        Map<TopicPartition, List<Integer>> before = new HashMap<>();
        Map<TopicPartition, List<Integer>> after = new HashMap<>();
        Set<Integer> brokers = new TreeSet<>(plan.live());
        for (PartitionMove move : shown.items()) {
            byPartition.put(move.partition(), move);
            before.put(move.partition(), move.before());
            after.put(move.partition(), move.after());
            brokers.addAll(move.before());
            brokers.addAll(move.after());
        }
        model.addAttribute("section", "moves");
        model.addAttribute("address", MovesController.address(visit) + "/plans/" + plan.id());
        model.addAttribute("moves", MovesController.address(visit));
        model.addAttribute("plan", plan);
        model.addAttribute("difference", plan.difference());
        model.addAttribute("traffic", plan.difference().traffic());
        model.addAttribute("shown", shown);
        model.addAttribute(
                "before",
                Picture.of(
                        Distribution.of(new Assignment(before), brokers),
                        (at, broker) -> byPartition.get(at).removed().contains(broker)));
        model.addAttribute(
                "after",
                Picture.of(
                        Distribution.of(new Assignment(after), brokers),
                        (at, broker) -> byPartition.get(at).added().contains(broker)));
        model.addAttribute("spreadBefore", plan.spreadBefore());
        model.addAttribute("spreadAfter", plan.spreadAfter());
        model.addAttribute("typed", typed);
        model.addAttribute("problem", problem);
        model.addAttribute("mayThrottle", visit.may(Action.THROTTLE));
        model.addAttribute("throttleMissing", visit.missing(Action.THROTTLE).orElse(null));
        return "moves-review";
    }

    @GetMapping("/plan.json")
    ResponseEntity<byte[]> plan(Visit visit, @PathVariable String id) {
        return PlanController.file(store.get(visit, id).file(), "plan.json");
    }

    @GetMapping("/way-back.json")
    ResponseEntity<byte[]> back(Visit visit, @PathVariable String id) {
        return PlanController.file(store.get(visit, id).back(), "way-back.json");
    }

    @Needs(Action.REASSIGN)
    @PostMapping("/execute")
    String execute(
            Visit visit,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String throttle,
            @RequestParam(defaultValue = "") String batch,
            @RequestParam(required = false) String clear,
            HttpServletResponse response,
            Model model) {
        Plan plan = store.get(visit, id);
        Map<String, String> typed = new HashMap<>(Map.of("throttle", throttle, "batch", batch));
        if (clear != null) {
            typed.put("clear", clear);
        }
        try {
            executions.start(
                    visit,
                    plan,
                    new Executions.Options(
                            Typed.bytes("moves.throttle.rate", throttle),
                            Typed.count("moves.batch", batch),
                            clear != null));
            return "redirect:" + MovesController.address(visit) + "?done=started";
        } catch (Unreadable unreadable) {
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            return review(visit, plan, null, unreadable.wording(), typed, model);
        } catch (ClusterFailure failure) {
            Wording why = PlanController.requireRefusal(failure);
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            return review(visit, plan, null, why, typed, model);
        }
    }
}
