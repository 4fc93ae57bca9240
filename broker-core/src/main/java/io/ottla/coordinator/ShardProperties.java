package io.ottla.coordinator;

import io.ottla.record.Codec;

/**
 * How shards of a kind write and load.
 *
 * @param codec of their batches
 * @param commitTimeoutMs how long an answer waits for the high watermark, milliseconds, more than 0
 * @param loadBufferBytes how much of a log is read at a time, more than 0
 */
public record ShardProperties(Codec codec, int commitTimeoutMs, int loadBufferBytes) {}
