package io.ottla.chaos.fault;

import io.ottla.chaos.cluster.FakeClock;
import java.util.Optional;

/** Why a kind of fault can't be injected on this machine. */
public final class Skipped {
    private Skipped() {}

    public static Optional<String> why(FaultKind kind) throws InterruptedException {
        return switch (kind) {
            case CLOCK ->
                FakeClock.library().isPresent()
                        ? Optional.empty()
                        : Optional.of("libfaketime is not installed: 'apt-get install libfaketime'");
            case DISK_FULL ->
                Shell.works("prlimit", "--version")
                        ? Optional.empty()
                        : Optional.of("prlimit is not installed: it comes with util-linux");
            default -> Optional.empty();
        };
    }
}
