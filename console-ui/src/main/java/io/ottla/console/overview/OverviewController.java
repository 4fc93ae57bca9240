package io.ottla.console.overview;

import io.ottla.console.access.Action;
import io.ottla.console.access.Visit;
import io.ottla.console.access.Visits;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Clusters;
import io.ottla.console.pages.Addresses;
import io.ottla.console.pages.Live;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** All clusters at one glance. They are asked at the same time: one that does not answer holds up no other. */
@Controller
public final class OverviewController {
    private final Clusters clusters;
    private final Visits visits;

    OverviewController(Clusters clusters, Visits visits) {
        this.clusters = clusters;
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
                    .forEach(off -> cards.add(ClusterCard.of(off.definition(), null, null)));
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

    private static List<ClusterCard> look(List<Visit> open) {
        List<Future<ClusterCard>> cards;
        try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            cards = open.stream().map(visit -> each.submit(() -> card(visit))).toList();
        }
        return cards.stream().map(Future::resultNow).toList();
    }

    private static ClusterCard card(Visit visit) {
        try {
            return ClusterCard.of(visit.managed().definition(), visit.glance(), null);
        } catch (ClusterFailure failure) {
            return ClusterCard.of(visit.managed().definition(), null, failure.wording());
        }
    }
}
