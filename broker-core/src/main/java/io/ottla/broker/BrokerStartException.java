package io.ottla.broker;

import java.util.List;

/** The broker can't start, by what it found: each line is a sentence for the operator. It has closed what it opened. */
public final class BrokerStartException extends Exception {
    private static final long serialVersionUID = 1L;

    public BrokerStartException(List<String> sentences, Throwable cause) {
        super(String.join("\n", sentences), cause, false, false);
    }

    BrokerStartException(String sentence) {
        this(List.of(sentence), null);
    }

    BrokerStartException(String sentence, Throwable cause) {
        this(List.of(sentence), cause);
    }
}
