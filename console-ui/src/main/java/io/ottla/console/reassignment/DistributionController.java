package io.ottla.console.reassignment;

import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterPicture.Broker;
import io.ottla.console.clusters.Partition;
import io.ottla.console.clusters.Spread;
import io.ottla.console.clusters.Survey;
import io.ottla.console.clusters.Topic;
import io.ottla.console.moves.Distribution;
import io.ottla.console.pages.Addresses;
import io.ottla.console.pages.Live;
import io.ottla.console.pages.Slice;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** How evenly a topic, and the whole cluster, lies on the brokers. */
@Controller
@RequestMapping("/clusters/{cluster}")
final class DistributionController {
    /** Columns of one picture. */
    private static final int PAGE = 60;

    /** What a broker has of a topic or of all; negative bytes where unknown. */
    public record Portion(int broker, boolean live, Spread.Share share, int replicaPercent, int leaderPercent) {}

    @GetMapping("/topics/{name}/distribution")
    String topic(Visit visit, @PathVariable String name, @RequestParam(required = false) String page, Model model) {
        Topic topic = visit.topic(name);
        Set<Integer> brokers =
                visit.cluster().describe().brokers().stream().map(Broker::id).collect(Collectors.toSet());
        Slice<Partition> shown = Slice.of(topic.partitions(), Slice.page(page), PAGE);
        Topic part = new Topic(topic.name(), topic.id(), topic.internal(), shown.items());
        model.addAttribute("section", "topics");
        model.addAttribute("tab", "distribution");
        model.addAttribute("topic", topic);
        model.addAttribute("address", Addresses.topic(visit.key(), name));
        model.addAttribute("shown", shown);
        model.addAttribute("picture", Picture.ofOne(Distribution.of(part, brokers)));
        show(Spread.of(List.of(topic), brokers), brokers, model);
        return "topic-distribution";
    }

    @GetMapping("/distribution")
    String cluster(Visit visit, HttpServletRequest request, Model model) {
        Survey survey = visit.glance();
        model.addAttribute("section", "brokers");
        model.addAttribute("survey", survey);
        show(Spread.of(survey), survey.brokerIds(), model);
        return Live.view(request, "distribution", "live");
    }

    private static void show(Spread spread, Set<Integer> live, Model model) {
        int mostReplicas = 1;
        int mostLeaders = 1;
        for (Spread.Share share : spread.shares().values()) {
            mostReplicas = Math.max(mostReplicas, share.replicas());
            mostLeaders = Math.max(mostLeaders, share.leaders());
        }
        int replicas = mostReplicas;
        int leaders = mostLeaders;
        model.addAttribute("spread", spread);
        model.addAttribute(
                "portions",
                spread.shares().entrySet().stream()
                        .map(entry -> new Portion(
                                entry.getKey(),
                                live.contains(entry.getKey()),
                                entry.getValue(),
                                100 * entry.getValue().replicas() / replicas,
                                100 * entry.getValue().leaders() / leaders))
                        .toList());
    }
}
