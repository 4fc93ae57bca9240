package io.ottla.console.settings;

import io.ottla.console.access.Change;
import io.ottla.console.access.Visit;
import io.ottla.console.words.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.ConfigEntry;

/** Changes of settings, for pages and the API alike. */
public final class SettingChanges {
    private static final String SECRET = "…";

    private SettingChanges() {}

    /** Sets one. */
    public static void set(Visit visit, SettingTarget target, String name, String value) {
        alter(visit, target, Map.of(name, Optional.of(value)), false);
    }

    /** Takes one away, so that what lies below holds again. */
    public static void reset(Visit visit, SettingTarget target, String name) {
        alter(visit, target, Map.of(name, Optional.empty()), false);
    }

    /**
     * Sets and takes away several at once: all of them, or none.
     *
     * @param values by name; empty for what is to be taken away
     * @param validateOnly whether only to say if it could be done
     */
    public static void alter(
            Visit visit, SettingTarget target, Map<String, Optional<String>> values, boolean validateOnly) {
        List<AlterConfigOp> operations = new ArrayList<>(values.size());
        Change change = Change.of(target.action(), target.name().isEmpty() ? List.of() : List.of(target.name()));
        for (Map.Entry<String, Optional<String>> each : values.entrySet()) {
            operations.add(new AlterConfigOp(
                    new ConfigEntry(each.getKey(), each.getValue().orElse("")),
                    each.getValue().isPresent() ? OpType.SET : OpType.DELETE));
            change = change.with(
                    each.getKey(),
                    each.getValue().isEmpty()
                            ? "(default)"
                            : isSecret(each.getKey()) ? SECRET : each.getValue().get());
        }
        visit.change(validateOnly ? change.with("validate-only", true) : change, admin -> {
            target.broker().ifPresent(visit::requireUp);
            return visit.cluster()
                    .await(
                            admin.incrementalAlterConfigs(
                                            Map.of(target.resource(), operations),
                                            new AlterConfigsOptions().validateOnly(validateOnly))
                                    .all(),
                            Wording.of("doing.alter-settings"));
        });
    }

    /** By its name: what a broker calls sensitive can't be asked of one that does not know it. */
    private static boolean isSecret(String name) {
        return name.contains("password")
                || name.contains("secret")
                || name.endsWith("jaas.config")
                || name.endsWith(".key");
    }
}
