package io.ottla.console.clusters;

/**
 * A log folder of a broker.
 *
 * @param totalBytes size of its volume, -1 when the broker does not tell
 * @param usableBytes what is free on its volume, -1 when the broker does not tell
 * @param replicas how many partitions it holds
 * @param logBytes what their logs take
 * @param problem empty, or why it is offline
 */
public record LogFolder(
        int broker, String path, long totalBytes, long usableBytes, int replicas, long logBytes, String problem) {

    /** How full the volume is, 0 to 100, or -1 when that is unknown. */
    public int usedPercent() {
        return totalBytes <= 0 || usableBytes < 0
                ? -1
                : (int) Math.clamp((totalBytes - usableBytes) * 100.0 / totalBytes, 0, 100);
    }
}
