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
            Map.entry("typed", "orders-eu"),
            Map.entry("password", "mallorys-password"),
            Map.entry("role", "admin"),
            Map.entry("key", "other"),
            Map.entry("bootstrap", "127.0.0.1:1"));

    /** The same for programs. */
    static final String JSON = "{\"topic_name\":\"mallory\",\"partitions_count\":1}";

    private Routes() {}

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
                .replaceAll("\\{\\w+(?::(?:[^{}]|\\{[^}]*})*)?}", "1");
    }
}
