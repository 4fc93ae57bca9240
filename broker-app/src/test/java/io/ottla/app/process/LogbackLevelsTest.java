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
}
