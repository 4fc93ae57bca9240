package io.ottla.console.topics;

import io.ottla.console.clusters.Cluster;
import io.ottla.console.clusters.Extent;
import io.ottla.console.clusters.Partition;
import io.ottla.console.clusters.Setting;
import io.ottla.console.clusters.Topic;
import io.ottla.console.pages.Live;
import io.ottla.console.pages.Slice;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.util.UriUtils;

/** The page of one topic, and its deletion. */
@Controller
final class TopicController {
    /** Partitions on a page: only their offsets are asked for. */
    private static final int PAGE = 100;

    private final Cluster cluster;

    TopicController(Cluster cluster) {
        this.cluster = cluster;
    }

    @GetMapping("/topics/{name}")
    String topic(
            @PathVariable String name,
            @RequestParam(required = false) String page,
            @RequestParam(required = false) String created,
            HttpServletRequest request,
            Model model) {
        Topic topic = cluster.topic(name);
        Slice<Partition> shown = Slice.of(topic.partitions(), TopicQuery.page(page), PAGE);
        Map<Integer, Extent> extents = cluster.extents(topic, shown.items());
        List<PartitionView> partitions = shown.items().stream()
                .map(partition -> new PartitionView(partition, extents.getOrDefault(partition.id(), Extent.UNKNOWN)))
                .toList();
        List<Setting> settings = cluster.settings(name);
        model.addAttribute("section", "topics");
        model.addAttribute("topic", topic);
        model.addAttribute("summary", topic.summary());
        model.addAttribute("shown", shown);
        model.addAttribute("partitions", partitions);
        model.addAttribute("settings", settings);
        model.addAttribute("changed", settings.stream().filter(Setting::changed).toList());
        model.addAttribute("address", "/topics/" + UriUtils.encodePathSegment(topic.name(), StandardCharsets.UTF_8));
        model.addAttribute("created", created != null);
        return Live.view(request, "topic", "live");
    }

    @GetMapping("/topics/{name}/delete")
    String ask(@PathVariable String name, Model model) {
        Topic topic = cluster.topic(name);
        model.addAttribute("section", "topics");
        model.addAttribute("topic", topic);
        model.addAttribute("address", "/topics/" + UriUtils.encodePathSegment(topic.name(), StandardCharsets.UTF_8));
        return "delete-topic";
    }

    @PostMapping("/topics/{name}/delete")
    String delete(@PathVariable String name) {
        cluster.delete(name);
        return "redirect:/topics?deleted=" + UriUtils.encodeQueryParam(name, StandardCharsets.UTF_8);
    }
}
