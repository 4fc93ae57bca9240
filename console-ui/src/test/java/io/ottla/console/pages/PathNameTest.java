package io.ottla.console.pages;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathNameTest {
    @ParameterizedTest
    @CsvSource({
        "billing, billing",
        "a/b, a~2Fb",
        "a//b, a~2F~2Fb",
        "50%, 50~25",
        "x;y, x~3By",
        "c:\\d, c:~5Cd",
        "~2F, ~7E2F",
        "., ~2E",
        ".., ~2E~2E",
        "..., ...",
        "../x, ..~2Fx",
        "'', ~"
    })
    void shouldWriteWhatNoPathCanHaveAsBytes(String name, String part) {
        assertThat(PathName.written(name)).isEqualTo(part);
        assertThat(PathName.read(part)).isEqualTo(name);
    }

    @Test
    void shouldTakeWhatIsNoByteAsItIs() {
        assertThat(PathName.read("a~b")).isEqualTo("a~b");
        assertThat(PathName.read("a~2")).isEqualTo("a~2");
        assertThat(PathName.read("a~2fb")).isEqualTo("a/b");
        assertThat(PathName.read("~FF")).isEqualTo("~FF");
        assertThat(PathName.read("~E2~82~AC")).isEqualTo("€");
    }

    @Property
    void shouldReadEveryNameThatItWrites(@ForAll String any) {
        // given  a text that a broker could have as a name
        String name = any.replaceAll("\\p{Cs}", "");

        // when
        String written = PathName.written(name);

        // then   nothing is left that a server would take for something else
        assertThat(PathName.read(written)).isEqualTo(name);
        assertThat(written)
                .isNotEmpty()
                .isNotEqualTo(".")
                .isNotEqualTo("..")
                .doesNotContainPattern("[/\\\\%;\\p{Cntrl}]");
    }
}
