package io.ottla.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockHound;

class PartitionLockTest {
    @Test
    void shouldLetAnEventLoopWaitForIt() {
        BlockHound.install();
        MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            // given  somebody at an append
            PartitionLock lock = new PartitionLock();
            lock.lock();
            var waiting = loops.submit(() -> {
                lock.lock();
                lock.unlock();
            });
            await().until(lock::hasQueuedThreads);

            // when
            lock.unlock();

            // then   the loop goes on
            assertThat(waiting.awaitUninterruptibly(10, TimeUnit.SECONDS)).isTrue();
            assertThat(waiting.isSuccess()).isTrue();
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
