package io.ottla.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

class OwnApiTest {
    private static final int EXPANSION = 64;
    private final FrameEncoder encoder = new FrameEncoder(ByteBufAllocator.DEFAULT);

    @Test
    void shouldGiveEveryApiAPlaceOfItsOwn() {
        boolean[] taken = new boolean[Api.SLOTS];
        for (ApiKeys key : ApiKeys.values()) {
            take(taken, Api.of(key), key.id);
        }
        for (OwnApi own : OwnApi.values()) {
            take(taken, own, own.id());
        }
        for (short none : new short[] {-1, Short.MIN_VALUE, 19_999, (short) (OwnApi.FIRST_ID + OwnApi.SLOTS), 32_767}) {
            assertThat(Api.forId(none)).isNull();
            assertThat(Api.slot(none)).isEqualTo(-1);
        }
    }

    private static void take(boolean[] taken, Api api, short id) {
        assertThat(api.id()).isEqualTo(id);
        assertThat(Api.forId(id)).isSameAs(api);
        assertThat(Api.slot(id)).isEqualTo(api.slot());
        assertThat(taken[api.slot()]).isFalse();
        taken[api.slot()] = true;
    }

    @Test
    void shouldReadARequestAsItWasWritten() {
        // given
        MetadataPollRequest asked = new MetadataPollRequest(7, 1L << 40, new Uuid(3, 4), 1000)
                .known(12, 345)
                .applied(11, -1)
                .leaving(true, 99)
                .gathered(13, 346, 2);
        ByteBuf frame = joined(encoder.request(OwnApi.METADATA_POLL.id(), (short) 0, 5, (short) 2, "broker-7", asked));

        // when
        BoundedReadable reader = new BoundedReadable().over(frame.skipBytes(4), EXPANSION);
        RequestHeader header = new RequestHeaderDecoder().decode(reader);
        MetadataPollRequest read = (MetadataPollRequest) Requests.request(header.api(), (short) 0, reader);

        // then
        assertThat(header)
                .isEqualTo(new RequestHeader((short) 20_000, (short) 0, 5, "broker-7", OwnApi.METADATA_POLL, true));
        assertThat(header.responseHeaderVersion()).isEqualTo((short) 1);
        assertThat(read.brokerId()).isEqualTo(7);
        assertThat(read.brokerEpoch()).isEqualTo(1L << 40);
        assertThat(read.incarnation()).isEqualTo(new Uuid(3, 4));
        assertThat(read.knownEpoch()).isEqualTo(12);
        assertThat(read.knownNumber()).isEqualTo(345);
        assertThat(read.appliedEpoch()).isEqualTo(11);
        assertThat(read.appliedNumber()).isEqualTo(-1);
        assertThat(read.maxWaitMs()).isEqualTo(1000);
        assertThat(read.leaving()).isTrue();
        assertThat(read.closedUnder()).isEqualTo(99);
        assertThat(read.gatheringEpoch()).isEqualTo(13);
        assertThat(read.gatheringNumber()).isEqualTo(346);
        assertThat(read.gathered()).isEqualTo(2);
        assertThat(reader.remaining()).isZero();
    }

