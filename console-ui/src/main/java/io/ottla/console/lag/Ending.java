package io.ottla.console.lag;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Wanted until it is ended. */
final class Ending implements Attention {
    private final CountDownLatch ended = new CountDownLatch(1);

    void end() {
        ended.countDown();
    }

    @Override
    public boolean isThere() {
        return ended.getCount() > 0;
    }

    @Override
    public boolean isThereAfter(Duration pause) throws InterruptedException {
        return !ended.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    }
}
