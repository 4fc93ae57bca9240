package io.ottla.storage;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Lets one write serve all who ask for it while another is under way: each is answered when a write has ended that began
 * after it asked. Thread-safe.
 */
final class SharedWrite {
    private final Executor threads;
    private final Runnable write;
    private CompletableFuture<Void> next;
    private boolean running;

    /** @param write says for itself where it fails */
    SharedWrite(Executor threads, Runnable write) {
        this.threads = threads;
        this.write = write;
    }

    CompletionStage<Void> request() {
        CompletableFuture<Void> mine;
        synchronized (this) {
            if (next == null) {
                next = new CompletableFuture<>();
            }
            mine = next;
            if (running) {
                return mine;
            }
            running = true;
        }
        threads.execute(this::run);
        return mine;
    }

    private void run() {
        while (true) {
            CompletableFuture<Void> waiting;
            synchronized (this) {
                waiting = next;
                next = null;
                running = waiting != null;
            }
            if (waiting == null) {
                return;
            }
            write.run();
            waiting.complete(null);
        }
    }
}
