package io.ottla.console.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ottla.console.clusters.ClusterFailure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreTest {
    private final TestingStore store = new TestingStore();
    private final TestingTime time = new TestingTime();
    private final KnownEntries known = new KnownEntries(store, time);

    @TempDir
    Path folder;

    @Test
    void shouldKeepFilesOfTheOwnerAlone() throws Exception {
        // given
        FileStore files = new FileStore(folder.resolve("state"));
        assertThat(files.names(Folder.PEOPLE)).isEmpty();

        // when
        assertThat(files.create(Folder.PEOPLE, "a@b.c", bytes("one"))).isTrue();
        assertThat(files.create(Folder.PEOPLE, "a@b.c", bytes("two"))).isFalse();
        assertThat(files.update(Folder.PEOPLE, "a@b.c", bytes("three"), 0)).isTrue();
        assertThat(files.update(Folder.PEOPLE, "a@b.c", bytes("four"), 0)).isFalse();

        // then   also for the process that comes after
        FileStore again = new FileStore(folder.resolve("state"));
        assertThat(again.names(Folder.PEOPLE)).containsExactly("a@b.c");
        assertThat(again.read(Folder.PEOPLE, "a@b.c").orElseThrow().version()).isOne();
        assertThat(again.read(Folder.PEOPLE, "a@b.c").orElseThrow().content())
                .asString()
                .isEqualTo("three");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("state/people/a@b.c"))))
                .isEqualTo("rw-------");
        assertThat(again.delete(Folder.PEOPLE, "a@b.c", 0)).isFalse();
        assertThat(again.delete(Folder.PEOPLE, "a@b.c", -1)).isTrue();
        assertThat(again.read(Folder.PEOPLE, "a@b.c")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "a/b", ".new", "a\nb", "ä"})
    void shouldTakeNoNameThatIsMoreThanAName(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FileStore(folder).create(Folder.PEOPLE, name, bytes("x")));
    }

    @Test
    void shouldTakeNoMoreThanAnEntryMayHold() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new FileStore(folder).create(Folder.PEOPLE, "a", new byte[ConsoleStore.MAX_BYTES + 1]));
    }

    @Test
    void shouldAskAgainAfterTwoSecondsAndSeeWhatOthersChanged() {
        // given
        store.create(Folder.PEOPLE, "a", bytes("one"));
        known.find(Folder.PEOPLE, "a");
        store.update(Folder.PEOPLE, "a", bytes("two"), 0);

        // when, then
        assertThat(known.find(Folder.PEOPLE, "a").orElseThrow().content())
                .asString()
                .isEqualTo("one");
        assertThat(store.reads).isOne();
        time.pass(Duration.ofSeconds(2));
        assertThat(known.find(Folder.PEOPLE, "a").orElseThrow().content())
                .asString()
                .isEqualTo("two");
    }

    @Test
    void shouldGoOnWithWhatWasReadLastWhileTheStoreIsAway() {
        // given
        store.create(Folder.PEOPLE, "a", bytes("one"));
        assertThat(known.all(Folder.PEOPLE)).hasSize(1);

        // when
        store.away = true;
        time.pass(Duration.ofHours(3));

        // then
        assertThat(known.find(Folder.PEOPLE, "a")).isPresent();
        assertThat(known.all(Folder.PEOPLE)).hasSize(1);
        assertThatExceptionOfType(ClusterFailure.class).isThrownBy(() -> known.find(Folder.PEOPLE, "b"));
        assertThatExceptionOfType(ClusterFailure.class)
                .isThrownBy(() -> known.create(Folder.PEOPLE, "b", bytes("x")))
                .withMessageContaining("ZooKeeper");

        // and    it forgets what is gone when it is back
        store.away = false;
        store.delete(Folder.PEOPLE, "a", -1);
        assertThat(known.find(Folder.PEOPLE, "a")).isEmpty();
        store.away = true;
        assertThatExceptionOfType(ClusterFailure.class).isThrownBy(() -> known.find(Folder.PEOPLE, "a"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
