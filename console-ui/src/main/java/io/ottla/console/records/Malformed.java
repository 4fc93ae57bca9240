package io.ottla.console.records;

/** Bytes are not what their schema says. Without a trace: it is an answer, and there may be thousands a second. */
final class Malformed extends Exception {
    Malformed(String why) {
        super(why, null, false, false);
    }
}
