package io.ottla.console.reassignment;

import io.ottla.console.access.Action;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.pages.Addresses;
import io.ottla.console.reassignment.Typed.Unreadable;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Elections of leaders: preferred ones for topics or a partition, an unclean one for a partition that has no leader. */
@Controller
@RequestMapping("/clusters/{cluster}/elections")
final class ElectionsController {
    private final ElectionSchedule schedule;

    ElectionsController(ElectionSchedule schedule) {
        this.schedule = schedule;
    }

    @GetMapping
    String form(
            Visit visit,
            @RequestParam(defaultValue = "") String topic,
            @RequestParam(defaultValue = "") String partition,
            Model model) {
        return show(visit, topic, partition, null, null, model);
    }

    @Needs(Action.ELECT_LEADERS)
    @PostMapping
    String elect(
            Visit visit,
            @RequestParam(defaultValue = "") String topic,
            @RequestParam(defaultValue = "") String partition,
            HttpServletResponse response,
            Model model) {
        try {
            Set<String> topics = Typed.topics(visit, topic, Action.ELECT_LEADERS);
            OptionalInt number = Typed.count("elections.partition", partition);
            if (topics.isEmpty()) {
                throw new Unreadable(Wording.of("moves.wish.topics.none"));
            }
            List<TopicPartition> wanting = Elections.wanting(visit, topics).stream()
                    .filter(at -> number.isEmpty() || at.partition() == number.getAsInt())
                    .toList();
            Elections.Result result =
                    wanting.isEmpty() ? new Elections.Result(0, 0, List.of()) : Elections.preferred(visit, wanting);
            return show(visit, topic, partition, result, null, model);
        } catch (Unreadable unreadable) {
            return again(visit, topic, partition, unreadable.wording(), response, model);
        } catch (ClusterFailure failure) {
            return again(visit, topic, partition, PlanController.requireRefusal(failure), response, model);
        }
    }

    /** @param typed topic and partition once more, as "orders-3" */
    @Needs(Action.ELECT_LEADERS)
    @PostMapping("/unclean")
    String unclean(
            Visit visit,
            @RequestParam(defaultValue = "") String topic,
            @RequestParam(defaultValue = "") String partition,
            @RequestParam(defaultValue = "") String typed,
            HttpServletResponse response,
            Model model) {
        try {
            OptionalInt number = Typed.count("elections.partition", partition);
            if (topic.isBlank() || number.isEmpty() || number.getAsInt() < 0) {
                throw new Unreadable(Wording.of("elections.unclean.one"));
            }
            TopicPartition at = new TopicPartition(topic.strip(), number.getAsInt());
            if (!typed.strip().equals(at.toString())) {
                throw new Unreadable(Wording.of("elections.unclean.typed", at.toString(), typed.strip()));
            }
            return show(visit, topic, partition, Elections.unclean(visit, at), null, model);
        } catch (Unreadable unreadable) {
            return again(visit, topic, partition, unreadable.wording(), response, model);
        } catch (ClusterFailure failure) {
            return again(visit, topic, partition, PlanController.requireRefusal(failure), response, model);
        }
    }

    /** @param wanted a span or a cron expression; empty for never */
    @Needs(Action.ELECT_LEADERS)
    @PostMapping("/schedule")
    String schedule(
            Visit visit,
            @RequestParam(name = "schedule", defaultValue = "") String wanted,
            HttpServletResponse response,
            Model model) {
        try {
            schedule.set(visit, wanted);
            return "redirect:" + Addresses.cluster(visit.key()) + "/elections";
        } catch (ClusterFailure failure) {
            model.addAttribute("wanted", wanted);
            return again(visit, "", "", PlanController.requireRefusal(failure), response, model);
        }
    }

    private String again(
            Visit visit, String topic, String partition, Wording problem, HttpServletResponse response, Model model) {
        response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
        return show(visit, topic, partition, null, problem, model);
    }

    private String show(
            Visit visit, String topic, String partition, Elections.Result result, Wording problem, Model model) {
        model.addAttribute("section", "moves");
        model.addAttribute("moves", MovesController.address(visit));
        model.addAttribute("address", Addresses.cluster(visit.key()) + "/elections");
        model.addAttribute("topic", topic);
        model.addAttribute("partition", partition);
        model.addAttribute("result", result);
        model.addAttribute("problem", problem);
        model.addAttribute("schedule", schedule.text(visit.managed()));
        model.addAttribute("missing", visit.missing(Action.ELECT_LEADERS).orElse(null));
        model.addAttribute("missingToSet", visit.missing(Action.EDIT_BROKER).orElse(null));
        model.addAttribute("missingToLose", visit.missing(Action.DELETE_RECORDS).orElse(null));
        return "elections";
    }
}
