package io.ottla.console.lag;

/** What is done while somebody looks at a cluster's groups. */
interface WatchWork {
    LagWatch.Source source();

    /**
     * Brings the history up to date until nobody looks any more.
     *
     * @param attention whether somebody still does
     * @param loaded told each time that nothing known to be there is missing
     * @throws InterruptedException when it is to end
     */
    void run(LagHistory history, Attention attention, Runnable loaded) throws InterruptedException;
}
