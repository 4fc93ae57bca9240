package io.ottla.console.rest;

import io.ottla.console.access.Action;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterPicture.Broker;
import io.ottla.console.settings.SettingChanges;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Settings of topics, of brokers, and of all brokers together. */
@RestController
@RequestMapping(
        path = {"/v3/clusters/{clusterId}", "/kafka/v3/clusters/{clusterId}"},
        produces = MediaType.APPLICATION_JSON_VALUE)
final class ConfigsResource {
    /** Topics whose settings are told at once. */
    private static final int MAX_TOPICS = 1_000;

    /** The body of a request that sets one. */
    record NewValue(String value) {}

    @GetMapping("/topics/{topic}/configs")
    Links.Listed<ConfigData> ofTopic(Visit visit, @PathVariable String topic, HttpServletRequest request) {
        return list(visit, ConfigOwner.ofTopic(topic), request);
    }

    @GetMapping("/topics/-/configs")
    Links.Listed<ConfigData> ofAllTopics(Visit visit, HttpServletRequest request) {
        List<String> topics = visit.topicNames();
        if (topics.size() > MAX_TOPICS) {
            throw new ApiFailure(
                    ApiError.TOO_MANY,
                    "Expected at most " + MAX_TOPICS + " topics to tell the settings of at once, but there are "
                            + topics.size() + ". Ask for those of one topic.");
        }
        Links links = Links.of(request, visit.managed().id());
        List<ConfigData> all = new ArrayList<>();
        visit.cluster()
                .settingsOfTopics(topics)
                .forEach((topic, settings) -> settings.forEach(
                        setting -> all.add(ConfigData.of(ConfigOwner.ofTopic(topic), setting, links))));
        return links.listed("KafkaTopicConfigList", "/topics/-/configs", all);
    }

    @GetMapping("/topics/{topic}/configs/{name}")
    ConfigData oneOfTopic(
            Visit visit, @PathVariable String topic, @PathVariable String name, HttpServletRequest request) {
        return one(visit, ConfigOwner.ofTopic(topic), name, request);
    }

    @Needs(Action.EDIT_TOPIC)
    @PutMapping(path = "/topics/{topic}/configs/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Void> setOfTopic(
            Visit visit, @PathVariable String topic, @PathVariable String name, @RequestBody NewValue body) {
        return set(visit, ConfigOwner.ofTopic(topic), name, body);
    }

    @Needs(Action.EDIT_TOPIC)
    @DeleteMapping("/topics/{topic}/configs/{name}")
    ResponseEntity<Void> resetOfTopic(Visit visit, @PathVariable String topic, @PathVariable String name) {
        return reset(visit, ConfigOwner.ofTopic(topic), visit.may(Action.EDIT_TOPIC, topic), name);
    }

