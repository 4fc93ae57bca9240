package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** All routes that Spring knows of the console. */
final class Routes {
    /** Fields by which every form is complete, so that nothing but the role is in the way. */
    static final Map<String, String> FIELDS = Map.ofEntries(
            Map.entry("name", "mallory"),
            Map.entry("user", "mallory"),
            Map.entry("mechanism", "SCRAM-SHA-256"),
            Map.entry("typed", "orders-eu"),
            Map.entry("password", "mallorys-password"),
            Map.entry("role", "admin"),
            Map.entry("key", "other"),
            Map.entry("bootstrap", "127.0.0.1:1"),
            Map.entry("id", "mallory"),
            Map.entry("topic", "orders-eu"),
            Map.entry("partition", "0"),
            Map.entry("producer", "1"));

    /** The same for programs: what any of the calls has to be told. */
    private static final String JSON = """
            {"topic_name":"mallory","partitions_count":1,"value":"1","password":"mallorys-password",
             "resource_type":"TOPIC","resource_name":"mallory","pattern_type":"LITERAL","principal":"User:mallory",
             "host":"*","operation":"READ","permission":"ALLOW",
             "to":"earliest","topic":"orders-eu","entity":[{"type":"user","name":"mallory"}],"limits":{"producer_byte_rate":1},
             "data":[{"name":"log.retention.ms","value":"1","resource_type":"TOPIC","resource_name":"mallory",
                      "pattern_type":"LITERAL","principal":"User:mallory","host":"*","operation":"READ","permission":"ALLOW"}]}
            """;

    /** The same for calls that have no body. */
    static final String QUERY = "?topic=orders-eu&resource_type=TOPIC&resource_name=mallory&pattern_type=LITERAL"
            + "&operation=ANY&permission=ANY&principal=User:mallory&host=*";

    private static final String SETTINGS = "{\"data\":[{\"name\":\"log.retention.ms\",\"value\":\"1\"}]}";

    private Routes() {}

    /** A body with which nothing but the role is in the way. */
    static String body(Route route) {
        return route.path().endsWith("configs:alter") ? SETTINGS : JSON;
    }

    /** @param path with variables in braces */
    record Route(String method, String path) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    static List<Route> of(TestingConsole console) {
        var mapping = console.context().getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class);
        Set<String> seen = new TreeSet<>();
        mapping.getHandlerMethods().forEach((info, method) -> {
            if (!method.getBeanType().getName().startsWith("io.ottla")) {
                return;
            }
            assertThat(info.getPathPatternsCondition()).isNotNull();
            for (String pattern : info.getPathPatternsCondition().getPatternValues()) {
                for (RequestMethod verb : info.getMethodsCondition().getMethods()) {
                    seen.add(verb + " " + pattern);
                }
            }
        });
        return seen.stream()
                .map(text -> new Route(text.split(" ", 2)[0], text.split(" ", 2)[1]))
                .toList();
    }

    /** With what is there in the place of variables: the cluster and a topic of it. */
    static String filled(String path) {
        return path.replace("{cluster}", "ottla")
                .replace("{clusterId}", TestingCluster.ID)
                .replace("{topic}", "orders-eu")
                .replace("{mechanism}", "SCRAM-SHA-256")
                .replaceAll("\\{\\w+(?::(?:[^{}]|\\{[^}]*})*)?}", "1");
    }
}
