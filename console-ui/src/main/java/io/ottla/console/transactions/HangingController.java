package io.ottla.console.transactions;

import io.ottla.console.abilities.Ability;
import io.ottla.console.abilities.Absence;
import io.ottla.console.access.Action;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.pages.Addresses;
import io.ottla.console.pages.Mistyped;
import io.ottla.console.pages.Refused;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletResponse;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The search for transactions that hang, and their end. */
@Controller
@RequestMapping("/clusters/{cluster}/transactions/hanging")
final class HangingController {
    private final InstantSource clock = InstantSource.system();

    /** @param parameters where to look, and for how long one may be open; without a place the form alone */
    @GetMapping
    String search(
            Visit visit, @RequestParam Map<String, String> parameters, HttpServletResponse response, Model model) {
        HangingSearch search = HangingSearch.of(parameters);
        TransactionsController.show(visit, model);
        model.addAttribute("search", search);
        model.addAttribute("brokers", visit.cluster().describe().brokers());
        model.addAttribute("most", HangingSearch.MAX_PARTITIONS);
        model.addAttribute("aborted", parameters.get("aborted"));
        try {
            if (search.isBounded()) {
                HangingSearch.Found found = search.run(visit, clock.instant());
                model.addAttribute("found", found);
                model.addAttribute("abortable", abortable(visit, found));
            }
        } catch (Mistyped mistyped) {
            model.addAttribute("problem", Refused.say(mistyped, response));
        } catch (ClusterFailure failure) {
            if (failure.reason() == ClusterFailure.Reason.NOT_FOUND) {
                model.addAttribute("problem", failure.wording());
                response.setStatus(HttpServletResponse.SC_NOT_FOUND);
            } else {
                model.addAttribute("absence", Absence.of(failure, Ability.TRANSACTIONS));
            }
        }
        return "hanging";
    }

    /** The topics in which he may abort those that were found. */
    private static Set<String> abortable(Visit visit, HangingSearch.Found found) {
        return found.hanging().stream()
                .map(Hanging::topic)
                .filter(topic -> visit.may(Action.ABORT_HANGING, topic))
                .collect(Collectors.toSet());
    }

    @GetMapping("/abort")
    String ask(
            Visit visit,
            @RequestParam String topic,
            @RequestParam int partition,
            @RequestParam long producer,
            Model model) {
        return ask(visit, HangingSearch.find(visit, topic, partition, producer), null, model);
    }

    private static String ask(Visit visit, Hanging hanging, Wording problem, Model model) {
        visit.require(Action.ABORT_HANGING, hanging.topic());
        TransactionsController.show(visit, model);
        model.addAttribute("hanging", hanging);
        model.addAttribute("problem", problem);
        return "hanging-abort";
    }

    /** @param typed the partition once more, as {@code topic-0} */
    @Needs(Action.ABORT_HANGING)
    @PostMapping("/abort")
    String abort(
            Visit visit,
            @RequestParam String topic,
            @RequestParam int partition,
            @RequestParam long producer,
            @RequestParam(defaultValue = "") String typed,
            Model model,
            HttpServletResponse response) {
        visit.require(Action.ABORT_HANGING, topic);
        Hanging hanging = HangingSearch.find(visit, topic, partition, producer);
        if (!typed.strip().equals(hanging.name())) {
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            return ask(visit, hanging, Wording.of("transactions.abort.typed", hanging.name(), typed.strip()), model);
        }
        try {
            HangingSearch.abort(visit, hanging);
            return "redirect:" + TransactionsController.at(visit) + "/hanging?topic=" + Addresses.parameter(topic)
                    + "&aborted=" + Addresses.parameter(hanging.name());
        } catch (ClusterFailure refused) {
            return ask(visit, hanging, Refused.say(refused, response), model);
        }
    }
}
