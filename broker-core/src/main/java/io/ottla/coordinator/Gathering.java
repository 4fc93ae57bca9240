package io.ottla.coordinator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Answers of several shards, put together in the order in which they were asked. Thread-safe.
 *
 * @param <A> one answer
 */
public final class Gathering<A> {
    private final Object[] answers;
    private final Consumer<List<A>> to;
    private int left;

    /**
     * @param count answers to come, more than 0
     * @param to told once all have come, on the thread that brings the last
     */
    public Gathering(int count, Consumer<List<A>> to) {
        this.answers = new Object[count];
        this.to = to;
        this.left = count;
    }

    /** Where the answer of that number goes; called once. */
    public Consumer<A> at(int number) {
        return answer -> {
            synchronized (this) {
                answers[number] = answer;
                if (--left > 0) {
                    return;
                }
            }
            to.accept(all());
        };
    }

    @SuppressWarnings("unchecked")
    private List<A> all() {
        return new ArrayList<>((List<A>) Arrays.asList(answers));
    }
}
