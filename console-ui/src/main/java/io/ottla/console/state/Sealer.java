package io.ottla.console.state;

/**
 * Encrypts secrets among what the console keeps, by a key that is not kept beside them. The process implements it by its
 * broker's own; without one, or without a key, secrets are kept as they are. Thread-safe; takes milliseconds.
 */
public interface Sealer {
    /** Without a key. */
    Sealer NONE = new Sealer() {
        @Override
        public boolean canSeal() {
            return false;
        }

        @Override
        public String seal(String text) {
            throw new IllegalStateException("Expected a key to encrypt by, but there is none");
        }

        @Override
        public Opened open(String sealed) {
            return new Opened.Closed("no broker runs in this process, which would have the key");
        }
    };

    /** What was found. */
    sealed interface Opened {
        /** @param outdated whether it is encrypted by a key that another one has replaced */
        record Text(String text, boolean outdated) implements Opened {
            /** Without the text. */
            @Override
            public String toString() {
                return "Text[outdated=" + outdated + "]";
            }
        }

        record Closed(String why) implements Opened {}
    }

    /** Whether there is a key. */
    boolean canSeal();

    /** There must be a key. */
    String seal(String text);

    Opened open(String sealed);
}
