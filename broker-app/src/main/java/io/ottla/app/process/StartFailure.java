package io.ottla.app.process;

/** Why the broker can't start: one sentence that names the setting, the value and what to do. */
public final class StartFailure extends RuntimeException {
    private final boolean stopped;

    public StartFailure(String sentence) {
        this(sentence, null);
    }

    public StartFailure(String sentence, Throwable cause) {
        this(sentence, cause, false);
    }

    private StartFailure(String sentence, Throwable cause, boolean stopped) {
        super(sentence, cause);
        this.stopped = stopped;
    }

    /** Somebody stopped the process before it was up: nothing is wrong. */
    static StartFailure stopped(Throwable cause) {
        return new StartFailure("Stopped while it was starting.", cause, true);
    }

    /** Whether it was only stopped. */
    boolean isStop() {
        return stopped;
    }
}
