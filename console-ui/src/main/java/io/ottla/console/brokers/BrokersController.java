package io.ottla.console.brokers;

import io.ottla.console.clusters.BesideBroker;
import io.ottla.console.clusters.Cluster;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Setting;
import io.ottla.console.clusters.Survey;
import io.ottla.console.pages.Live;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** The page of the brokers, and that of one. */
@Controller
public final class BrokersController {
    private final Cluster cluster;
    private final ObjectProvider<BesideBroker> beside;

    BrokersController(Cluster cluster, ObjectProvider<BesideBroker> beside) {
        this.cluster = cluster;
        this.beside = beside;
    }

    @GetMapping("/brokers")
    String brokers(HttpServletRequest request, Model model) {
        Survey survey = cluster.survey();
        model.addAttribute("section", "brokers");
        model.addAttribute("survey", survey);
        model.addAttribute("brokers", BrokerView.of(survey, identity()));
        model.addAttribute("missing", missing(survey));
        return Live.view(request, "brokers", "live");
    }

    @GetMapping("/brokers/{id}")
    String broker(@PathVariable int id, HttpServletRequest request, Model model) {
        Survey survey = cluster.survey();
        BrokerView view = BrokerView.of(survey, identity()).stream()
                .filter(candidate -> candidate.broker().id() == id)
                .findFirst()
                .orElseThrow(() -> new ClusterFailure(
                        ClusterFailure.Reason.NOT_FOUND,
                        survey.loads().containsKey(id)
                                ? "Broker " + id + " is down."
                                : "There is no broker " + id + "."));
        List<Setting> settings = cluster.brokerSettings(id);
        model.addAttribute("section", "brokers");
        model.addAttribute("survey", survey);
        model.addAttribute("view", view);
        model.addAttribute("listeners", view.listeners().isEmpty() ? listeners(settings) : view.listeners());
        model.addAttribute("settings", settings);
        model.addAttribute("changed", settings.stream().filter(Setting::changed).toList());
        return Live.view(request, "broker", "live");
    }

    private BesideBroker.Identity identity() {
        BesideBroker broker = beside.getIfAvailable();
        return broker == null ? null : broker.identity().orElse(null);
    }

    /** As configured, where nobody tells which ports it really got. */
    private static List<String> listeners(List<Setting> settings) {
        return settings.stream()
                .filter(setting ->
                        setting.name().equals("listeners") && !setting.value().isEmpty())
                .flatMap(setting -> List.of(setting.value().split(",")).stream())
                .map(String::trim)
                .toList();
    }

    /** Brokers that hold replicas and are not there. */
    private static List<Integer> missing(Survey survey) {
        return survey.loads().keySet().stream()
                .filter(id -> survey.cluster().brokers().stream().noneMatch(broker -> broker.id() == id))
                .toList();
    }
}
