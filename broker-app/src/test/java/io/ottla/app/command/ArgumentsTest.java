package io.ottla.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {
    @Test
    void shouldTakeFileAndOverridesInAnyOrder() {
        assertThat(parse("server")).isEqualTo(new Arguments.Server(null, List.of(), false));
        assertThat(parse("server --override a=b my.properties --override=c=d=e --print-config"))
                .isEqualTo(new Arguments.Server(Path.of("my.properties"), List.of("a=b", "c=d=e"), true));
    }

    @Test
    void shouldTakeTheFileOfAZooKeeper() {
        assertThat(parse("zookeeper zoo.cfg")).isEqualTo(new Arguments.ZooKeeper(Path.of("zoo.cfg")));
    }

    @Test
    void shouldShowHelpAndVersionWhereverTheyAreAskedFor() {
        assertThat(parse("-h"))
                .isInstanceOfSatisfying(
                        Arguments.Help.class, help -> assertThat(help.usage()).contains("server", "Exit codes"));
        assertThat(parse("server my.properties --help"))
                .isInstanceOfSatisfying(
                        Arguments.Help.class, help -> assertThat(help.usage()).contains("--override=NAME=VALUE"));
        assertThat(parse("--version")).isEqualTo(new Arguments.ShowVersion());
        assertThat(parse("server -V")).isEqualTo(new Arguments.ShowVersion());
    }

    @ParameterizedTest
    @CsvSource({
        "'', Expected a command",
        "serve, 'serve'",
        "server --overide a=b, '--overide'",
        "server --override, NAME=VALUE",
        "server one.properties two.properties, two.properties",
        "zookeeper, FILE.properties"
    })
    void shouldNameWhatItDoesNotUnderstand(String line, String named) {
        assertThat(parse(line))
                .isInstanceOfSatisfying(
                        Arguments.Misunderstood.class,
                        told -> assertThat(told.why()).contains(named));
    }

    private static Arguments parse(String line) {
        return Arguments.parse(line.isEmpty() ? new String[0] : line.split(" "));
    }
}
