package io.ottla.console.lag;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GroupKeyTest {
    @Test
    void shouldTellGroupsOfOneNameApartInSamples() {
        // given  names that look like those of the other kind
        List<GroupKey> keys = Stream.of("g", "", "\0", "\0g", "\0\0g", "zookeeper:g")
                .flatMap(id -> Stream.of(GroupKey.of(id), GroupKey.inZooKeeper(id)))
                .filter(key -> !key.isInZooKeeper() || !key.id().startsWith("\0")) // No node has such a name.
                .toList();

        // when, then
        assertThat(keys.stream().map(GroupKey::text)).doesNotHaveDuplicates();
        assertThat(keys.stream().map(GroupKey::text).map(GroupKey::read)).isEqualTo(keys);
        assertThat(GroupKey.of("g").text()).isEqualTo("g");
        assertThat(GroupKey.of("g").other()).isEqualTo(GroupKey.inZooKeeper("g"));
    }
}
