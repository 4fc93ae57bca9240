package io.ottla.console.lag;

import java.time.Duration;

/** Whether work that goes on is still wanted. Thread-safe. */
interface Attention {
    boolean isThere();

    /**
     * Lets some time pass, or less where nobody wants the work any more.
     *
     * @return whether somebody still does
     */
    boolean isThereAfter(Duration pause) throws InterruptedException;
}
