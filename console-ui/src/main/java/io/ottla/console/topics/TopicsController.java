package io.ottla.console.topics;

import io.ottla.console.clusters.Cluster;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.CreatedTopic;
import io.ottla.console.clusters.Survey;
import io.ottla.console.pages.Live;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.util.UriUtils;

/** The list of topics and the form that makes one. */
@Controller
final class TopicsController {
    private static final String FORM = "create-topic";

    private final Cluster cluster;

    TopicsController(Cluster cluster) {
        this.cluster = cluster;
    }

    @GetMapping("/topics")
    String topics(
            @RequestParam(required = false) String q,
            @RequestParam(defaultValue = "false") String internal,
            @RequestParam(required = false) String sort,
            @RequestParam(required = false) String dir,
            @RequestParam(required = false) String page,
            @RequestParam(required = false) String deleted,
            HttpServletRequest request,
            Model model) {
        TopicQuery query = TopicQuery.of(q, "true".equals(internal), sort, dir, page);
        Survey survey = cluster.survey();
        model.addAttribute("section", "topics");
        model.addAttribute("survey", survey);
        model.addAttribute("query", query);
        model.addAttribute("columns", TopicOrder.values());
        model.addAttribute("topics", query.select(survey.topics()));
        model.addAttribute("deleted", deleted);
        return Live.view(request, "topics", "found");
    }

    @GetMapping("/create-topic")
    String form(Model model) {
        return form(TopicForm.EMPTY, null, model);
    }

    @PostMapping("/create-topic")
    String create(
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
            CreatedTopic created = cluster.create(form.draft());
            return "redirect:/topics/" + UriUtils.encodePathSegment(created.name(), StandardCharsets.UTF_8)
                    + "?created";
        } catch (TopicForm.Unreadable unreadable) {
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            return form(form, unreadable.getMessage(), model);
        } catch (ClusterFailure failure) {
            if (failure.reason() != ClusterFailure.Reason.REFUSED) {
                throw failure;
            }
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            return form(form, failure.getMessage(), model);
        }
    }

    private static String form(TopicForm form, String problem, Model model) {
        model.addAttribute("section", "topics");
        model.addAttribute("form", form);
        model.addAttribute("problem", problem);
        return FORM;
    }
}
