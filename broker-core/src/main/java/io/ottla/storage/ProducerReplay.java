package io.ottla.storage;

import java.io.IOException;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Learns producers' states from a snapshot and the batches after it. Blocks; with both locks. */
final class ProducerReplay {
    private static final Logger LOG = LoggerFactory.getLogger(ProducerReplay.class);

    private ProducerReplay() {}

    /** Makes the states be those at the log's end. */
    static void reload(LogState log) throws IOException {
        log.producers.clear();
        long now = log.folder.clock().wallMs();
        long end = log.end.offset();
        LogSegment[] segments = log.segments;
        OptionalLong snapshot = log.snapshots.restore(log.producers, segments[0].baseOffset(), end, now);
        long from = snapshot.orElse(
                0); // also what lies before the log's start: a marker there ends what the snapshot tells of
        long batches = 0;
        for (int i = LogState.floor(segments, from); i < segments.length && from < end; i++) {
            batches += replay(log, segments[i], from);
        }
        if (batches > 0) {
            LOG.debug(
                    "Read {} batches of {} from offset {} for its producers' states",
                    batches,
                    log.topicPartition,
                    from);
        }
        log.producers.replicated(log.highWatermark);
        log.producers.expire(now);
        log.publishProducers();
    }

    private static long replay(LogState log, LogSegment segment, long from) throws IOException {
        BatchScanner scanner = segment.scan();
        long batches = 0;
        while (scanner.next()) {
            if (scanner.baseOffset() < from
                    || scanner.isLegacy()
                    || !scanner.batch().hasProducerId()) {
                continue;
            }
            if (scanner.batch().isControl() && !scanner.isIntact()) {
                throw new CorruptSegmentException("Expected an intact marker at offset " + scanner.baseOffset() + " of "
                        + log.topicPartition + ", but its checksum does not fit");
            }
            log.producers.apply(scanner.batch());
            batches++;
        }
        return batches;
    }
}
