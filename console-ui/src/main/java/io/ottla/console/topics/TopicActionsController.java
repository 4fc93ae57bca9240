package io.ottla.console.topics;

import io.ottla.console.access.Action;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Extent;
import io.ottla.console.clusters.Partition;
import io.ottla.console.clusters.Topic;
import io.ottla.console.pages.Addresses;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What is done to one topic: more partitions, records deleted, the topic deleted. What can't be undone wants its name typed. */
@Controller
@RequestMapping("/clusters/{cluster}/topics/{name}")
final class TopicActionsController {
    /** Partitions whose offsets can be typed at once. */
    private static final int MAX_OFFSETS = 200;

    @GetMapping("/add-partitions")
    String more(Visit visit, @PathVariable String name, Model model) {
        return more(visit, name, "", null, model);
    }

    @Needs(Action.ADD_PARTITIONS)
    @PostMapping("/add-partitions")
    String addPartitions(
            Visit visit,
            @PathVariable String name,
            @RequestParam(defaultValue = "") String total,
            Model model,
            HttpServletResponse response) {
        int wanted;
        try {
            wanted = Integer.parseInt(total.strip());
        } catch (NumberFormatException noNumber) {
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            return more(visit, name, total, Wording.of("topics.form.no-number.partitions", total.strip()), model);
        }
        try {
            TopicChanges.addPartitions(visit, name, wanted);
            return "redirect:" + Addresses.topic(visit.key(), name) + "?changed=" + Addresses.parameter(name);
        } catch (ClusterFailure refused) {
            requireRefusal(refused, response);
            return more(visit, name, total, refused.wording(), model);
        }
    }

    private static String more(Visit visit, String name, String typed, Wording problem, Model model) {
        visit.require(Action.ADD_PARTITIONS, name);
        Topic topic = show(visit, name, problem, model);
        model.addAttribute(
                "typed", typed.isEmpty() ? Integer.toString(topic.partitions().size() + 1) : typed);
        model.addAttribute("keyed", isCompacted(visit, name));
        return "add-partitions";
    }

    private static boolean isCompacted(Visit visit, String name) {
        return visit.cluster().settings(name).stream()
                .anyMatch(setting -> setting.name().equals("cleanup.policy")
                        && setting.value().contains("compact"));
    }

    @GetMapping("/delete-records")
    String records(Visit visit, @PathVariable String name, Model model) {
        return records(visit, name, Map.of(), null, model);
    }

    /** @param fields {@code before-0} and so on: the first offset that stays; {@code all}: nothing stays */
    @Needs(Action.DELETE_RECORDS)
    @PostMapping("/delete-records")
    String deleteRecords(
            Visit visit,
            @PathVariable String name,
            @RequestParam Map<String, String> fields,
            Model model,
            HttpServletResponse response) {
        visit.require(Action.DELETE_RECORDS, name);
        Topic topic = visit.topic(name);
        String typed = fields.getOrDefault("typed", "").strip();
        if (!typed.equals(name)) {
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            return records(visit, name, fields, Wording.of("topics.delete.typed", name, typed), model);
        }
        Map<Integer, Long> before = new HashMap<>();
        for (Partition partition : topic.partitions()) {
            String text = fields.getOrDefault("before-" + partition.id(), "").strip();
            if (fields.containsKey("all")) {
                before.put(partition.id(), TopicChanges.ALL_RECORDS);
            } else if (!text.isEmpty()) {
                try {
                    before.put(partition.id(), offset(text));
                } catch (NumberFormatException noOffset) {
                    response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
                    return records(
                            visit,
                            name,
                            fields,
                            Wording.of("topics.records.no-offset", Integer.toString(partition.id()), text),
                            model);
                }
            }
        }
        if (before.isEmpty()) {
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            return records(visit, name, fields, Wording.of("topics.records.nothing"), model);
        }
        Wording beyond = TopicChanges.beyond(visit, topic, before);
        if (beyond != null) {
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            return records(visit, name, fields, beyond, model);
        }
        try {
            TopicChanges.deleteRecords(visit, name, before);
            return "redirect:" + Addresses.topic(visit.key(), name) + "?changed=" + Addresses.parameter(name);
        } catch (ClusterFailure refused) {
            requireRefusal(refused, response);
            return records(visit, name, fields, refused.wording(), model);
        }
    }

    private static long offset(String text) {
        long offset = Long.parseLong(text);
        if (offset < 0) {
            throw new NumberFormatException(text);
        }
        return offset;
    }

    private static String records(Visit visit, String name, Map<String, String> typed, Wording problem, Model model) {
        visit.require(Action.DELETE_RECORDS, name);
        Topic topic = show(visit, name, problem, model);
        List<Partition> offered = topic.partitions()
                .subList(0, Math.min(MAX_OFFSETS, topic.partitions().size()));
        Map<Integer, Extent> extents = visit.cluster().extents(topic, offered);
        model.addAttribute(
                "partitions",
                offered.stream()
                        .map(partition ->
                                new PartitionView(partition, extents.getOrDefault(partition.id(), Extent.UNKNOWN)))
                        .toList());
        model.addAttribute("fields", typed);
        model.addAttribute("compacted", isCompacted(visit, name));
        return "delete-records";
    }

    @GetMapping("/delete")
    String ask(Visit visit, @PathVariable String name, Model model) {
        return ask(visit, name, null, model);
    }

    private static String ask(Visit visit, String name, Wording problem, Model model) {
        visit.require(Action.DELETE_TOPIC, name);
        show(visit, name, problem, model);
        return "delete-topic";
    }

    /** @param typed the topic's name once more, so that no click alone deletes it */
    @Needs(Action.DELETE_TOPIC)
    @PostMapping("/delete")
    String delete(
            Visit visit,
            @PathVariable String name,
            @RequestParam(defaultValue = "") String typed,
            Model model,
            HttpServletResponse response) {
        if (!typed.strip().equals(name)) {
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            return ask(visit, name, Wording.of("topics.delete.typed", name, typed.strip()), model);
        }
        TopicChanges.delete(visit, name);
        return "redirect:" + Addresses.topics(visit.key()) + "?deleted=" + Addresses.parameter(name);
    }

    private static Topic show(Visit visit, String name, Wording problem, Model model) {
        Topic topic = visit.topic(name);
        model.addAttribute("section", "topics");
        model.addAttribute("topic", topic);
        model.addAttribute("address", Addresses.topic(visit.key(), topic.name()));
        model.addAttribute("problem", problem);
        return topic;
    }

    private static void requireRefusal(ClusterFailure failure, HttpServletResponse response) {
        if (failure.reason() != ClusterFailure.Reason.REFUSED) {
            throw failure;
        }
        response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
    }
}
