package io.ottla.simulation;

/** Simulations, one after the other, and what they come to in all. */
final class Runs implements AutoCloseable {
    private final Options options;
    private final LogAlarm alarm;
    private final Tally tally = new Tally();
    private final long beganNs = System.nanoTime();
    private long runs;
    private long operations;
    private long steps;
    private Violation violation;

    Runs(Options options, boolean verbose) {
        this.options = options;
        this.alarm = new LogAlarm(verbose);
    }

    /** Runs a seed and says what came of it; false where it broke a promise. */
    boolean run(long seed) {
        long began = System.nanoTime();
        try {
            Simulation.Result result = new Simulation(seed, options, alarm).run();
            runs++;
            operations += result.operations();
            steps += result.steps();
            tally.add(result.tally());
            System.out.println("seed " + seed + ": " + result.operations() + " operations, " + result.steps()
                    + " steps, " + (System.nanoTime() - began) / 1_000_000 + " ms, hash "
                    + Long.toHexString(result.hash()) + "; " + result.tally());
            return true;
        } catch (Violation broken) {
            violation = broken;
            System.out.println("seed " + seed + " (" + options.brokers() + " brokers, " + options.seconds() + " s):");
            broken.printStackTrace(System.out);
            return false;
        }
    }

    /** What the last run broke; null where it broke nothing. */
    Violation violation() {
        return violation;
    }

    long operations() {
        return operations;
    }

    String summary() {
        return runs + " runs, " + operations + " operations, " + steps + " steps in "
                + (System.nanoTime() - beganNs) / 1_000_000_000 + " s: " + tally;
    }

    @Override
    public void close() {
        alarm.close();
    }
}