    @Needs(Action.EDIT_TOPIC)
    @PostMapping(path = "/topics/{topic}/configs:alter", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Void> alterTopic(Visit visit, @PathVariable String topic, @RequestBody AlterConfigsData body) {
        return alter(visit, ConfigOwner.ofTopic(topic), body);
    }

    @GetMapping("/brokers/{broker}/configs")
    Links.Listed<ConfigData> ofBroker(Visit visit, @PathVariable int broker, HttpServletRequest request) {
        return list(visit, ConfigOwner.ofBroker(broker), request);
    }

    @GetMapping("/brokers/-/configs")
    Links.Listed<ConfigData> ofEachBroker(Visit visit, HttpServletRequest request) {
        Links links = Links.of(request, visit.managed().id());
        List<ConfigData> all = new ArrayList<>();
        List<Integer> brokers =
                visit.cluster().describe().brokers().stream().map(Broker::id).toList();
        visit.cluster()
                .settingsOfBrokers(brokers)
                .forEach((broker, settings) -> settings.forEach(
                        setting -> all.add(ConfigData.of(ConfigOwner.ofBroker(broker), setting, links))));
        return links.listed("KafkaBrokerConfigList", "/brokers/-/configs", all);
    }

    @GetMapping("/brokers/{broker}/configs/{name}")
    ConfigData oneOfBroker(
            Visit visit, @PathVariable int broker, @PathVariable String name, HttpServletRequest request) {
        return one(visit, ConfigOwner.ofBroker(broker), name, request);
    }

    @Needs(Action.EDIT_BROKER)
    @PutMapping(path = "/brokers/{broker}/configs/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Void> setOfBroker(
            Visit visit, @PathVariable int broker, @PathVariable String name, @RequestBody NewValue body) {
        return set(visit, ConfigOwner.ofBroker(broker), name, body);
    }

    @Needs(Action.EDIT_BROKER)
    @DeleteMapping("/brokers/{broker}/configs/{name}")
    ResponseEntity<Void> resetOfBroker(Visit visit, @PathVariable int broker, @PathVariable String name) {
        return reset(visit, ConfigOwner.ofBroker(broker), visit.may(Action.EDIT_BROKER), name);
    }

    @Needs(Action.EDIT_BROKER)
    @PostMapping(path = "/brokers/{broker}/configs:alter", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Void> alterBroker(Visit visit, @PathVariable int broker, @RequestBody AlterConfigsData body) {
        return alter(visit, ConfigOwner.ofBroker(broker), body);
    }

    @GetMapping("/broker-configs")
    Links.Listed<ConfigData> ofAllBrokers(Visit visit, HttpServletRequest request) {
        return list(visit, ConfigOwner.ofAllBrokers(), request);
    }

    @GetMapping("/broker-configs/{name}")
    ConfigData oneOfAllBrokers(Visit visit, @PathVariable String name, HttpServletRequest request) {
        return one(visit, ConfigOwner.ofAllBrokers(), name, request);
    }

    @Needs(Action.EDIT_BROKER)
    @PutMapping(path = "/broker-configs/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Void> setOfAllBrokers(Visit visit, @PathVariable String name, @RequestBody NewValue body) {
        return set(visit, ConfigOwner.ofAllBrokers(), name, body);
    }

    @Needs(Action.EDIT_BROKER)
    @DeleteMapping("/broker-configs/{name}")
    ResponseEntity<Void> resetOfAllBrokers(Visit visit, @PathVariable String name) {
        return reset(visit, ConfigOwner.ofAllBrokers(), visit.may(Action.EDIT_BROKER), name);
    }

    @Needs(Action.EDIT_BROKER)
    @PostMapping(path = "/broker-configs:alter", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Void> alterAllBrokers(Visit visit, @RequestBody AlterConfigsData body) {
        return alter(visit, ConfigOwner.ofAllBrokers(), body);
    }

    private static Links.Listed<ConfigData> list(Visit visit, ConfigOwner owner, HttpServletRequest request) {
        Links links = Links.of(request, visit.managed().id());
        return links.listed(
                owner.kind() + "List",
                owner.below(),
                owner.read(visit).stream()
                        .map(setting -> ConfigData.of(owner, setting, links))
                        .toList());
    }

    private static ConfigData one(Visit visit, ConfigOwner owner, String name, HttpServletRequest request) {
        return owner.read(visit).stream()
                .filter(setting -> setting.name().equals(name))
                .findFirst()
                .map(setting -> ConfigData.of(
                        owner, setting, Links.of(request, visit.managed().id())))
                .orElseThrow(() -> unknown(name));
    }

    private static ApiFailure unknown(String name) {
        return new ApiFailure(ApiError.NO_SUCH_CONFIG, "Expected a setting that it has, but it has no " + name + ".");
    }

    private static ResponseEntity<Void> set(Visit visit, ConfigOwner owner, String name, NewValue body) {
        if (body.value() == null) {
            throw new ApiFailure(ApiError.BAD_REQUEST, "Expected a value, but the request has none.");
        }
        SettingChanges.set(visit, owner.target(), name, body.value());
        return ResponseEntity.noContent().build();
    }

    private static ResponseEntity<Void> reset(Visit visit, ConfigOwner owner, boolean may, String name) {
        // Clusters take away what was never there without a word. Who may not reset it hears that below, and the trail
        // as well.
        if (may && owner.read(visit).stream().noneMatch(known -> known.name().equals(name))) {
            throw unknown(name);
        }
        SettingChanges.reset(visit, owner.target(), name);
        return ResponseEntity.noContent().build();
    }

    private static ResponseEntity<Void> alter(Visit visit, ConfigOwner owner, AlterConfigsData body) {
        Map<String, Optional<String>> values = body.values();
        SettingChanges.alter(visit, owner.target(), values, body.onlyValidates());
        return ResponseEntity.noContent().build();
    }
}
