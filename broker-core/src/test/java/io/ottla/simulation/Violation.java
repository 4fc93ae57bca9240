package io.ottla.simulation;

/** Something has happened in a simulation that must never happen. */
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1;

    Violation(String what) {
        super(what);
    }
}
