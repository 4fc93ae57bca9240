package io.ottla.toolchain;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * What event loops may wait for (DESIGN §4): the locks of a partition and of its log, which nobody holds for longer than an append takes, and
 * that of a pool's queue, which is held for as long as it takes to put a task into it.
 */
public final class AllowedWaits implements BlockHoundIntegration {
    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside("io.ottla.concurrent.BriefLock", "lock");
        builder.allowBlockingCallsInside("java.util.concurrent.ThreadPoolExecutor", "execute");
    }
}
