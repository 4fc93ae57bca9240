package io.ottla.app.process;

/** Why the broker can't start: one sentence that names the setting, the value and what to do. */
public final class StartFailure extends RuntimeException {
    public StartFailure(String sentence) {
        super(sentence);
    }

    public StartFailure(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
