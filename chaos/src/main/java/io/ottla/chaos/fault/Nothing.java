package io.ottla.chaos.fault;

/** What all others are compared with. */
final class Nothing implements Fault {
    @Override
    public Struck strike(Scene scene) {
        return Fault.struck("nobody", () -> "");
    }
}
