package io.ottla.console.overview;

import io.ottla.console.access.Action;
import io.ottla.console.access.Visit;
import io.ottla.console.access.Visits;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Clusters;
import io.ottla.console.lag.LagHistory;
import io.ottla.console.lag.LagWatches;
import io.ottla.console.pages.Addresses;
import io.ottla.console.pages.Live;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** All clusters at one glance. They are asked at the same time: one that does not answer holds up no other. */
@Controller
public final class OverviewController {
    private final Clusters clusters;
    private final LagWatches watches;
    private final Visits visits;
    /** Why clusters did not tell anything, whoever asked last. */
    private final Map<String, Wording> silent = new ConcurrentHashMap<>();

    OverviewController(Clusters clusters, LagWatches watches, Visits visits) {
        this.clusters = clusters;
        this.watches = watches;
        this.visits = visits;
    }

    /** To the only cluster there is, or to all. */
    @GetMapping("/")
    String start(HttpServletRequest request) {
        List<Visit> open = visits.all(request);
        return "redirect:"
                + (open.size() == 1 ? Addresses.brokers(open.getFirst().key()) : "/clusters");
    }

    @GetMapping("/clusters")
    String clusters(HttpServletRequest request, Model model) {
        List<ClusterCard> cards = new ArrayList<>(look(visits.all(request)));
        if (Visits.visitor().may(Action.EDIT_CLUSTERS)) {
            clusters.all().stream()
                    .filter(each -> !each.definition().enabled())
                    .forEach(off -> cards.add(ClusterCard.of(off.definition(), null)));
        }
        model.addAttribute("mayEdit", Visits.visitor().may(Action.EDIT_CLUSTERS));
        model.addAttribute("section", "clusters");
        model.addAttribute("cards", cards);
        return Live.view(request, "clusters", "live");
    }

    @GetMapping("/clusters/{cluster}")
    String cluster(Visit visit) {
        return "redirect:" + Addresses.brokers(visit.key());
    }

    /** What the clusters tell in time, or else what they told whoever looked before. */
    private List<ClusterCard> look(List<Visit> open) {
        List<Optional<ClusterCard>> told = clusters.atOnce().ask(open, this::card);
        List<ClusterCard> cards = new ArrayList<>();
        for (int i = 0; i < told.size(); i++) {
            Visit visit = open.get(i);
            cards.add(told.get(i)
                    .orElseGet(() -> ClusterCard.of(
                            visit.managed().definition(),
                            silent.getOrDefault(visit.key(), Wording.of("clusters.silent")))));
        }
        return cards;
    }

    /** By the last sample. */
    private int behind(Visit visit) {
        LagHistory history = watches.of(visit.managed()).known();
        return history.lastSample().isEmpty()
                ? -1
                : (int) history.figures().entrySet().stream()
                        .filter(each -> each.getValue().lag() > 0
                                && visit.may(Action.VIEW_GROUP, each.getKey().id()))
                        .count();
    }

    private ClusterCard card(Visit visit) {
        try {
            ClusterCard card = ClusterCard.of(visit.managed().definition(), visit.glance(), behind(visit));
            silent.remove(visit.key());
            return card;
        } catch (ClusterFailure failure) {
            silent.put(visit.key(), failure.wording());
            return ClusterCard.of(visit.managed().definition(), failure.wording());
        }
    }
}
