package io.ottla.console.transactions;

import io.ottla.console.abilities.Ability;
import io.ottla.console.abilities.Absence;
import io.ottla.console.access.Action;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.pages.Addresses;
import io.ottla.console.pages.Live;
import io.ottla.console.pages.Mistyped;
import io.ottla.console.pages.Refused;
import io.ottla.console.pages.Slice;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The list of transactions, and one of them. */
@Controller
@RequestMapping("/clusters/{cluster}/transactions")
final class TransactionsController {
    /** Partitions of one transaction that are shown with where it begins in them. */
    private static final int SHOWN = 200;

    private final InstantSource clock = InstantSource.system();

    @GetMapping
    String transactions(
            Visit visit,
            @RequestParam Map<String, String> parameters,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        TransactionQuery query = TransactionQuery.of(parameters);
        show(visit, model);
        Slice<Listed> shown = Slice.of(List.of(), 1, 1);
        try {
            Transactions.Listing listing = Transactions.list(visit, query);
            shown = query.slice(listing.transactions());
            model.addAttribute("gaps", listing.gaps());
        } catch (Mistyped mistyped) {
            model.addAttribute("problem", Refused.say(mistyped, response));
        } catch (ClusterFailure failure) {
            model.addAttribute("absence", Absence.of(failure, Ability.TRANSACTIONS));
        }
        model.addAttribute("transactions", shown);
        model.addAttribute(
                "described",
                shown.total() == 0
                        ? Map.of()
                        : Transactions.describe(
                                visit, shown.items().stream().map(Listed::id).toList()));
        model.addAttribute("now", clock.instant());
        model.addAttribute("query", query);
        model.addAttribute("states", TransactionQuery.states());
        model.addAttribute("aborted", parameters.get("aborted"));
        return Live.view(request, "transactions", "found");
    }

    static void show(Visit visit, Model model) {
        model.addAttribute("section", "transactions");
        model.addAttribute("at", at(visit));
    }

    static String at(Visit visit) {
        return Addresses.cluster(visit.key()) + "/transactions";
    }

    @GetMapping("/one")
    String one(Visit visit, @RequestParam String id, Model model) {
        return one(visit, id, null, "transaction", model);
    }

    private static String one(Visit visit, String id, Wording problem, String page, Model model) {
        Described found = Transactions.find(visit, id);
        List<TopicPartition> visible = found.partitions().stream()
                .filter(partition -> visit.may(Action.VIEW_TOPIC, partition.topic()))
                .toList();
        List<TopicPartition> shown = visible.subList(0, Math.min(visible.size(), SHOWN));
        show(visit, model);
        model.addAttribute("transaction", found);
        model.addAttribute("now", InstantSource.system().instant());
        model.addAttribute("partitions", shown);
        model.addAttribute("hidden", found.partitions().size() - shown.size());
        model.addAttribute(
                "offsets", shown.isEmpty() ? Map.of() : Transactions.startOffsets(visit, found.producerId(), shown));
        model.addAttribute("editable", visit.may(Action.ABORT_TRANSACTION));
        model.addAttribute("problem", problem);
        return page;
    }

    @GetMapping("/abort")
    String ask(Visit visit, @RequestParam String id, Model model) {
        visit.require(Action.ABORT_TRANSACTION);
        return one(visit, id, null, "transaction-abort", model);
    }

    /** @param typed the transactional id once more */
    @Needs(Action.ABORT_TRANSACTION)
    @PostMapping("/abort")
    String abort(
            Visit visit,
            @RequestParam String id,
            @RequestParam(defaultValue = "") String typed,
            Model model,
            HttpServletResponse response) {
        visit.require(Action.ABORT_TRANSACTION);
        if (!typed.strip().equals(id)) {
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            return one(
                    visit, id, Wording.of("transactions.abort.typed", id, typed.strip()), "transaction-abort", model);
        }
        try {
            Transactions.abort(visit, id);
            return "redirect:" + at(visit) + "?aborted=" + Addresses.parameter(id);
        } catch (ClusterFailure refused) {
            return one(visit, id, Refused.say(refused, response), "transaction-abort", model);
        }
    }
}
