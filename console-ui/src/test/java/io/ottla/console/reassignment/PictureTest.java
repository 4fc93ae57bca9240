package io.ottla.console.reassignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.console.moves.Assignment;
import io.ottla.console.moves.Distribution;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PictureTest {
    private final Map<TopicPartition, List<Integer>> replicas = new HashMap<>();

    private PictureTest with(String topic, int partitions) {
        for (int id = 0; id < partitions; id++) {
            replicas.put(new TopicPartition(topic, id), List.of(1, 2));
        }
        return this;
    }

    private Distribution distribution() {
        return Distribution.of(new Assignment(replicas), Set.of(1, 2, 3));
    }

    private Picture picture() {
        return Picture.of(distribution(), (at, broker) -> false);
    }

    @Test
    void shouldNameEachTopicWhereItBegins() {
        // when
        Picture picture = with("orders", 8).with("payments", 9).picture();

        // then
        assertThat(picture.topics())
                .extracting(PictureNames.Name::text, PictureNames.Name::angle)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("orders", 0),
                        org.assertj.core.groups.Tuple.tuple("payments", 0));
        int first = picture.lines().getFirst().cells().getFirst().x();
        int ninth = picture.lines().getFirst().cells().get(8).x();
        assertThat(picture.topics()).extracting(PictureNames.Name::x).containsExactly(first, ninth);
        assertThat(picture.numbersY()).isLessThan(picture.lines().getFirst().y());
        assertThat(picture.topics().getFirst().y()).isLessThan(picture.numbersY());
    }

    @Test
    void shouldLetNamesRiseThatHaveNoRoomToLie() {
        // when
        Picture picture = with("a-topic-with-a-name-as-long-as-they-come", 1)
                .with("b", 1)
                .with("payments", 2)
                .picture();

        // then   all are there, cut where they are long, inside the picture
        assertThat(picture.topics())
                .allSatisfy(name -> assertThat(name.angle()).isNegative())
                .extracting(PictureNames.Name::text)
                .containsExactly("a-topic-with-a-name-as-…", "b", "payments");
        assertThat(picture.topics().getFirst().topic()).isEqualTo("a-topic-with-a-name-as-long-as-they-come");
        assertThat(picture.width()).isGreaterThan(picture.topics().getFirst().x() + 24 * 3);
        assertThat(picture.height()).isGreaterThan(24 * 3);
    }

    @Test
    void shouldNotNameTheOnlyTopicOfAPage() {
        Picture picture = Picture.ofOne(with("orders", 1).distribution());

        assertThat(picture.topics()).isEmpty();
        assertThat(picture.lines().getFirst().y()).isLessThan(24);
    }
}
