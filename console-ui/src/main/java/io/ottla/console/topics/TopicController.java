package io.ottla.console.topics;

import io.ottla.console.access.Visit;
import io.ottla.console.clusters.Extent;
import io.ottla.console.clusters.Partition;
import io.ottla.console.clusters.Setting;
import io.ottla.console.clusters.Topic;
import io.ottla.console.pages.Addresses;
import io.ottla.console.pages.Live;
import io.ottla.console.pages.Slice;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The first page of one topic: its partitions and settings. */
@Controller
@RequestMapping("/clusters/{cluster}/topics/{name}")
final class TopicController {
    /** Partitions on a page: only their offsets are asked for. */
    private static final int PAGE = 100;

    @GetMapping
    String topic(
            Visit visit,
            @PathVariable String name,
            @RequestParam(required = false) String page,
            @RequestParam(required = false) String created,
            @RequestParam(required = false) String changed,
            HttpServletRequest request,
            Model model) {
        Topic topic = visit.topic(name);
        Slice<Partition> shown = Slice.of(topic.partitions(), Slice.page(page), PAGE);
        Map<Integer, Extent> extents = visit.cluster().extents(topic, shown.items());
        List<PartitionView> partitions = shown.items().stream()
                .map(partition -> new PartitionView(partition, extents.getOrDefault(partition.id(), Extent.UNKNOWN)))
                .toList();
        List<Setting> settings = visit.cluster().settings(name);
        model.addAttribute("section", "topics");
        model.addAttribute("tab", "partitions");
        model.addAttribute("topic", topic);
        model.addAttribute("summary", topic.summary());
        model.addAttribute("shown", shown);
        model.addAttribute("partitions", partitions);
        model.addAttribute("settings", settings);
        model.addAttribute("changed", settings.stream().filter(Setting::changed).toList());
        model.addAttribute("address", Addresses.topic(visit.key(), topic.name()));
        model.addAttribute("created", created != null);
        model.addAttribute("done", changed);
        return Live.view(request, "topic", "live");
    }
}
