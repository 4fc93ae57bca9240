package io.ottla.console.records;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.ottla.console.access.NamePattern;
import java.util.ArrayList;
import java.util.List;

/**
 * What is hidden in records of some topics: fields of structured values, or whatever a pattern matches.
 *
 * @param topics patterns of their names
 * @param fields paths of the fields; empty where there is a pattern
 * @param pattern matched in linear time, whatever it is (RE2); null where there are fields
 * @param with what stands in the place of what is hidden
 * @param always whether administrators don't see it either
 */
record MaskingRule(List<NamePattern> topics, List<JsonPath> fields, Pattern pattern, String with, boolean always) {
    private static final String HIDDEN = "•••";

    /**
     * A rule as the configuration has it.
     *
     * @param at the setting's name, such as {@code console.masking[0]}
     * @throws IllegalArgumentException naming the setting
     */
    static MaskingRule of(String at, RecordsProperties.Mask given) {
        boolean hasFields = given.fields() != null && !given.fields().isEmpty();
        boolean hasPattern = given.regex() != null && !given.regex().isEmpty();
        if (hasFields == hasPattern) {
            throw new IllegalArgumentException(
                    at + ": Expected either fields or regex, but got " + (hasFields ? "both." : "neither."));
        }
        if (given.topics() == null || given.topics().isEmpty()) {
            throw new IllegalArgumentException(
                    at + ".topics: Expected names of topics, where * stands for anything, but got none.");
        }
        List<JsonPath> fields = new ArrayList<>();
        try {
            for (String field : hasFields ? given.fields() : List.<String>of()) {
                fields.add(JsonPath.hiding(at + ".fields", field));
            }
            return new MaskingRule(
                    given.topics().stream().map(NamePattern::new).toList(),
                    fields,
                    hasPattern ? Pattern.compile(given.regex()) : null,
                    given.with() == null ? HIDDEN : given.with(),
                    given.always());
        } catch (PatternSyntaxException | Unreadable unusable) {
            throw new IllegalArgumentException(at + ": " + unusable.getMessage(), unusable);
        }
    }

    boolean isFor(String topic) {
        return topics.stream().anyMatch(each -> each.matches(topic));
    }
}
