package io.ottla.console.settings;

import io.ottla.console.access.Action;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Setting;
import io.ottla.console.pages.Addresses;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page of one setting of a topic or broker, where it is changed. */
@Controller
@RequestMapping("/clusters/{cluster}")
final class SettingController {
    private static final String ALL = "all";

    @GetMapping("/topics/{topic}/settings/{name}")
    String ofTopic(Visit visit, @PathVariable String topic, @PathVariable String name, Model model) {
        visit.topic(topic);
        return page(visit, SettingTarget.topic(topic), name, visit.cluster().settings(topic), null, null, model);
    }

    @Needs(Action.EDIT_TOPIC)
    @PostMapping("/topics/{topic}/settings/{name}")
    String changeTopic(
            Visit visit,
            @PathVariable String topic,
            @PathVariable String name,
            @RequestParam(required = false) String reset,
            @RequestParam(defaultValue = "") String value,
            Model model,
            HttpServletResponse response) {
        try {
            change(visit, SettingTarget.topic(topic), name, reset != null, value);
            return "redirect:" + Addresses.topic(visit.key(), topic) + "?changed=" + Addresses.parameter(name);
        } catch (ClusterFailure refused) {
            return again(
                    visit,
                    SettingTarget.topic(topic),
                    name,
                    visit.cluster().settings(topic),
                    value,
                    refused,
                    model,
                    response);
        }
    }

    @GetMapping("/brokers/{broker}/settings/{name}")
    String ofBroker(Visit visit, @PathVariable int broker, @PathVariable String name, Model model) {
        return page(visit, SettingTarget.broker(broker), name, visit.brokerSettings(broker), null, null, model);
    }

    /** @param scope {@code all} for what holds for all brokers, else this one's own */
    @Needs(Action.EDIT_BROKER)
    @PostMapping("/brokers/{broker}/settings/{name}")
    String changeBroker(
            Visit visit,
            @PathVariable int broker,
            @PathVariable String name,
            @RequestParam(required = false) String reset,
            @RequestParam(defaultValue = "") String value,
            @RequestParam(defaultValue = "broker") String scope,
            Model model,
            HttpServletResponse response) {
        SettingTarget target = scope.equals(ALL) ? SettingTarget.allBrokers() : SettingTarget.broker(broker);
        try {
            change(visit, target, name, reset != null, value);
            return "redirect:" + Addresses.broker(visit.key(), broker) + "?changed=" + Addresses.parameter(name);
        } catch (ClusterFailure refused) {
            model.addAttribute("scope", scope);
            return again(
                    visit,
                    SettingTarget.broker(broker),
                    name,
                    visit.brokerSettings(broker),
                    value,
                    refused,
                    model,
                    response);
        }
    }

    private static void change(Visit visit, SettingTarget target, String name, boolean reset, String value) {
        if (reset) {
            SettingChanges.reset(visit, target, name);
        } else {
            SettingChanges.set(visit, target, name, value);
        }
    }

    private static String again(
            Visit visit,
            SettingTarget target,
            String name,
            List<Setting> settings,
            String typed,
            ClusterFailure refused,
            Model model,
            HttpServletResponse response) {
        if (refused.reason() != ClusterFailure.Reason.REFUSED) {
            throw refused;
        }
        response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
        return page(visit, target, name, settings, typed, refused.wording(), model);
    }

    private static String page(
            Visit visit,
            SettingTarget target,
            String name,
            List<Setting> settings,
            String typed,
            Wording problem,
            Model model) {
        Setting setting = settings.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new ClusterFailure(ClusterFailure.Reason.NOT_FOUND, Wording.of("settings.no-such", name)));
        boolean topic = target.kind() == SettingTarget.Kind.TOPIC;
        String owner = topic
                ? Addresses.topic(visit.key(), target.name())
                : Addresses.broker(visit.key(), Integer.parseInt(target.name()));
        model.addAttribute("section", topic ? "topics" : "brokers");
        model.addAttribute("setting", setting);
        model.addAttribute("target", target);
        model.addAttribute("owner", owner);
        model.addAttribute("address", owner + "/settings/" + Addresses.segment(name));
        model.addAttribute("typed", typed == null ? setting.value() : typed);
        model.addAttribute("problem", problem);
        model.addAttribute(
                "own",
                setting.synonyms().stream()
                        .map(Setting.Synonym::source)
                        .filter(source -> source == target.ownSource())
                        .findFirst()
                        .isPresent());
        model.addAttribute("editable", !setting.readOnly() && visit.may(target.action(), topic ? target.name() : ""));
        return "setting";
    }
}
