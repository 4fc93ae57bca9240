package io.ottla.console.acls;

import static org.apache.kafka.common.acl.AclOperation.ALL;
import static org.apache.kafka.common.acl.AclOperation.ALTER;
import static org.apache.kafka.common.acl.AclOperation.ALTER_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DELETE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.IDEMPOTENT_WRITE;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import io.ottla.console.pages.Mistyped;
import io.ottla.console.words.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/** What rules are made for: one by itself, or all that somebody of a kind needs. Each has fields of its own in the form. */
public enum AclTemplate {
    /** A single rule, of whatever kind. */
    ONE {
        @Override
        List<Acl> acls(Fields fields) {
            ResourceType type = fields.choice("type", ResourceType.TOPIC);
            String name =
                    type == ResourceType.CLUSTER && fields.text("name").isEmpty() ? Acl.CLUSTER : fields.text("name");
            return List.of(new Acl(
                    type,
                    name,
                    fields.choice("pattern", PatternType.LITERAL),
                    fields.principal(),
                    fields.host(),
                    fields.choice("operation", READ),
                    fields.choice("permission", AclPermissionType.ALLOW)));
        }
    },
    /** Reads a topic as a member of a group. */
    CONSUMER {
        @Override
        List<Acl> acls(Fields fields) {
            List<Acl> acls = new ArrayList<>();
            fields.add(
                    acls,
                    ResourceType.TOPIC,
                    "topic",
                    fields.choice("topicPattern", PatternType.LITERAL),
                    READ,
                    DESCRIBE);
            fields.add(
                    acls,
                    ResourceType.GROUP,
                    "group",
                    fields.choice("groupPattern", PatternType.LITERAL),
                    READ,
                    DESCRIBE);
            return acls;
        }
    },
    /** Writes to a topic; in transactions if it names an id. */
    PRODUCER {
        @Override
        List<Acl> acls(Fields fields) {
            List<Acl> acls = new ArrayList<>();
            fields.add(
                    acls,
                    ResourceType.TOPIC,
                    "topic",
                    fields.choice("topicPattern", PatternType.LITERAL),
                    WRITE,
                    DESCRIBE);
            if (!fields.text("transactionalId").isEmpty()) {
                fields.add(
                        acls,
                        ResourceType.TRANSACTIONAL_ID,
                        "transactionalId",
                        fields.choice("idPattern", PatternType.LITERAL),
                        WRITE,
                        DESCRIBE);
            }
            if (fields.isChecked("idempotent")) {
                acls.add(fields.allow(ResourceType.CLUSTER, Acl.CLUSTER, PatternType.LITERAL, IDEMPOTENT_WRITE));
            }
            return acls;
        }
    },
    /** A Kafka Streams application: its inputs, outputs, group, and the topics that it makes for itself. */
    STREAMS {
        @Override
        List<Acl> acls(Fields fields) {
            List<Acl> acls = new ArrayList<>();
            fields.lines("inputs").forEach(input -> {
                acls.add(fields.allow(ResourceType.TOPIC, input, PatternType.LITERAL, READ));
                acls.add(fields.allow(ResourceType.TOPIC, input, PatternType.LITERAL, DESCRIBE));
            });
            fields.lines("outputs").forEach(output -> {
                acls.add(fields.allow(ResourceType.TOPIC, output, PatternType.LITERAL, WRITE));
                acls.add(fields.allow(ResourceType.TOPIC, output, PatternType.LITERAL, DESCRIBE));
            });
            fields.add(acls, ResourceType.TOPIC, "application", PatternType.PREFIXED, ALL);
            fields.add(acls, ResourceType.GROUP, "application", PatternType.LITERAL, READ, DESCRIBE);
            if (fields.isChecked("exactlyOnce")) {
                fields.add(acls, ResourceType.TRANSACTIONAL_ID, "application", PatternType.PREFIXED, WRITE, DESCRIBE);
            }
            return acls;
        }
    },
    /** Makes, changes and deletes topics whose names begin with something, without reading or writing their records. */
    ADMIN {
        @Override
        List<Acl> acls(Fields fields) {
            List<Acl> acls = new ArrayList<>();
            fields.add(
                    acls,
                    ResourceType.TOPIC,
                    "prefix",
                    PatternType.PREFIXED,
                    CREATE,
                    DELETE,
                    ALTER,
                    DESCRIBE,
                    DESCRIBE_CONFIGS,
                    ALTER_CONFIGS);
            return acls;
        }
    };

    private static final int MAX_LINES = 200;

    abstract List<Acl> acls(Fields fields);

    static AclTemplate of(String key) {
        for (AclTemplate each : values()) {
            if (each.key().equals(key)) {
                return each;
            }
        }
        return ONE;
    }

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The rules that a filled form stands for.
     *
     * @throws Mistyped naming the field that can't be what it is
     */
    List<Acl> acls(Map<String, String> typed) {
        return acls(new Fields(typed)).stream().map(Acl::checked).distinct().toList();
    }

    /** What was typed. */
    record Fields(Map<String, String> typed) {
        String text(String field) {
            return typed.getOrDefault(field, "").strip();
        }

        boolean isChecked(String field) {
            return typed.containsKey(field);
        }

        /** {@code ann} is meant as {@code User:ann}. */
        String principal() {
            String text = text("principal");
            if (text.isEmpty()) {
                throw new Mistyped(Wording.of("acls.bad.no-principal"));
            }
            return text.contains(":") ? text : "User:" + text;
        }

        String host() {
            return text("host").isEmpty() ? Acl.ALL : text("host");
        }

        <E extends Enum<E>> E choice(String field, E otherwise) {
            String text = text(field);
            try {
                return text.isEmpty() ? otherwise : Enum.valueOf(otherwise.getDeclaringClass(), text);
            } catch (IllegalArgumentException unknown) {
                throw new Mistyped(Wording.of("acls.bad.choice", Wording.of("acls." + field), text));
            }
        }

        List<String> lines(String field) {
            List<String> lines = text(field)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
            if (lines.size() > MAX_LINES) {
                throw new Mistyped(Wording.of("acls.bad.lines", Wording.of("acls." + field), MAX_LINES, lines.size()));
            }
            return lines;
        }

        Acl allow(ResourceType type, String name, PatternType pattern, AclOperation operation) {
            return new Acl(type, name, pattern, principal(), host(), operation, AclPermissionType.ALLOW);
        }

        void add(List<Acl> acls, ResourceType type, String field, PatternType pattern, AclOperation... operations) {
            String name = text(field);
            if (name.isEmpty()) {
                throw new Mistyped(Wording.of("acls.bad.missing", Wording.of("acls." + field)));
            }
            for (AclOperation operation : operations) {
                acls.add(allow(type, name, pattern, operation));
            }
        }
    }
}
