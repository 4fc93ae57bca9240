package io.ottla.console.settings;

import io.ottla.console.access.Action;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.pages.Addresses;
import io.ottla.console.pages.Slice;
import io.ottla.console.words.Wording;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.LogLevelConfig;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Log levels of a broker (KIP-412). */
@Controller
@RequestMapping("/clusters/{cluster}/brokers/{broker}/loggers")
final class LogLevelsController {
    private static final int PAGE = 50;
    private static final String ROOT = "root";
    /** From least to most talkative. */
    private static final List<String> LEVELS = List.of("FATAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE");

    /**
     * A logger.
     *
     * @param differs whether its level is another one than that of the logger above it
     */
    public record Logger(String name, String level, boolean differs) {}

    @GetMapping
    String levels(
            Visit visit,
            @PathVariable int broker,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(defaultValue = "1") String page,
            @RequestParam(required = false) String changed,
            Model model) {
        String wanted = q.strip().toLowerCase(Locale.ROOT);
        visit.requireUp(broker);
        SettingTarget target = SettingTarget.loggers(broker);
        Map<String, String> levels = new TreeMap<>();
        visit.cluster()
                .await(
                        visit.asking()
                                .describeConfigs(List.of(target.resource()))
                                .values()
                                .get(target.resource()),
                        Wording.of("doing.loggers"))
                .entries()
                .forEach(entry -> levels.put(entry.name(), entry.value() == null ? "" : entry.value()));
        List<Logger> all = levels.entrySet().stream()
                .filter(each -> each.getKey().toLowerCase(Locale.ROOT).contains(wanted))
                .map(each -> new Logger(
                        each.getKey(), each.getValue(), !each.getValue().equals(above(each.getKey(), levels))))
                .toList();
        model.addAttribute("section", "brokers");
        model.addAttribute("broker", broker);
        model.addAttribute("address", address(visit, broker));
        model.addAttribute("q", q.strip());
        model.addAttribute("levels", LEVELS);
        model.addAttribute("shown", Slice.of(all, Slice.page(page), PAGE));
        model.addAttribute("changed", changed);
        model.addAttribute("editable", visit.may(Action.EDIT_LOG_LEVELS));
        return "loggers";
    }

    /** The level that holds for a logger that has none of its own. Brokers don't tell which have one. */
    private static String above(String name, Map<String, String> levels) {
        for (int dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
            String level = levels.get(name.substring(0, dot));
            if (level != null) {
                return level;
            }
        }
        return levels.getOrDefault(ROOT, "");
    }

    /** @param level empty: back to what holds above it */
    @Needs(Action.EDIT_LOG_LEVELS)
    @PostMapping
    String change(
            Visit visit,
            @PathVariable int broker,
            @RequestParam(defaultValue = "") String logger,
            @RequestParam(defaultValue = "") String level,
            @RequestParam(defaultValue = "") String q) {
        if (!level.isEmpty() && !LogLevelConfig.VALID_LOG_LEVELS.contains(level)) {
            throw new ClusterFailure(
                    ClusterFailure.Reason.REFUSED, Wording.of("loggers.no-level", level, String.join(", ", LEVELS)));
        }
        SettingTarget target = SettingTarget.loggers(broker);
        if (level.isEmpty()) {
            SettingChanges.reset(visit, target, logger);
        } else {
            SettingChanges.set(visit, target, logger, level);
        }
        return "redirect:" + address(visit, broker) + "?q=" + Addresses.parameter(q) + "&changed="
                + Addresses.parameter(logger);
    }

    private static String address(Visit visit, int broker) {
        return Addresses.broker(visit.key(), broker) + "/loggers";
    }
}
