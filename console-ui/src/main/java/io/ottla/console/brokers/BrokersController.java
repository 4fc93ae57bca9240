package io.ottla.console.brokers;

import io.ottla.console.access.Visit;
import io.ottla.console.clusters.BesideBroker;
import io.ottla.console.clusters.ClusterDefinition.Origin;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Setting;
import io.ottla.console.clusters.Survey;
import io.ottla.console.pages.Addresses;
import io.ottla.console.pages.Live;
import io.ottla.console.rates.BrokerRates;
import io.ottla.console.rates.Rates;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page of the brokers, and that of one. */
@Controller
@RequestMapping("/clusters/{cluster}/brokers")
final class BrokersController {
    private final ObjectProvider<BesideBroker> beside;
    private static final String ANY_PORT = ":0";

    private final Rates rates;

    BrokersController(ObjectProvider<BesideBroker> beside, Rates rates) {
        this.rates = rates;
        this.beside = beside;
    }

    @GetMapping
    String brokers(
            Visit visit, @RequestParam(required = false) String unregistered, HttpServletRequest request, Model model) {
        Survey survey = visit.glance();
        model.addAttribute("section", "brokers");
        model.addAttribute("survey", survey);
        model.addAttribute("brokers", BrokerView.of(survey, identity(), rates(visit)));
        model.addAttribute("missing", missing(survey));
        model.addAttribute("unregistered", unregistered);
        return Live.view(request, "brokers", "live");
    }

    @GetMapping("/{id}")
    String broker(
            Visit visit,
            @PathVariable int id,
            @RequestParam(required = false) String changed,
            HttpServletRequest request,
            Model model) {
        Survey survey = visit.glance();
        BrokerView view = BrokerView.of(survey, identity(), rates(visit)).stream()
                .filter(candidate -> candidate.broker().id() == id)
                .findFirst()
                .orElseThrow(() -> new ClusterFailure(
                        ClusterFailure.Kind.NO_SUCH_BROKER,
                        Wording.of(
                                survey.loads().containsKey(id) ? "brokers.is-down" : "brokers.no-such",
                                Integer.toString(id))));
        List<Setting> settings = visit.brokerSettings(id);
        model.addAttribute("section", "brokers");
        model.addAttribute("survey", survey);
        model.addAttribute("view", view);
        model.addAttribute("address", Addresses.broker(visit.key(), id));
        model.addAttribute("done", changed);
        model.addAttribute(
                "listeners",
                view.listeners().isEmpty() ? listeners(settings, view.broker().port()) : view.listeners());
        model.addAttribute("settings", settings);
        model.addAttribute("changed", settings.stream().filter(Setting::changed).toList());
        return Live.view(request, "broker", "live");
    }

    /** Of the cluster beside the console alone: of others nobody tells. */
    private Map<Integer, BrokerRates> rates(Visit visit) {
        return visit.managed().definition().origin() == Origin.BESIDE ? rates.brokers() : Map.of();
    }

    private BesideBroker.Identity identity() {
        BesideBroker broker = beside.getIfAvailable();
        return broker == null ? null : broker.identity().orElse(null);
    }

    /**
     * As configured, where nobody tells which ports it really got. Port 0 stands for any: then an only listener has that by which
     * the broker is known, and of several no port is told.
     */
    static List<String> listeners(List<Setting> settings, int port) {
        List<String> configured = values(settings, "listeners");
        boolean isKnown = configured.size() == 1
                && values(settings, "advertised.listeners").isEmpty();
        return configured.stream()
                .map(each -> each.endsWith(ANY_PORT)
                        ? each.substring(0, each.length() - ANY_PORT.length()) + (isKnown ? ":" + port : "")
                        : each)
                .toList();
    }

    private static List<String> values(List<Setting> settings, String name) {
        return settings.stream()
                .filter(setting -> setting.name().equals(name))
                .flatMap(setting -> Stream.of(setting.value().split(",")))
                .map(String::trim)
                .filter(each -> !each.isEmpty())
                .toList();
    }

    /** Brokers that hold replicas and are not there. */
    private static List<Integer> missing(Survey survey) {
        return survey.loads().keySet().stream()
                .filter(id -> survey.cluster().brokers().stream().noneMatch(broker -> broker.id() == id))
                .toList();
    }
}
