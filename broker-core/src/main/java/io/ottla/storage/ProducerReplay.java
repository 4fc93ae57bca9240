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
        learn(log, log.producers, log.segments, log.end.offset());
        log.producers.replicated(log.highWatermark);
        log.publishProducers();
    }

    /** The states as they were when the log ended at the offset, where a segment begins. */
    static ProducerStates at(LogState log, LogSegment[] segments, long offset) throws IOException {
        ProducerStates states;
        log.writeLock.lock();
        try {
            states = log.producers.likewise();
        } finally {
            log.writeLock.unlock();
        }
        learn(log, states, segments, offset);
        return states;
    }

    private static void learn(LogState log, ProducerStates states, LogSegment[] segments, long end) throws IOException {
        long now = log.folder.clock().wallMs();
        OptionalLong snapshot = log.snapshots.restore(states, segments[0].baseOffset(), end, now);
        long from = snapshot.orElse(
                0); // also what lies before the log's start: a marker there ends what the snapshot tells of
        long batches = 0;
        for (int i = LogState.floor(segments, from);
                i < segments.length && from < end && segments[i].baseOffset() < end;
                i++) {
            batches += replay(log, states, segments[i], from);
        }
        if (batches > 0) {
            LOG.debug(
                    "Read {} batches of {} from offset {} for its producers' states",
                    batches,
                    log.topicPartition,
                    from);
        }
        states.expire(now);
    }

    private static long replay(LogState log, ProducerStates states, LogSegment segment, long from) throws IOException {
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
            states.apply(scanner.batch());
            batches++;
        }
        return batches;
    }
}