    @Test
    void shouldReadAnAnswerAsItWasWritten() {
        // given  a whole image that is too large to be copied, and steps on it
        byte[] large = new byte[300_000];
        new SplittableRandom(1).nextBytes(large);
        MetadataPollResponse answer = new MetadataPollResponse()
                .of(4, true)
                .whole(17, 3, 2, ByteBuffer.wrap(large))
                .steps(List.of(
                        new MetadataPollResponse.Step(18, ByteBuffer.wrap(new byte[] {1, 2, 3})),
                        new MetadataPollResponse.Step(19, ByteBuffer.allocate(0))));
        ByteBuf frame = joined(encoder.response(5, (short) 1, answer, (short) 0, bytes -> Unpooled.buffer(bytes)));

        // when
        BoundedReadable reader = new BoundedReadable().over(frame.skipBytes(4), EXPANSION);
        assertThat(Requests.responseHeader((short) 1, reader)).isEqualTo(5);
        MetadataPollResponse read = (MetadataPollResponse) Requests.response(OwnApi.METADATA_POLL, (short) 0, reader);

        // then
        assertThat(read.errorCode()).isZero();
        assertThat(read.errorMessage()).isNull();
        assertThat(read.controllerEpoch()).isEqualTo(4);
        assertThat(read.wholeNumber()).isEqualTo(17);
        assertThat(read.whole()).isEqualTo(ByteBuffer.wrap(large));
        assertThat(read.parts()).isEqualTo(3);
        assertThat(read.part()).isEqualTo(2);
        assertThat(read.steps()).isEqualTo(answer.steps());
        assertThat(read.mayLeave()).isTrue();
        assertThat(reader.remaining()).isZero();
    }

    @Test
    void shouldReadFiguresAsTheyWereWritten() {
        // given
        FiguresRequest asked = new FiguresRequest(List.of("in_total", "size"), List.of("t"));
        FiguresResponse told = new FiguresResponse(
                "1.2.3",
                1L << 40,
                List.of(
                        new FiguresResponse.Series("in_total", List.of("topic", "t"), 1e9),
                        new FiguresResponse.Series("size", List.of(), Double.NaN)));

        // when
        ByteBuf question = Unpooled.buffer();
        asked.writeFields(new FrameWriter(question, 0), (short) 0);
        FiguresRequest read = (FiguresRequest)
                Requests.request(OwnApi.FIGURES, (short) 0, new BoundedReadable().over(question, EXPANSION));
        ByteBuf answer = Unpooled.buffer();
        told.writeFields(new FrameWriter(answer, 0), (short) 0);
        FiguresResponse heard = (FiguresResponse)
                Requests.response(OwnApi.FIGURES, (short) 0, new BoundedReadable().over(answer, EXPANSION));

        // then
        assertThat(read.names()).isEqualTo(asked.names());
        assertThat(read.topics()).isEqualTo(asked.topics());
        assertThat(heard.softwareVersion()).isEqualTo("1.2.3");
        assertThat(heard.cpuNs()).isEqualTo(1L << 40);
        assertThat(heard.series()).isEqualTo(told.series());
    }

    @Test
    void shouldReadLostReplicasAsTheyWereWritten() {
        // given
        LostReplicasRequest asked = new LostReplicasRequest(
                7, 1L << 40, List.of(new LostReplicasRequest.Replica(new Uuid(3, 4), "t", 5, 6, (byte) 1)));
        ByteBuf frame = joined(encoder.request(OwnApi.LOST_REPLICAS.id(), (short) 0, 5, (short) 2, "broker-7", asked));

        // when
        BoundedReadable reader = new BoundedReadable().over(frame.skipBytes(4), EXPANSION);
        RequestHeader header = new RequestHeaderDecoder().decode(reader);
        LostReplicasRequest read = (LostReplicasRequest) Requests.request(header.api(), (short) 0, reader);

        // then
        assertThat(read.brokerId()).isEqualTo(7);
        assertThat(read.brokerEpoch()).isEqualTo(1L << 40);
        assertThat(read.replicas()).isEqualTo(asked.replicas());
        assertThat(reader.remaining()).isZero();

        // when
        ByteBuf bytes = Unpooled.buffer();
        new VerdictResponse(OwnApi.LOST_REPLICAS, (short) 41, "so it is")
                .writeFields(new FrameWriter(bytes, 0), (short) 0);
        VerdictResponse answer = (VerdictResponse)
                Requests.response(OwnApi.LOST_REPLICAS, (short) 0, new BoundedReadable().over(bytes, EXPANSION));

        // then
        assertThat(answer.errorCode()).isEqualTo((short) 41);
        assertThat(answer.errorMessage()).isEqualTo("so it is");
    }

