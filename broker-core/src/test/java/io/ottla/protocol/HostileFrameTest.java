package io.ottla.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.types.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Frames that lie about their content (CVE-2026-111108, CVE-2026-111115): nothing but {@link MalformedFrame} comes out,
 * and memory stays in proportion to the frame.
 */
@Timeout(30)
class HostileFrameTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int EXPANSION = 4;

    static Stream<TestingMessages.Version> versions() {
        return TestingMessages.all();
    }

    /** The oldest and the newest of each API. */
    static Stream<TestingMessages.Version> edges() {
        return TestingMessages.all()
                .filter(api -> api.version() == api.key().oldestVersion()
                        || api.version() == api.key().latestVersion());
    }

    @ParameterizedTest
    @MethodSource("versions")
    void shouldBelieveNoLength(TestingMessages.Version api) {
        Schema schema = api.request();
        int lengths = TestingMessages.lengths(schema);
        for (int at = 0; at < lengths; at++) {
            for (long lie : new long[] {Integer.MAX_VALUE, Integer.MAX_VALUE - 1L, 1_000_000, 100_000, 65_000, -2}) {
                // given  a request whose length at one place lies, and 30,000 zeros behind it
                byte[] head = TestingMessages.lying(schema, at, lie);
                ByteBuf frame = Unpooled.wrappedBuffer(new byte[head.length + 30_000]);
                frame.setBytes(0, head);

                // when   it is decoded
                long before = THREADS.getCurrentThreadAllocatedBytes();
                boolean malformed = isMalformed(api, frame);
                long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;

                // then   a length that does not fit ends it, and it took less than twice the frame
                assertThat(allocated).as("heap at length " + at + ", " + lie).isLessThan(2L * frame.capacity());
                if (lie > frame.capacity()) {
                    assertThat(malformed)
                            .as("malformed at length " + at + ", " + lie)
                            .isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("edges")
    void shouldBoundWhatManySmallElementsBecome(TestingMessages.Version api) {
        Schema schema = api.request();
        int lengths = TestingMessages.lengths(schema);
        List<String> worst = new ArrayList<>();
        for (int at = 0; at < lengths; at++) {
            byte[] element = TestingMessages.smallestElement(schema, at);
            if (element == null) {
                continue;
            }
            // given  a frame of a million elements that really are there, as small as they can be
            int count = Math.min(1_000_000, (2 << 20) / element.length);
            byte[] head = TestingMessages.lying(schema, at, count);
            ByteBuf frame =
                    Unpooled.buffer(head.length + count * element.length + 64).writeBytes(head);
            for (int i = 0; i < count; i++) {
                frame.writeBytes(element);
            }
            frame.writeZero(64);

            // when   it is decoded
            long before = THREADS.getCurrentThreadAllocatedBytes();
            boolean malformed = isMalformed(api, frame);
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;

            // then   it is refused, or took what a frame of its size may take; the price list is rough by a factor of 3
            long allowed = BoundedReadable.FREE_HEAP_BYTES + (long) EXPANSION * frame.readableBytes();
            if (allocated > 3 * allowed) {
                worst.add("length " + at + ": elements of " + element.length + " bytes became " + allocated / count
                        + " bytes each, " + allocated + " of " + allowed + (malformed ? ", refused" : ""));
            }
        }
        assertThat(worst).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void shouldKeepNoUnknownTags(TestingMessages.Version api) {
        Schema schema = api.request();
        int lengths = TestingMessages.lengths(schema);
        if (api.key().requestHeaderVersion(api.version()) < 2) {
            return;
        }
        // given  a frame that ends in a hundred thousand unknown tags without content
        byte[] head = TestingMessages.lying(schema, lengths - 1, 100_000 - 1);
        ByteBuf frame = Unpooled.buffer(head.length + 200_000).writeBytes(head);
        for (int i = 0; i < 100_000; i++) {
            frame.writeByte(100).writeByte(0);
        }

        // when   it is decoded, not for the first time
        isMalformed(api, frame);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        isMalformed(api, frame);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;

        // then   they leave nothing behind
        assertThat(allocated).isLessThan(64 << 10);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void shouldSurviveRandomBytes(TestingMessages.Version api) {
        Random random = new Random(api.hashCode());
        for (int i = 0; i < 200; i++) {
            // given  noise, or a real request with some bytes changed or its end cut off
            byte[] bytes = TestingMessages.random(api.request(), random, random);
            if (i % 4 == 0 || bytes.length == 0) {
                bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
            }
            for (int n = random.nextInt(4); n > 0 && bytes.length > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            ByteBuf frame =
                    Unpooled.wrappedBuffer(bytes, 0, i % 3 == 0 ? random.nextInt(bytes.length + 1) : bytes.length);

            // when   it is decoded, then   only MalformedFrame may come out
            isMalformed(api, frame);
        }
    }

    @Test
    void shouldSayInItsOwnWordsThatAnArrayDoesNotFit() {
        // given  a request whose array of topics is announced to have a million elements
        ByteBuf frame = Unpooled.buffer().writeInt(1_000_000).writeZero(20);

        // when, then
        assertThatThrownBy(() -> Requests.request(
                        Api.of(ApiKeys.METADATA), (short) 0, new BoundedReadable().over(frame, EXPANSION)))
                .isInstanceOf(MalformedFrame.class)
                .hasMessage(
                        "Expected a Metadata request of version 0, but an array of 1000000 elements does not fit into"
                                + " the 20 bytes left from byte 4 of the frame on");
    }

    private static boolean isMalformed(TestingMessages.Version api, ByteBuf frame) {
        try {
            Requests.request(Api.of(api.key()), api.version(), new BoundedReadable().over(frame, EXPANSION));
            return false;
        } catch (MalformedFrame expected) {
            assertThat(expected.getMessage()).startsWith("Expected").doesNotContain("allocate");
            return true;
        }
    }
}
