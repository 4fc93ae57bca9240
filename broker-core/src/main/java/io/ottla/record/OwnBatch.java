package io.ottla.record;

import java.nio.ByteBuffer;

/** A batch that this broker has made itself, which needs no check. */
public record OwnBatch(ByteBuffer buffer, int recordCount, long maxTimestamp) implements CheckedBatches {}
