package io.ottla.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.protocol.Compact;
import io.ottla.protocol.GrowingBytes;
import io.ottla.protocol.MalformedFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ImageCodecPropertyTest {
    @Property(tries = 500)
    void shouldReadAnImageAsItWasWritten(@ForAll long seed) {
        ClusterImage image = new TestingImageMaker(seed).image();
        ByteBuffer bytes = whole(image);
        assertThat(ImageCodec.decode(bytes.duplicate(), image.version())).isEqualTo(image);
    }

    private static ByteBuffer whole(ClusterImage image) {
        List<ByteBuffer> parts = ImageCodec.encode(image);
        assertThat(parts).hasSize(1);
        return parts.getFirst();
    }

    @Property(tries = 500)
    void shouldLeadToTheSameImageByAnyNumberOfParts(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 3_000) int most) {
        ClusterImage image = new TestingImageMaker(seed).image();
        ClusterImage read = ClusterImage.EMPTY;
        for (ByteBuffer part : ImageCodec.encode(image, most)) {
            read = ImageCodec.decode(part).after(read, image.version());
        }
        assertThat(read).isEqualTo(image);
    }

    @Property(tries = 500)
    void shouldKnowHowManyBytesChangesAreAtMost(@ForAll long seed) {
        TestingImageMaker maker = new TestingImageMaker(seed);
        ClusterImage image = maker.image();
        List<MetadataChange> changes = new ArrayList<>(ImageDifference.between(ClusterImage.EMPTY, image));
        changes.add(maker.change(image));
        for (MetadataChange change : changes) {
            assertThat(ChangeSize.bytesAtMost(change))
                    .as("%s", change)
                    .isGreaterThanOrEqualTo(ChangeCodec.encode(List.of(change)).remaining());
        }
    }

    @Example
    void shouldTellAnImageOfAMillionPartitionsInPartsOfFewMegabytes() {
        // given
        ClusterImage image = TestingImageMaker.large(1_000, 1_000, 100);
        // when
        List<ByteBuffer> parts = ImageCodec.encode(image);
        // then
        assertThat(parts).hasSizeBetween(2, 10).allMatch(part -> part.remaining() < 8 << 20);
        ClusterImage read = ClusterImage.EMPTY;
        for (ByteBuffer part : parts) {
            read = ImageCodec.decode(part).after(read, image.version());
        }
        assertThat(read.topics()).isEqualTo(image.topics());
    }

    @Property(tries = 500)
    void shouldLeadWhereTheChangesLed(@ForAll long seed) {
        // given  an image, and what happens to it
        TestingImageMaker maker = new TestingImageMaker(seed);
        ClusterImage before = maker.image();
        ClusterImage after = before;
        List<MetadataChange> changes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            MetadataChange change = maker.change(after);
            changes.add(change);
            after = after.with(change);
        }

        // when, then
        List<MetadataChange> read = ChangeCodec.decode(ChangeCodec.encode(changes));
        assertThat(read).isEqualTo(changes);
        assertThat(before.with(before.version(), read)).isEqualTo(after);
    }

    @Property(tries = 2_000)
    void shouldReadDamagedBytesOrRefuseThem(@ForAll long seed) {
        ClusterImage image = new TestingImageMaker(seed).image();
        ByteBuffer encoded = whole(image);
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        Random random = new Random(seed);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        try {
            ImageCodec.decode(ByteBuffer.wrap(bytes, 0, bytes.length - random.nextInt(2)), image.version());
        } catch (MalformedFrame refused) {
            assertThat(refused).hasMessageContaining("Expected");
        }
    }

    @Example
    void shouldStepOverChangesThatALaterReleaseMakes() {
        // given  three changes, of which the second is of a kind that nobody here knows
        MetadataChange first = new TestingImageMaker(1).change(ClusterImage.EMPTY);
        ByteBuffer bytes = GrowingBytes.of(1000, to -> {
            Compact.writeCount(to, 3);
            ByteBuffer one = ChangeCodec.encode(List.of(first));
            one.get();
            to.writeByteBuffer(one.duplicate());
            to.writeUnsignedVarint(99);
            to.writeUnsignedVarint(4);
            to.writeInt(-1);
            to.writeByteBuffer(one.duplicate());
        });

        // when, then
        assertThat(ChangeCodec.decode(bytes)).containsExactly(first, first);
    }

    @Example
    void shouldRefuseMoreBytesThanAreAllowed() {
        assertThatThrownBy(() -> GrowingBytes.of(1000, to -> to.writeByteArray(new byte[1001])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1000");
    }

    @Example
    void shouldLetEqualListsOfBrokersBeOne() {
        ClusterImage image = TestingImageMaker.large(10, 10, 5);
        ClusterImage read = ImageCodec.decode(whole(image), image.version());
        assertThat(read).isEqualTo(image);
        assertThat(read.topics().values().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .map(partition -> System.identityHashCode(partition.replicas()))
                        .distinct())
                .hasSizeLessThanOrEqualTo(5);
    }

    @Example
    void shouldKeepFiftyThousandPartitionsBelowAMegabyte() {
        ClusterImage image = TestingImageMaker.large(5_000, 10, 100);
        ByteBuffer bytes = whole(image);
        assertThat(bytes.remaining()).isBetween(500_000, 1_000_000);
        assertThat(ImageCodec.decode(bytes, image.version())).isEqualTo(image);
    }
}
