package io.ottla.toolchain;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * What event loops may wait for (DESIGN §4): the lock of a partition, which nobody holds for longer than an append takes, and
 * that of a pool's queue, which is held for as long as it takes to put a task into it.
 */
public final class AllowedWaits implements BlockHoundIntegration {
    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside("io.ottla.replication.PartitionLock", "lock");
        builder.allowBlockingCallsInside("java.util.concurrent.ThreadPoolExecutor", "execute");
    }
}
