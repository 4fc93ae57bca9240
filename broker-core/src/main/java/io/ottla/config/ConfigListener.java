package io.ottla.config;

/** Somebody who acts on a broker's configuration while it runs. Called on the metadata thread; does not block. */
public interface ConfigListener {
    /** What to do from now on; {@code before} is what held so far. Both differ in dynamic settings alone. */
    void changed(BrokerConfig before, BrokerConfig after);
}
