package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;

/** The settings that the page documents, against those that the process has. */
class SettingsOfProcessTest {
    private static final Path ROOT = Files.exists(Path.of("docs")) ? Path.of("") : Path.of("..");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `((?:console|ottla|management)\\.[^`]*)` \\|");
    private static final Pattern VALUE = Pattern.compile("@Value\\(\"\\$\\{([^:}]+)");

    @Test
    void shouldHaveARowForEverySettingAndForNoOther() throws Exception {
        // given
        Set<String> documented = new TreeSet<>();
        Matcher rows = ROW.matcher(Files.readString(ROOT.resolve("docs/configuration.md")));
        while (rows.find()) {
            documented.add(rows.group(1).replaceAll("\\b[A-Z]+\\b", "KEY"));
        }

        // when
        Set<String> known = new TreeSet<>();
        for (Class<?> properties : properties()) {
            collect(properties.getAnnotation(ConfigurationProperties.class).value(), properties, known);
        }
        assertThat(known).hasSizeGreaterThan(40);
        known.addAll(values());

        // then
        assertThat(documented).isEqualTo(known);
    }

    private static List<Class<?>> properties() throws ClassNotFoundException {
        ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        List<Class<?>> found = new ArrayList<>();
        for (BeanDefinition each : scanner.findCandidateComponents("io.ottla")) {
            found.add(Class.forName(each.getBeanClassName()));
        }
        return found;
    }

    /** Names as the binder reads them into a record. */
    private static void collect(String name, Type type, Set<String> names) {
        switch (type) {
            case ParameterizedType map
            when map.getRawType() == Map.class -> collect(name + ".KEY", map.getActualTypeArguments()[1], names);
            case ParameterizedType list
            when isRecord(list.getActualTypeArguments()[0]) ->
                collect(name + "[n]", list.getActualTypeArguments()[0], names);
            case Class<?> leaf
            when isRecord(leaf) -> {
                for (RecordComponent component : leaf.getRecordComponents()) {
                    collect(
                            name + "." + DataObjectPropertyName.toDashedForm(component.getName()),
                            component.getGenericType(),
                            names);
                }
            }
            default -> names.add(name);
        }
    }

    private static boolean isRecord(Type type) {
        return type instanceof Class<?> one && one.isRecord() && one.getName().startsWith("io.ottla");
    }

    /** What is read one by one, as the sources say. */
    private static Set<String> values() throws IOException {
        Set<String> found = new TreeSet<>();
        for (String module : List.of("broker-app", "console-ui")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    Matcher values = VALUE.matcher(Files.readString(file));
                    while (values.find()) {
                        found.add(values.group(1));
                    }
                }
            }
        }
        return found;
    }
}
