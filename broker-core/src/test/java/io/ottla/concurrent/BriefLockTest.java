package io.ottla.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockHound;

class BriefLockTest {
    @Test
    void shouldLetAnEventLoopWaitForIt() {
        BlockHound.install();
        MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            BriefLock lock = new BriefLock();
            var waiting = loops.next().newPromise();
            // given  somebody at an append
            lock.lock();
            try {
                // when   a loop wants the lock, and gets it later
                loops.execute(() -> {
                    try {
                        lock.lock();
                        try {
                            waiting.setSuccess(null);
                        } finally {
                            lock.unlock();
                        }
                    } catch (Error blocked) {
                        waiting.setFailure(blocked);
                    }
                });
                await().until(() -> lock.hasQueuedThreads() || waiting.isDone());
            } finally {
                lock.unlock();
            }

            // then   the loop goes on
            assertThat(waiting.awaitUninterruptibly(10, TimeUnit.SECONDS)).isTrue();
            assertThat(waiting.isSuccess()).isTrue();
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
