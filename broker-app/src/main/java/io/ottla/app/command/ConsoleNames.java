package io.ottla.app.command;

import io.ottla.config.SourcedValue;
import io.ottla.console.ConsoleProperties;
import io.ottla.console.audit.AuditProperties;
import io.ottla.console.reassignment.ReassignmentConfiguration;
import io.ottla.console.records.RecordsProperties;
import io.ottla.console.security.LdapProperties;
import io.ottla.console.security.OidcProperties;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PlaceholdersResolver;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Checks the console's settings before the broker starts: takes them as Spring will when it makes the console, which is after the
 * broker has begun.
 */
final class ConsoleNames {
    private static final String ALL = "console.";

    private ConsoleNames() {}

    /** Adds a sentence for each that is wrong. */
    static void check(Map<String, SourcedValue> given, List<String> problems) {
        Map<String, Object> all = new HashMap<>();
        given.forEach((name, value) -> all.put(name, value.value()));
        Map<String, Object> named = new HashMap<>(all);
        named.keySet().removeIf(name -> !name.startsWith(ALL));
        if (named.isEmpty()) {
            return;
        }
        // A value may name others, and variables, as ${NAME}.
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("given", all));
        Trial trial = new Trial(named, new PropertySourcesPlaceholdersResolver(environment), given, problems);
        trial.check("console", ConsoleProperties.class, properties -> {
            var _ = properties.definitions(true);
            ReassignmentConfiguration.requireSchedule(
                    properties.leaderElection().schedule());
        });
        trial.check("console", RecordsProperties.class, RecordsProperties::requireUsable);
        trial.check("console.audit", AuditProperties.class, audit -> {});
        trial.check("console.ldap", LdapProperties.class, ldap -> {});
        trial.check("console.oidc", OidcProperties.class, oidc -> {});
    }

    /** Takes settings in, and leaves out what is wrong until the rest can be taken. */
    private record Trial(
            Map<String, Object> named,
            PlaceholdersResolver placeholders,
            Map<String, SourcedValue> given,
            List<String> problems) {
        <T> void check(String prefix, Class<T> type, Consumer<T> more) {
            Map<String, Object> rest = new HashMap<>(named);
            boolean again = true;
            while (again) {
                String sentence = problem(prefix, type, more, rest);
                again = sentence != null && rest.remove(name(sentence)) != null;
                if (sentence != null) {
                    problems.add(withOrigin(sentence, given));
                }
            }
        }

        /** Null where there is none. */
        private <T> String problem(String prefix, Class<T> type, Consumer<T> more, Map<String, Object> rest) {
            try {
                more.accept(new Binder(List.of(new MapConfigurationPropertySource(rest)), placeholders)
                        .bindOrCreate(prefix, type));
                return null;
            } catch (BindException wrong) {
                return sentence(wrong);
            } catch (IllegalArgumentException wrong) {
                return wrong.getMessage();
            }
        }
    }

    /** Ours where the console refuses it, else what was expected in its place. */
    private static String sentence(BindException wrong) {
        for (Throwable cause = wrong; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (message.startsWith(ALL)) {
                return message;
            }
        }
        Object value = wrong.getProperty() == null ? "" : wrong.getProperty().getValue();
        return wrong.getName() + " = " + value + ": Expected "
                + expected(wrong.getTarget().getType().resolve(Object.class));
    }

    private static String expected(Class<?> type) {
        if (type == Duration.class) {
            return "a time such as 30s, 5m or 1d";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        return Number.class.isAssignableFrom(type) || type.isPrimitive() ? "a number" : "something else";
    }

    /** That it begins with. */
    private static String name(String sentence) {
        return sentence.split("[ :]", 2)[0];
    }

    /** Behind the name that it begins with, where that was given by itself. */
    private static String withOrigin(String sentence, Map<String, SourcedValue> given) {
        SourcedValue value = given.get(name(sentence));
        return value == null ? sentence : sentence.replaceFirst("\\.?$", "") + " (from " + value.origin() + ")";
    }
}
