package io.ottla.console.brokers;

import io.ottla.console.access.Action;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.pages.Addresses;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Where a broker that has gone for good is forgotten. Its id is typed twice. */
@Controller
@RequestMapping("/clusters/{cluster}/unregister-broker")
final class UnregisterController {
    @GetMapping
    String ask(Visit visit, @RequestParam(defaultValue = "") String broker, Model model) {
        return ask(visit, broker, null, model);
    }

    private static String ask(Visit visit, String broker, Wording problem, Model model) {
        visit.require(Action.UNREGISTER_BROKER);
        model.addAttribute("section", "brokers");
        model.addAttribute("broker", broker);
        model.addAttribute("address", Addresses.cluster(visit.key()) + "/unregister-broker");
        model.addAttribute("problem", problem);
        return "unregister-broker";
    }

    @Needs(Action.UNREGISTER_BROKER)
    @PostMapping
    String unregister(
            Visit visit,
            @RequestParam(defaultValue = "") String broker,
            @RequestParam(defaultValue = "") String typed,
            HttpServletResponse response,
            Model model) {
        Wording problem;
        try {
            int id = Integer.parseInt(broker.strip());
            if (typed.strip().equals(Integer.toString(id))) {
                BrokerChanges.unregister(visit, id);
                return "redirect:" + Addresses.brokers(visit.key()) + "?unregistered=" + id;
            }
            problem = Wording.of("brokers.unregister.typed", Integer.toString(id), typed.strip());
        } catch (NumberFormatException noId) {
            problem = Wording.of("brokers.unregister.no-id", broker.strip());
        } catch (ClusterFailure failure) {
            if (failure.reason() != ClusterFailure.Reason.REFUSED) {
                throw failure;
            }
            problem = failure.wording();
        }
        response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
        return ask(visit, broker, problem, model);
    }
}
