package io.ottla.coordinator.transaction;

import io.ottla.types.TopicPartition;
import java.util.SortedSet;

/** A transaction whose end is decided, and the partitions that are to be told. */
record EndedTransaction(TransactionMarker marker, SortedSet<TopicPartition> partitions) {}
