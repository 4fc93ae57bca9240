package io.ottla.console.acls;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.pages.Mistyped;
import io.ottla.console.words.BrokenJson;
import io.ottla.console.words.StrictJson;
import io.ottla.console.words.Wording;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rules as text, to be kept in a file and brought back: CSV (RFC 4180) with the columns of {@link #COLUMNS}, or the JSON of
 * the API. Both tell all of a rule.
 */
final class AclText {
    static final List<String> COLUMNS =
            List.of("principal", "permission", "operation", "resource_type", "pattern_type", "resource_name", "host");

    private static final JsonMapper JSON = StrictJson.apply(JsonMapper.builder())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final String LINE = "\r\n";

    /** A rule as the API has it; what that tells of it besides may be there as well. */
    @JsonIgnoreProperties({"kind", "metadata", "cluster_id"})
    record Entry(
            @JsonProperty("resource_type") String resourceType,
            @JsonProperty("resource_name") String resourceName,
            @JsonProperty("pattern_type") String patternType,
            String principal,
            String host,
            String operation,
            String permission) {
        static Entry of(Acl acl) {
            return new Entry(
                    acl.type().name(),
                    acl.name(),
                    acl.pattern().name(),
                    acl.principal(),
                    acl.host(),
                    acl.operation().name(),
                    acl.permission().name());
        }
    }

    /** All rules of a list, as the API has it too. */
    @JsonIgnoreProperties({"kind", "metadata"})
    record Document(List<Entry> data) {
        static final TypeReference<List<Entry>> LIST = new TypeReference<>() {};
    }

    private AclText() {}

    static String csv(List<Acl> acls) {
        StringBuilder text = new StringBuilder(String.join(",", COLUMNS)).append(LINE);
        acls.forEach(acl -> text.append(csv(acl)).append(LINE));
        return text.toString();
    }

    /** One of them, as its line. */
    static String csv(Acl acl) {
        return Csv.line(List.of(
                acl.principal(),
                acl.permission().name(),
                acl.operation().name(),
                acl.type().name(),
                acl.pattern().name(),
                acl.name(),
                acl.host()));
    }

    static String json(List<Acl> acls) {
        return JSON.writerWithDefaultPrettyPrinter()
                .writeValueAsString(new Document(acls.stream().map(Entry::of).toList()));
    }

    /**
     * The rules in a text of either form, each once.
     *
     * @throws Mistyped naming the place that can't be read
     */
    static List<Acl> parse(String text) {
        String trimmed = text.strip();
        if (trimmed.isEmpty()) {
            throw new Mistyped(Wording.of("acls.import.empty"));
        }
        List<Acl> acls = trimmed.startsWith("{") || trimmed.startsWith("[") ? fromJson(trimmed) : fromCsv(trimmed);
        if (acls.isEmpty()) {
            throw new Mistyped(Wording.of("acls.import.empty"));
        }
        if (acls.size() > Acls.MAX_AT_ONCE) {
            throw new Mistyped(Wording.of("acls.too-many", Acls.MAX_AT_ONCE, acls.size()));
        }
        return List.copyOf(new LinkedHashSet<>(acls));
    }

    private static List<Acl> fromCsv(String text) {
        List<List<String>> rows = Csv.rows(text);
        List<Acl> acls = new ArrayList<>();
        boolean headed = rows.getFirst().equals(COLUMNS);
        for (int i = headed ? 1 : 0; i < rows.size(); i++) {
            List<String> cells = rows.get(i);
            if (cells.size() != COLUMNS.size()) {
                throw new Mistyped(Wording.of("acls.import.cells", i + 1, COLUMNS.size(), cells.size()));
            }
            acls.add(acl(
                    i + 1,
                    new Entry(
                            cells.get(3),
                            cells.get(5),
                            cells.get(4),
                            cells.get(0),
                            cells.get(6),
                            cells.get(2),
                            cells.get(1))));
        }
        return acls;
    }

    private static List<Acl> fromJson(String text) {
        List<Entry> entries;
        try {
            entries = text.startsWith("[")
                    ? JSON.readValue(text, Document.LIST)
                    : JSON.readValue(text, Document.class).data();
        } catch (JacksonException unreadable) {
            throw new Mistyped(Wording.of("acls.import.json", BrokenJson.of(unreadable)));
        }
        if (entries == null || entries.contains(null)) {
            throw new Mistyped(Wording.of("acls.import.no-data"));
        }
        List<Acl> acls = new ArrayList<>();
        for (Entry entry : entries) {
            acls.add(acl(acls.size() + 1, entry));
        }
        return acls;
    }

    private static Acl acl(int number, Entry entry) {
        try {
            return new Acl(
                            choice(ResourceType.class, "resource_type", entry.resourceType()),
                            text("resource_name", entry.resourceName()),
                            choice(PatternType.class, "pattern_type", entry.patternType()),
                            text("principal", entry.principal()),
                            text("host", entry.host()),
                            choice(AclOperation.class, "operation", entry.operation()),
                            choice(AclPermissionType.class, "permission", entry.permission()))
                    .checked();
        } catch (Mistyped wrong) {
            throw new Mistyped(Wording.of("acls.import.at", number, wrong.wording()));
        }
    }

    private static String text(String field, String value) {
        if (value == null || value.isBlank()) {
            throw new Mistyped(Wording.of("acls.bad.missing", field));
        }
        return value.strip();
    }

    private static <E extends Enum<E>> E choice(Class<E> type, String field, String value) {
        try {
            return Enum.valueOf(type, text(field, value));
        } catch (IllegalArgumentException unknown) {
            throw new Mistyped(Wording.of("acls.bad.choice", field, value));
        }
    }
}
