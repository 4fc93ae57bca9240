package io.ottla.console.lag;

/** Where samples are written, in their order. */
interface LagLog extends AutoCloseable {
    /**
     * Returns when the record is there to stay.
     *
     * @throws io.ottla.console.clusters.ClusterFailure when it may not be
     */
    void append(byte[] record);

    @Override
    void close();
}
