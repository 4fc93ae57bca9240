package io.ottla.console.reassignment;

import io.ottla.console.access.Action;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.moves.AssignmentFile;
import io.ottla.console.moves.AssignmentJson;
import io.ottla.console.moves.Outcome;
import io.ottla.console.pages.Addresses;
import io.ottla.console.pages.Live;
import io.ottla.console.pages.Slice;
import io.ottla.console.reassignment.Typed.Unreadable;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What is being moved: progress, throttle, calling off, and whether all has arrived. */
@Controller
@RequestMapping("/clusters/{cluster}/moves")
final class MovesController {
    private static final int PAGE = 50;
    private static final int MOST_CHECKS = 500;

    /** A page is shown without sizes rather than late: it looks again. */
    private static final Duration AT_ONCE = Duration.ofMillis(600);

    private final MoveWatch watch;
    private final Executions executions;
    private final AssignmentJson json = new AssignmentJson(PlanController.LIMITS);

    MovesController(MoveWatch watch, Executions executions) {
        this.watch = watch;
        this.executions = executions;
    }

    @GetMapping
    String moves(
            Visit visit,
            @RequestParam(required = false) String page,
            @RequestParam(required = false) String done,
            HttpServletRequest request,
            Model model) {
        return show(visit, page, done, null, "", request, model);
    }

    private String show(
            Visit visit,
            String page,
            String done,
            Wording problem,
            String typed,
            HttpServletRequest request,
            Model model) {
        RunningMoves running = watch.look(visit, AT_ONCE);
        model.addAttribute("section", "moves");
        model.addAttribute("address", address(visit));
        model.addAttribute("running", running);
        model.addAttribute("shown", Slice.of(running.moves(), Slice.page(page), PAGE));
        model.addAttribute("job", executions.state(visit).orElse(null));
        model.addAttribute("done", done(done));
        model.addAttribute("problem", problem);
        model.addAttribute("typed", typed);
        model.addAttribute("mayMove", visit.maySomewhere(Action.REASSIGN));
        model.addAttribute("mayThrottle", visit.may(Action.THROTTLE));
        model.addAttribute("throttleMissing", visit.missing(Action.THROTTLE).orElse(null));
        String view = Live.view(request, "moves", "live");
        if (view.equals("moves")) {
            model.addAttribute("rates", Throttles.rates(visit));
        }
        return view;
    }

    /** The sentence for a word in the address. */
    private static Wording done(String word) {
        return switch (word == null ? "" : word) {
            case "started" -> Wording.of("moves.done.started");
            case "cancelled" -> Wording.of("moves.done.cancelled");
            case "throttle" -> Wording.of("moves.done.throttle");
            case "unthrottled" -> Wording.of("moves.done.unthrottled");
            default -> null;
        };
    }

    @Needs(Action.REASSIGN)
    @PostMapping("/cancel")
    String cancel(
            Visit visit,
            @RequestParam(required = false) String all,
            @RequestParam(required = false) List<String> move,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        try {
            if (all == null && (move == null || move.isEmpty())) {
                throw new Unreadable(Wording.of("moves.cancel.none-chosen"));
            }
            executions.cancel(visit, all != null ? List.of() : Typed.partitions(move));
            return "redirect:" + address(visit) + "?done=cancelled";
        } catch (Unreadable unreadable) {
            return again(visit, unreadable.wording(), "", request, response, model);
        } catch (ClusterFailure failure) {
            return again(visit, PlanController.requireRefusal(failure), "", request, response, model);
        }
    }

    /** For all brokers that are up: those of running moves, and those that steps to come concern. */
    @Needs(Action.THROTTLE)
    @PostMapping("/throttle")
    String throttle(
            Visit visit,
            @RequestParam(defaultValue = "") String rate,
            @RequestParam(required = false) String remove,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        visit.require(Action.THROTTLE);
        try {
            if (remove != null) {
                Throttles.clear(visit, visit.topicNames());
                return "redirect:" + address(visit) + "?done=unthrottled";
            }
            OptionalLong bytes = Typed.bytes("moves.throttle.rate", rate);
            if (bytes.isEmpty()) {
                throw new Unreadable(Wording.of("moves.form.no-bytes", Wording.of("moves.throttle.rate"), rate));
            }
            executions.throttle(visit, bytes.getAsLong());
            return "redirect:" + address(visit) + "?done=throttle";
        } catch (Unreadable unreadable) {
            return again(visit, unreadable.wording(), rate, request, response, model);
        } catch (ClusterFailure failure) {
            return again(visit, PlanController.requireRefusal(failure), rate, request, response, model);
        }
    }

    private String again(
            Visit visit,
            Wording problem,
            String typed,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
        return show(visit, null, null, problem, typed, request, model);
    }

    @GetMapping("/verify")
    String verifyForm(Visit visit, Model model) {
        return verify(visit, "", null, null, model);
    }

    @Needs(Action.REASSIGN)
    @PostMapping("/verify")
    String verify(
            Visit visit, @RequestParam(defaultValue = "") String file, Model model, HttpServletResponse response) {
        return switch (json.parse(file.getBytes(StandardCharsets.UTF_8))) {
            case Outcome.Made<AssignmentFile>(AssignmentFile made) ->
                verify(visit, file, executions.verify(visit, made.assignment()), null, model);
            case Outcome.Refused<AssignmentFile>(Wording why) -> {
                response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
                yield verify(visit, file, null, why, model);
            }
        };
    }

    private static String verify(Visit visit, String typed, Verification found, Wording problem, Model model) {
        model.addAttribute("section", "moves");
        model.addAttribute("address", address(visit));
        model.addAttribute("typed", typed);
        model.addAttribute("found", found);
        model.addAttribute("states", Verification.State.values());
        model.addAttribute(
                "checks",
                found == null
                        ? List.of()
                        : found.checks().stream().limit(MOST_CHECKS).toList());
        model.addAttribute("problem", problem);
        return "moves-verify";
    }

    static String address(Visit visit) {
        return Addresses.cluster(visit.key()) + "/moves";
    }
}
