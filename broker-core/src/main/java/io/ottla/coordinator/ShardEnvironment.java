package io.ottla.coordinator;

import io.ottla.time.Clock;
import io.ottla.time.Timer;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What shards of a kind share.
 *
 * @param threads for operations, in any order; a shard orders its own
 * @param loaders for reading logs, which blocks
 * @param restart loads a shard again whose state can't be trusted any more
 */
record ShardEnvironment<M extends ShardMachine<R>, R>(
        ShardKind<M, R> kind,
        ShardProperties properties,
        Executor threads,
        Executor loaders,
        Timer timer,
        Clock clock,
        CoordinatorMeter meter,
        Consumer<Shard<M, R>> restart) {}
