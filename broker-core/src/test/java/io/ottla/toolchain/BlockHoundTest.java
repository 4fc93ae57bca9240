package io.ottla.toolchain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;

/** Proves that BlockHound sees a blocking call on a Netty event loop of this JDK, and lets the loop write a file. */
class BlockHoundTest {
    private static MultiThreadIoEventLoopGroup loops;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        BlockHound.install();
        loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    }

    @AfterAll
    static void stop() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void shouldDetectABlockingCallOnAnEventLoop() throws Exception {
        // given  a call that parks its thread
        // when   an event loop makes it
        Throwable seen = onEventLoop(() -> new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS));

        // then   BlockHound stops it
        assertThat(seen).isInstanceOf(BlockingOperationError.class);
    }

    @Test
    void shouldLetAnEventLoopAppendToAFile() throws Exception {
        // given  a handler that runs to completion, the append to the log included (DESIGN 4.1)
        // when   an event loop writes
        Throwable seen = onEventLoop(() -> {
            try (FileChannel file =
                    FileChannel.open(folder.resolve("log"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                return file.write(ByteBuffer.allocate(16));
            }
        });

        // then   nobody objects
        assertThat(seen).isNull();
    }

    @Test
    void shouldLetOtherThreadsBlock() {
        assertThatCode(() -> new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS))
                .doesNotThrowAnyException();
    }

    private static Throwable onEventLoop(Callable<?> call) throws InterruptedException {
        try {
            loops.submit(call).get();
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }
}
