package io.ottla.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LogbackLevelsTest {
    @Test
    void shouldCallTheRootLoggerAsKafkaDoes() {
        // given  a logger with a level of its own, and one that takes it from above
        ((Logger) LoggerFactory.getLogger("some.parent")).setLevel(Level.WARN);
        LoggerFactory.getLogger("some.parent.child");

        assertThat(new LogbackLevels().levels())
                .containsKey("root")
                .doesNotContainKey("ROOT")
                .containsEntry("some.parent", "WARN")
                .containsEntry("some.parent.child", "WARN");
    }

    @Test
    void shouldSetLevelsAndTakeThemAwayAgain() {
        // given  a logger below another
        Logger parent = (Logger) LoggerFactory.getLogger("set.parent");
        Logger child = (Logger) LoggerFactory.getLogger("set.parent.child");
        LogbackLevels levels = new LogbackLevels();
        // when   both get levels, then each has its own; nothing is logged as fatal
        levels.set("set.parent", "DEBUG");
        levels.set("set.parent.child", "FATAL");
        assertThat(parent.isDebugEnabled()).isTrue();
        assertThat(child.isErrorEnabled()).isFalse();
        assertThat(levels.levels()).containsEntry("set.parent", "DEBUG").containsEntry("set.parent.child", "FATAL");
        // when   they are taken away, then they have those above them, in the end the root's
        levels.unset("set.parent.child");
        assertThat(levels.levels()).containsEntry("set.parent.child", "DEBUG");
        levels.unset("set.parent");
        assertThat(child.getEffectiveLevel()).isEqualTo(root().getLevel());
    }

    @Test
    void shouldSetTheRootsLevelByItsNameInKafka() {
        Level before = root().getLevel();
        try {
            new LogbackLevels().set("root", "ERROR");
            assertThat(root().getLevel()).isEqualTo(Level.ERROR);
        } finally {
            root().setLevel(before);
        }
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    }
}
