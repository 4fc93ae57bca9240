package io.ottla.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeletedLogTest {
    private static final TopicId ID = new TopicId(-1, 4);

    @Test
    void shouldReadWhatItWrites() {
        for (DeletedLog log : new DeletedLog[] {DeletedLog.allOf(ID), new DeletedLog(ID, 0), new DeletedLog(ID, 123)}) {
            assertThat(DeletedLog.parse(log.toString())).isEqualTo(log);
        }
        assertThat(new DeletedLog(ID, 7)).hasToString(ID + "-7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "-",
                "AAAAAAAAAAAAAAAAAAAAAQ-",
                "AAAAAAAAAAAAAAAAAAAAAQ-x",
                "AAAAAAAAAAAAAAAAAAAAAQ--1",
                "AAAAAAAAAAAAAAAAAAAAAQ-4000000000",
                "AAAAAAAAAAAAAAAAAAAAAQ_1",
                "!AAAAAAAAAAAAAAAAAAAAQ-1"
            })
    void shouldRefuseAnythingElse(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> DeletedLog.parse(text));
    }
}
