package io.ottla.simulation;

/** Thrown out of what a process waits for when the process is killed: nothing of it goes on. */
final class Ended extends Error {
    private static final long serialVersionUID = 1;

    Ended(String process) {
        super(process + " has been killed", null, false, false);
    }
}
