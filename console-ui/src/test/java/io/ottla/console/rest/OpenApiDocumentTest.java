package io.ottla.console.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class OpenApiDocumentTest {
    private final OpenApiDocument document = new OpenApiDocument();

    @Test
    void shouldSayEverythingInChinese() {
        assertThat(document.missing())
                .as("what openapi.yaml says and openapi_zh.txt does not")
                .isEmpty();
    }

    @Test
    void shouldChangeNothingButWhatIsSaid() {
        // when
        List<String> english = document.in(Locale.ENGLISH).lines().toList();
        List<String> chinese = document.in(Locale.SIMPLIFIED_CHINESE).lines().toList();

        // then
        assertThat(chinese).hasSameSizeAs(english);
        for (int i = 0; i < english.size(); i++) {
            String line = english.get(i).strip();
            if (!line.matches("(- )?(summary|description|title|name|tags): .*")) {
                assertThat(chinese.get(i)).isEqualTo(english.get(i));
            }
        }
        assertThat(chinese)
                .contains("      tags: [\"访问规则\"]", "  - name: \"访问规则\"", "      name: cluster_id")
                .doesNotContain("      tags: [Access rules]");
        assertThat(document.in(Locale.GERMAN)).isEqualTo(document.in(Locale.ENGLISH));
    }
}
