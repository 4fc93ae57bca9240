package io.ottla.console.topics;

import io.ottla.console.access.Action;
import io.ottla.console.access.Forbidden;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterDefinition.Origin;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Survey;
import io.ottla.console.clusters.Topic;
import io.ottla.console.clusters.TopicSummary;
import io.ottla.console.pages.Addresses;
import io.ottla.console.pages.Live;
import io.ottla.console.pages.Slice;
import io.ottla.console.rates.Rates;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The list of topics and the form that makes one. */
@Controller
@RequestMapping("/clusters/{cluster}")
final class TopicsController {
    private static final String FORM = "create-topic";

    private final Rates rates;

    TopicsController(Rates rates) {
        this.rates = rates;
    }

    @GetMapping("/topics")
    String topics(
            Visit visit,
            @RequestParam(required = false) String q,
            @RequestParam(defaultValue = "false") String internal,
            @RequestParam(defaultValue = "false") String spread,
            @RequestParam(required = false) String sort,
            @RequestParam(required = false) String dir,
            @RequestParam(required = false) String page,
            @RequestParam(required = false) String deleted,
            HttpServletRequest request,
            Model model) {
        TopicQuery query = TopicQuery.of(
                Addresses.topics(visit.key()), q, "true".equals(internal), "true".equals(spread), sort, dir, page);
        Survey survey = visit.glance();
        model.addAttribute("section", "topics");
        model.addAttribute("survey", survey);
        model.addAttribute("query", query);
        model.addAttribute("columns", query.columns());
        Slice<TopicSummary> shown = query.select(survey.topics());
        model.addAttribute("topics", shown);
        model.addAttribute(
                "rates",
                visit.managed().definition().origin() == Origin.BESIDE
                        ? rates.topics(
                                shown.items().stream().map(TopicSummary::name).toList())
                        : Map.of());
        model.addAttribute("deleted", deleted);
        return Live.view(request, "topics", "found");
    }

    @GetMapping("/create-topic")
    String form(Visit visit, @RequestParam(required = false) String like, Model model) {
        model.addAttribute("missing", visit.missing(Action.CREATE_TOPIC).orElse(null));
        if (like == null || like.isEmpty()) {
            return form(TopicForm.EMPTY, null, "name", model);
        }
        Topic pattern = visit.topic(like);
        model.addAttribute("like", like);
        return form(TopicForm.like(pattern, visit.cluster().settings(like)), null, "name", model);
    }

    @Needs(Action.CREATE_TOPIC)
    @PostMapping("/create-topic")
    String create(
            Visit visit,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String partitions,
            @RequestParam(defaultValue = "") String replicas,
            @RequestParam(defaultValue = "") String cleanup,
            @RequestParam(defaultValue = "") String retention,
            @RequestParam(defaultValue = "") String settings,
            Model model,
            HttpServletResponse response) {
        TopicForm form = new TopicForm(name, partitions, replicas, cleanup, retention, settings);
        try {
            CreatedTopic created = TopicChanges.create(visit, form.draft());
            return "redirect:" + Addresses.topic(visit.key(), created.name()) + "?created";
        } catch (TopicForm.Unreadable unreadable) {
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            return form(form, unreadable.wording(), unreadable.field(), model);
        } catch (Forbidden refusal) {
            response.setStatus(HttpServletResponse.SC_FORBIDDEN);
            return form(form, refusal.wording(), "name", model);
        } catch (ClusterFailure failure) {
            if (failure.reason() != ClusterFailure.Reason.REFUSED) {
                throw failure;
            }
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            return form(form, failure.wording(), form.field(failure), model);
        }
    }

    /** @param field that the problem is about, or where to begin */
    private static String form(TopicForm form, Wording problem, String field, Model model) {
        model.addAttribute("section", "topics");
        model.addAttribute("form", form);
        model.addAttribute("problem", problem);
        model.addAttribute("field", field);
        return FORM;
    }
}
