package io.ottla.simulation;

import java.util.concurrent.TimeUnit;

/**
 * Runs simulations, seed after seed, for as long as it is told; ends with 1 at the first that breaks a promise.
 *
 * <pre>
 *   --hours H      how long; 0.02 where nothing is said
 *   --brokers N    3 where nothing is said
 *   --seconds S    of virtual time in which moves come, each run; 30 where nothing is said
 *   --seed N       this seed alone, and what happens in it
 *   --from N       seeds from this one on
 *   --failures N   how many of them may fail before it ends; 1 where nothing is said
 * </pre>
 */
public final class SimulatorMain {
    private double hours = 0.02;
    private int brokers = 3;
    private int seconds = 30;
    private long seed = -1;
    private long from = 1;
    private int failures = 1;

    private SimulatorMain() {}

    public static void main(String[] arguments) {
        SimulatorMain main = new SimulatorMain();
        main.read(arguments);
        System.exit(main.run() ? 0 : 1);
    }

    private void read(String[] arguments) {
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--hours" -> hours = Double.parseDouble(value);
                case "--brokers" -> brokers = Integer.parseInt(value);
                case "--seconds" -> seconds = Integer.parseInt(value);
                case "--seed" -> seed = Long.parseLong(value);
                case "--failures" -> failures = Integer.parseInt(value);
                case "--from" -> from = Long.parseLong(value);
                default -> throw new IllegalArgumentException("Expected an option, but got " + arguments[i]);
            }
        }
    }

    private boolean run() {
        Options options = Options.of(brokers, seconds);
        try (Runs runs = new Runs(options, seed >= 0)) {
            if (seed >= 0) {
                return runs.run(seed);
            }
            long until = System.nanoTime() + (long) (hours * TimeUnit.HOURS.toNanos(1));
            for (long each = from; System.nanoTime() < until; each++) {
                if (!runs.run(each) && --failures == 0) {
                    break;
                }
            }
            System.out.println(runs.summary());
            return runs.violation() == null;
        }
    }
}
