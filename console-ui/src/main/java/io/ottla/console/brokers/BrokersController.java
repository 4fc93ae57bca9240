package io.ottla.console.brokers;

import io.ottla.console.clusters.Cluster;
import io.ottla.console.clusters.Survey;
import io.ottla.console.pages.Live;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The page of the brokers. */
@Controller
public final class BrokersController {
    private final Cluster cluster;

    BrokersController(Cluster cluster) {
        this.cluster = cluster;
    }

    @GetMapping("/brokers")
    String brokers(HttpServletRequest request, Model model) {
        Survey survey = cluster.survey();
        model.addAttribute("section", "brokers");
        model.addAttribute("survey", survey);
        model.addAttribute("brokers", BrokerView.of(survey));
        model.addAttribute("missing", missing(survey));
        return Live.view(request, "brokers", "live");
    }

    /** Brokers that hold replicas and are not there. */
    private static List<Integer> missing(Survey survey) {
        return survey.loads().keySet().stream()
                .filter(id -> survey.cluster().brokers().stream().noneMatch(broker -> broker.id() == id))
                .toList();
    }
}
