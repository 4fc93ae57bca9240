package io.ottla.coordinator;

import io.ottla.storage.AppendOrigin;
import io.ottla.types.ProducerIdAndEpoch;

/**
 * The transaction of a client by which a shard writes records, or that a marker in its log ends.
 *
 * @param origin the leave to write, or by which version of transactions the marker tells how it ended
 */
record ShardTransaction(ProducerIdAndEpoch producer, AppendOrigin origin) {}
