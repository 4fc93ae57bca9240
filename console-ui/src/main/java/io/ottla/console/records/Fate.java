package io.ottla.console.records;

/** What became of a record that is not there for readers of what is committed (KIP-98). */
public enum Fate {
    /** It is of a transaction that was aborted. */
    ABORTED("aborted"),
    /** It is of a transaction that is still open, or lies behind one, so that readers of what is committed wait in front of it. */
    WAITING("waiting");

    private final String key;

    Fate(String key) {
        this.key = key;
    }

    public String key() {
        return key;
    }
}
