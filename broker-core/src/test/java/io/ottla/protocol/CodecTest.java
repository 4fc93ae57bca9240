package io.ottla.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every API in every stable version goes through our codec as through kafka-clients' own. */
class CodecTest {
    private static final int TRIES = 12;

    private final FrameEncoder encoder = new FrameEncoder(UnpooledByteBufAllocator.DEFAULT);

    static Stream<TestingMessages.Version> versions() {
        return TestingMessages.all();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void shouldDecodeAndEncodeRequestsAsKafkaDoes(TestingMessages.Version api) {
        for (int seed = 0; seed < TRIES; seed++) {
            // given  a request with every field of the version, without and with tagged fields that nobody knows
            byte[] body = TestingMessages.random(api.request(), new Random(seed), null);
            byte[] newer = TestingMessages.random(api.request(), new Random(seed), new Random(seed));
            ApiMessage expected = api.key().messageType.newRequest();
            expected.read(new ByteBufferAccessor(ByteBuffer.wrap(body)), api.version());

            // when   we decode it, then   it is what kafka-clients reads
            BoundedReadable reader = new BoundedReadable().over(Unpooled.wrappedBuffer(newer), 4);
            ApiMessage decoded = Requests.request(Api.of(api.key()), api.version(), reader);
            assertThat(decoded).isEqualTo(expected);
            assertThat(reader.remaining()).isZero();
            assertThat(decoded.unknownTaggedFields()).isEmpty();

            // and    what we encode is read the same by both, header included
            short headerVersion = api.key().requestHeaderVersion(api.version());
            ByteBuf frame =
                    joined(encoder.request(api.key().id, api.version(), seed, headerVersion, "client", expected));
            reader.over(frame, 4);
            RequestHeader header = new RequestHeaderDecoder().decode(frame, reader);
            assertThat(header)
                    .isEqualTo(new RequestHeader(
                            api.key().id,
                            api.version(),
                            seed,
                            headerVersion == 0 ? null : "client",
                            Api.of(api.key()),
                            true));
            ApiMessage again = api.key().messageType.newRequest();
            again.read(new ByteBufferAccessor(frame.nioBuffer(reader.index(), reader.remaining())), api.version());
            assertThat(again).isEqualTo(expected);
            assertThat(Requests.request(Api.of(api.key()), api.version(), reader))
                    .isEqualTo(expected);
            assertThat(reader.remaining()).isZero();
            frame.release();
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void shouldDecodeAndEncodeAnswersAsKafkaDoes(TestingMessages.Version api) {
        for (int seed = 0; seed < TRIES; seed++) {
            // given  an answer with every field of the version
            byte[] body = TestingMessages.random(api.response(), new Random(seed), null);
            ApiMessage expected = api.key().messageType.newResponse();
            expected.read(new ByteBufferAccessor(ByteBuffer.wrap(body)), api.version());

            // when   we encode it
            short headerVersion = api.key().responseHeaderVersion(api.version());
            ByteBuf frame = joined(response(encoder, 77 + seed, headerVersion, expected, api.version()));

            // then   kafka-clients and we read it the same
            BoundedReadable reader = new BoundedReadable().over(frame, 4);
            assertThat(Requests.responseHeader(headerVersion, reader)).isEqualTo(77 + seed);
            ApiMessage theirs = api.key().messageType.newResponse();
            theirs.read(new ByteBufferAccessor(frame.nioBuffer(reader.index(), reader.remaining())), api.version());
            assertThat(theirs).isEqualTo(expected);
            assertThat(Requests.response(Api.of(api.key()), api.version(), reader))
                    .isEqualTo(expected);
            assertThat(reader.remaining()).isZero();
            frame.release();
        }
    }

    @Test
    void shouldAnswerApiVersionsWithHeaderVersionZeroAlways() {
        // given  a request for a version of ApiVersions that does not exist yet
        ByteBuf frame =
                Unpooled.buffer().writeShort(18).writeShort(99).writeInt(5).writeZero(20);

        // when   its header is read
        RequestHeader header = new RequestHeaderDecoder().decode(frame, new BoundedReadable().over(frame, 4));

        // then   it is known as one that wants the old answer
        assertThat(header.isKnown()).isFalse();
        assertThat(header.asksForUnknownApiVersions()).isTrue();
        assertThat(header.correlationId()).isEqualTo(5);
        assertThat(header.responseHeaderVersion()).isZero();
        ByteBuf answer = joined(
                response(encoder, 5, (short) 0, new ApiVersionsResponseData().setErrorCode((short) 35), (short) 0));
        assertThat(ByteBufUtil.hexDump(answer)).isEqualTo("00000005" + "0023" + "00000000");
        ByteBuf known = joined(encoder.request(
                (short) 18,
                (short) 4,
                6,
                (short) 2,
                null,
                new ApiVersionsRequestData().setClientSoftwareName("a").setClientSoftwareVersion("1")));
        assertThat(new RequestHeaderDecoder()
                        .decode(known, new BoundedReadable().over(known, 4))
                        .responseHeaderVersion())
                .isZero();
    }

    @Test
    void shouldNotKnowKeysAndVersionsThatDoNotExist() {
        for (int[] pair : new int[][] {{0, 99}, {0, -1}, {0, 2}, {9999, 0}, {-5, 0}, {4, 0}, {7, 0}}) {
            ByteBuf frame =
                    Unpooled.buffer().writeShort(pair[0]).writeShort(pair[1]).writeInt(5);
            RequestHeader header = new RequestHeaderDecoder().decode(frame, new BoundedReadable().over(frame, 4));
            assertThat(header.isKnown()).as(pair[0] + "-v" + pair[1]).isFalse();
            assertThat(header.asksForUnknownApiVersions()).isFalse();
        }
        ByteBuf torn = Unpooled.buffer().writeShort(0).writeShort(9).writeShort(1);
        assertThatThrownBy(() -> new RequestHeaderDecoder().decode(torn, new BoundedReadable().over(torn, 4)))
                .isInstanceOf(MalformedFrame.class)
                .hasMessageContaining("2 left");
    }

    @Test
    void shouldMakeAClientIdOnlyWhenItChanges() {
        RequestHeaderDecoder decoder = new RequestHeaderDecoder();
        String first = clientId(decoder, "alpha");
        assertThat(clientId(decoder, "alpha")).isSameAs(first);
        assertThat(clientId(decoder, "alphb")).isEqualTo("alphb");
        assertThat(clientId(decoder, null)).isNull();
        assertThat(clientId(decoder, "")).isEmpty();
        assertThat(clientId(decoder, "alpha")).isEqualTo("alpha");
    }

    private String clientId(RequestHeaderDecoder decoder, String clientId) {
        ByteBuf frame =
                joined(encoder.request((short) 3, (short) 12, 1, (short) 2, clientId, new MetadataRequestData()));
        return decoder.decode(frame, new BoundedReadable().over(frame, 4)).clientId();
    }

    @Test
    void shouldLookAtRecordsInTheFrame() {
        // given  a produce request in a frame
        ProduceRequestData request = new ProduceRequestData();
        ProduceRequestData.TopicProduceData topic = new ProduceRequestData.TopicProduceData().setName("t");
        topic.partitionData()
                .add(new ProduceRequestData.PartitionProduceData()
                        .setRecords(MemoryRecords.readableRecords(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}))));
        request.topicData().add(topic);
        ByteBuf frame = joined(encoder.request((short) 0, (short) 9, 1, (short) 2, "c", request));

        // when   it is decoded and the frame's bytes change
        BoundedReadable reader = new BoundedReadable().over(frame, 4);
        new RequestHeaderDecoder().decode(frame, reader);
        ProduceRequestData decoded = (ProduceRequestData) Requests.request(Api.of(ApiKeys.PRODUCE), (short) 9, reader);
        MemoryRecords records = (MemoryRecords)
                decoded.topicData().iterator().next().partitionData().get(0).records();
        int at = ByteBufUtil.indexOf(Unpooled.wrappedBuffer(new byte[] {1, 2, 3, 4}), frame);
        frame.setByte(at, 9);

        // then   the records change with them
        assertThat(records.buffer().get(0)).isEqualTo((byte) 9);
        assertThat(records.buffer().remaining()).isEqualTo(4);
    }

    @Test
    void shouldLeaveGapsForDeferredRecordsAndCopySmallOnes() {
        // given  a fetch answer of two small partitions, one large and one in memory
        TestingDeferredRecords small = new TestingDeferredRecords(100, true, 1);
        TestingDeferredRecords cold = new TestingDeferredRecords(100, false, 2);
        TestingDeferredRecords large = new TestingDeferredRecords(100_000, true, 3);
        MemoryRecords inMemory = MemoryRecords.readableRecords(ByteBuffer.wrap(new byte[300]));
        MemoryRecords largeInMemory = MemoryRecords.readableRecords(ByteBuffer.wrap(new byte[70_000]));
        FetchResponseData answer = new FetchResponseData();
        FetchResponseData.FetchableTopicResponse topic = new FetchResponseData.FetchableTopicResponse();
        answer.responses().add(topic);
        for (var records : List.of(small, cold, large, inMemory, largeInMemory)) {
            topic.partitions()
                    .add(new FetchResponseData.PartitionData()
                            .setPartitionIndex(topic.partitions().size())
                            .setRecords(records));
        }

        // when   it is encoded
        PooledByteBufAllocator pool = new PooledByteBufAllocator(true);
        EncodedFrame frame = response(new FrameEncoder(pool), 1, (short) 1, answer, (short) 17);

        // then   the small one and the one in memory are copied; the others are parts
        List<String> parts = frame.parts().stream()
                .map(part -> switch (part) {
                    case EncodedFrame.Part.Bytes bytes ->
                        "bytes" + (bytes.content().readableBytes() == 70_000 ? "*" : "");
                    case EncodedFrame.Part.Deferred deferred ->
                        "deferred" + deferred.records().sizeInBytes();
                })
                .toList();
        assertThat(parts)
                .containsExactly("bytes", "deferred100", "bytes", "deferred100000", "bytes", "bytes*", "bytes");
        assertThat(small.released).isEqualTo(1);
        assertThat(cold.released).isZero();
        assertThat(frame.asSingleBuffer()).isNull();

        // and    together they are the frame
        int size = frame.sizeInBytes();
        ByteBuf whole = joined(frame);
        assertThat(whole.readableBytes() + 4).isEqualTo(size);
        BoundedReadable reader = new BoundedReadable().over(whole, 4);
        Requests.responseHeader((short) 1, reader);
        FetchResponseData decoded = (FetchResponseData) Requests.response(Api.of(ApiKeys.FETCH), (short) 17, reader);
        List<FetchResponseData.PartitionData> partitions =
                decoded.responses().get(0).partitions();
        assertThat(((MemoryRecords) partitions.get(1).records()).buffer().get(99))
                .isEqualTo((byte) 2);
        assertThat(((MemoryRecords) partitions.get(2).records()).buffer().get(99_999))
                .isEqualTo((byte) 3);
        assertThat(partitions.get(4).records().sizeInBytes()).isEqualTo(70_000);

        // and    nothing leaks
        assertThat(cold.released).isEqualTo(1);
        assertThat(large.released).isEqualTo(1);
        assertThat(pool.pinnedDirectMemory()).isZero();
    }

    @Test
    void shouldGiveBackMemoryWhereRecordsCannotBeRead() {
        // given  records whose file fails
        FetchResponseData answer = new FetchResponseData();
        FetchResponseData.FetchableTopicResponse topic = new FetchResponseData.FetchableTopicResponse();
        answer.responses().add(topic);
        topic.partitions()
                .add(new FetchResponseData.PartitionData().setRecords(new TestingDeferredRecords(9, false, 1)));
        topic.partitions()
                .add(new FetchResponseData.PartitionData().setRecords(new TestingDeferredRecords(9, true, -1)));
        PooledByteBufAllocator pool = new PooledByteBufAllocator(true);

        // when   they are encoded, then   the failure comes out and no memory stays
        assertThatThrownBy(() -> response(new FrameEncoder(pool), 1, (short) 1, answer, (short) 17))
                .isInstanceOf(UncheckedIOException.class);
        assertThat(pool.pinnedDirectMemory()).isZero();
    }

    /** The answer as a frame, also where it was written into the room that its caller gave. */
    private static EncodedFrame response(
            FrameEncoder encoder, int correlationId, short headerVersion, ApiMessage answer, short version) {
        ByteBuf room = Unpooled.buffer();
        room.writeByte(42); // of the answer before
        EncodedFrame frame = encoder.response(correlationId, headerVersion, answer, version, bytes -> {
            room.ensureWritable(bytes);
            return room;
        });
        if (frame != null) {
            assertThat(room.readableBytes()).isOne();
            return frame;
        }
        assertThat(room.readByte()).isEqualTo((byte) 42);
        return new EncodedFrame(List.of(new EncodedFrame.Part.Bytes(room)), room.readableBytes());
    }

    /** Sends a frame into one buffer, checks its length field, and takes that off. */
    static ByteBuf joined(EncodedFrame frame) {
        ByteBuf whole = Unpooled.buffer(frame.sizeInBytes());
        for (EncodedFrame.Part part : frame.parts()) {
            switch (part) {
                case EncodedFrame.Part.Bytes bytes -> whole.writeBytes(bytes.content());
                case EncodedFrame.Part.Deferred deferred -> {
                    ByteBuffer target = ByteBuffer.allocate(deferred.records().sizeInBytes());
                    deferred.records().copyTo(target);
                    whole.writeBytes(target.flip());
                }
            }
        }
        frame.release();
        assertThat(whole.readInt()).isEqualTo(whole.readableBytes());
        return whole.discardReadBytes();
    }
}
