package io.ottla.console.reassignment;

import io.ottla.console.access.Action;
import io.ottla.console.access.Visit;
import io.ottla.console.moves.Goal.Measure;
import io.ottla.console.reassignment.Typed.Unreadable;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What somebody typed to get a plan, word for word, so that the form can be shown again with it.
 *
 * @param goal {@code spread}, {@code drain} or {@code factor}
 * @param topic names and patterns, one a line
 * @param broker ids of those that are to hold the replicas
 * @param leaving ids of those that are to be drained
 * @param measure {@code count} or {@code bytes}
 */
public record PlanForm(
        String goal,
        String topic,
        List<String> broker,
        List<String> leaving,
        String factor,
        String measure,
        boolean eachTopic) {
    public PlanForm {
        goal = goal == null || goal.isEmpty() ? "spread" : goal;
        topic = topic == null ? "" : topic;
        broker = broker == null ? List.of() : List.copyOf(broker);
        leaving = leaving == null ? List.of() : List.copyOf(leaving);
        factor = factor == null ? "" : factor;
        measure = measure == null ? "" : measure;
    }

    /** For the template: whether that broker is chosen; all are to begin with. */
    public boolean holds(int id) {
        return broker.isEmpty() || broker.contains(Integer.toString(id));
    }

    public boolean leaves(int id) {
        return leaving.contains(Integer.toString(id));
    }

    Wish wish(Visit visit) throws Unreadable {
        Wish.Kind kind = switch (goal) {
            case "drain" -> Wish.Kind.DRAIN;
            case "factor" -> Wish.Kind.FACTOR;
            default -> Wish.Kind.SPREAD;
        };
        return new Wish(
                kind,
                kind == Wish.Kind.DRAIN ? Set.of() : Typed.topics(visit, topic, Action.REASSIGN),
                ids(kind == Wish.Kind.DRAIN ? leaving : broker),
                kind == Wish.Kind.DRAIN ? java.util.OptionalInt.empty() : Typed.count("moves.form.factor", factor),
                measure.equals("bytes") ? Measure.BYTES : Measure.COUNT,
                eachTopic);
    }

    private static Set<Integer> ids(List<String> texts) throws Unreadable {
        Set<Integer> ids = new TreeSet<>();
        for (String text : texts) {
            Typed.count("moves.form.brokers", text).ifPresent(ids::add);
        }
        return ids;
    }
}