    @Test
    void shouldReadRenewedSecretsAsTheyWereWrittenAndShowNone() {
        // given
        RenewedSecretsRequest asked = new RenewedSecretsRequest(7, Map.of("ssl.key.password", "hunter2", "b", ""));
        ByteBuf bytes = Unpooled.buffer();
        asked.writeFields(new FrameWriter(bytes, 0), (short) 0);

        // when
        RenewedSecretsRequest read = (RenewedSecretsRequest)
                Requests.request(OwnApi.RENEWED_SECRETS, (short) 0, new BoundedReadable().over(bytes, EXPANSION));

        // then
        assertThat(read.brokerId()).isEqualTo(7);
        assertThat(read.values()).isEqualTo(asked.values());
        assertThat(read.toString()).contains("ssl.key.password").doesNotContain("hunter2");
    }

    @Test
    void shouldStepOverFieldsOfALaterRelease() {
        // given  a request with a tagged field that nobody here knows
        SizeCounter size = new SizeCounter();
        MetadataPollRequest asked = new MetadataPollRequest(7, 8, new Uuid(3, 4), 1000).known(1, 2);
        asked.writeFields(size, (short) 0);
        ByteBuf bytes = Unpooled.buffer();
        FrameWriter writer = new FrameWriter(bytes, 0);
        asked.writeFields(writer, (short) 0);
        bytes.writerIndex(bytes.writerIndex() - 1);
        writer.writeUnsignedVarint(1);
        writer.writeUnsignedVarint(42);
        writer.writeUnsignedVarint(3);
        writer.writeByteArray(new byte[] {9, 9, 9});

        // when, then
        BoundedReadable reader = new BoundedReadable().over(bytes, EXPANSION);
        MetadataPollRequest read = (MetadataPollRequest) Requests.request(OwnApi.METADATA_POLL, (short) 0, reader);
        assertThat(read.knownNumber()).isEqualTo(2);
        assertThat(reader.remaining()).isZero();
        assertThat(size.copied() + size.uncopied()).isEqualTo(bytes.writerIndex() - 5);
    }

    @Test
    void shouldMakeNothingForStepsThatAreNotThere() {
        ByteBuf bytes = Unpooled.buffer();
        FrameWriter writer = new FrameWriter(bytes, 0);
        new MetadataPollResponse().writeFields(writer, (short) 0);
        // error, message, epoch, number and parts come before: 2 + 1 + 4 + 8 + 4 + 4, and no image
        bytes.writerIndex(24);
        writer.writeUnsignedVarint(1_000_000_000);
        assertThatThrownBy(() -> Requests.response(
                        OwnApi.METADATA_POLL, (short) 0, new BoundedReadable().over(bytes, EXPANSION)))
                .isInstanceOf(MalformedFrame.class)
                .hasMessageContaining("elements");
    }

    @Test
    void shouldSurviveAnyBytes() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(120)];
            random.nextBytes(bytes);
            readOrRefuse(bytes);
        }
    }

    private static void readOrRefuse(byte[] bytes) {
        for (OwnApi api : OwnApi.values()) {
            try {
                Requests.request(api, (short) 0, new BoundedReadable().over(Unpooled.wrappedBuffer(bytes), EXPANSION));
            } catch (MalformedFrame refused) {
                assertThat(refused).hasMessageContaining("Expected");
            }
            try {
                Requests.response(api, (short) 0, new BoundedReadable().over(Unpooled.wrappedBuffer(bytes), EXPANSION));
            } catch (MalformedFrame refused) {
                assertThat(refused).hasMessageContaining("Expected");
            }
        }
    }

    private static ByteBuf joined(EncodedFrame frame) {
        if (frame == null) {
            throw new IllegalStateException("Expected a frame of its own");
        }
        ByteBuf all = Unpooled.buffer();
        for (EncodedFrame.Part part : frame.parts()) {
            all.writeBytes(((EncodedFrame.Part.Bytes) part).content());
        }
        frame.release();
        return all;
    }
}
