package io.ottla.console.lag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class SampleCodecTest {
    /** Any sample, whatever is in it. */
    @RepeatedTest(50)
    void shouldReadWhatItWrote(RepetitionInfo repetition) {
        // given
        Random random = new Random(repetition.getCurrentRepetition());
        Map<GroupKey, GroupFigures> groups = new TreeMap<>();
        int count = random.nextInt(4_000);
        for (int i = 0; i < count; i++) {
            GroupKey key = i % 3 == 0 ? GroupKey.inZooKeeper("group-Ä-" + i) : GroupKey.of("group-Ä-" + i);
            groups.put(key, figures(key, random));
        }
        Sample sample = random.nextBoolean()
                ? Sample.whole(random.nextLong(), groups)
                : new Sample(
                        random.nextLong(),
                        false,
                        List.copyOf(groups.values()),
                        List.of(GroupKey.of("gone"), GroupKey.inZooKeeper("gone")));

        // when
        List<byte[]> records = SampleCodec.encode(sample);

        // then
        List<GroupFigures> read = new ArrayList<>();
        List<GroupKey> gone = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            assertThat(records.get(i).length).isLessThan(SampleCodec.CHUNK_BYTES * 2);
            SampleCodec.Chunk chunk = SampleCodec.decode(ByteBuffer.wrap(records.get(i)));
            assertThat(chunk.first()).isEqualTo(i == 0);
            assertThat(chunk.last()).isEqualTo(i == records.size() - 1);
            assertThat(chunk.sample().whole()).isEqualTo(sample.whole());
            assertThat(chunk.sample().atMs()).isEqualTo(sample.atMs());
            read.addAll(chunk.sample().groups());
            gone.addAll(chunk.sample().gone());
        }
        assertThat(read).isEqualTo(sample.groups());
        assertThat(gone).isEqualTo(sample.gone());
    }

    private static GroupFigures figures(GroupKey group, Random random) {
        List<TopicFigures> topics = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            topics.add(new TopicFigures(
                    "topic-" + i,
                    random.nextInt(1_000),
                    random.nextLong(Long.MAX_VALUE),
                    random.nextLong(1L << random.nextInt(1, 40))));
        }
        return new GroupFigures(group, random.nextInt(-1, 100), topics);
    }

    @Test
    void shouldRefuseWhatIsNoSample() {
        byte[] record = SampleCodec.encode(new Sample(
                        1, false, List.of(figures(GroupKey.of("g"), new Random(7))), List.of(GroupKey.of("x"))))
                .getFirst();

        for (int length = 0; length < record.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOf(record, length));
            assertThatIllegalArgumentException().isThrownBy(() -> SampleCodec.decode(cut));
        }
        record[0] = 9;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SampleCodec.decode(ByteBuffer.wrap(record)))
                .withMessageContaining("version 1, but got 9");
    }

    @Test
    void shouldSayOnlyWhatChanged() {
        // given
        GroupKey keptKey = GroupKey.of("same");
        GroupKey movedKey = GroupKey.inZooKeeper("moved");
        GroupKey madeKey = GroupKey.of("new");
        // One of that name is elsewhere, and stays.
        GroupKey goneKey = GroupKey.inZooKeeper("same");
        GroupFigures same = new GroupFigures(keptKey, 1, List.of(new TopicFigures("t", 1, 5, 0)));
        GroupFigures moved = new GroupFigures(movedKey, 1, List.of(new TopicFigures("t", 1, 5, 3)));
        GroupFigures further = new GroupFigures(movedKey, 1, List.of(new TopicFigures("t", 1, 8, 0)));
        GroupFigures made = new GroupFigures(madeKey, -1, List.of());

        // when
        Sample sample = Sample.between(
                Map.of(keptKey, same, movedKey, moved, goneKey, same),
                Map.of(keptKey, same, movedKey, further, madeKey, made),
                7);

        // then
        assertThat(sample.groups()).containsExactlyInAnyOrder(further, made);
        assertThat(sample.gone()).containsExactly(goneKey);
        assertThat(Sample.between(Map.of(keptKey, same), Map.of(keptKey, same), 8)
                        .isEmpty())
                .isTrue();
    }
}
