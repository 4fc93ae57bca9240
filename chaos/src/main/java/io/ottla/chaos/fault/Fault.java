package io.ottla.chaos.fault;

import java.io.IOException;

/** Something that can be done to a cluster. */
@FunctionalInterface
interface Fault {
    /**
     * Does it, and makes sure that it is in effect.
     *
     * @throws IneffectiveException where it is not
     */
    Struck strike(Scene scene) throws IOException, InterruptedException;

    /** What was done, and can be taken back. */
    interface Struck {
        /** Whom it met. */
        String target();

        /** Takes it back; returns how it was seen to be in effect. */
        String heal() throws IOException, InterruptedException;
    }

    /** A fault that was injected and is not there: a defect of this harness or a gap in what this machine allows. */
    final class IneffectiveException extends RuntimeException {
        IneffectiveException(String message) {
            super(message);
        }
    }

    static void require(boolean inEffect, String what) {
        if (!inEffect) {
            throw new IneffectiveException("Expected that " + what + ", but it is not so");
        }
    }

    /** A heal that is a piece of code. */
    @FunctionalInterface
    interface Heal {
        String run() throws IOException, InterruptedException;
    }

    static Struck struck(String target, Heal heal) {
        return new Struck() {
            @Override
            public String target() {
                return target;
            }

            @Override
            public String heal() throws IOException, InterruptedException {
                return heal.run();
            }
        };
    }
}
