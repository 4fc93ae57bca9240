package io.ottla.console.records;

import io.ottla.console.records.RegisteredSchema.Unavailable;
import io.ottla.console.words.Wording;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.JsonNode;

/**
 * The schemas of a cluster's registry by their ids. Each is asked for once; what failed is not asked for again for
 * {@link #PATIENCE}, and records that name ever other ids can't make it ask more than {@link #MOST_A_WINDOW} times in as long.
 *
 * <p>Thread-safe; a call blocks for a bounded time.
 */
final class SchemaRegistry implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int MOST_A_WINDOW = 60;
    private static final int MOST_SCHEMAS = 500;
    private static final int MOST_REFERENCES = 50;

    private record Known(RegisteredSchema schema, Instant until) {}

    private final RegistryClient client;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Integer, Known> known = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Known> eldest) {
            return size() > MOST_SCHEMAS;
        }
    };
    private Instant window = Instant.EPOCH;
    private int asked;
    private Known down = new Known(null, Instant.EPOCH);

    SchemaRegistry(RegistryClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    RegisteredSchema byId(int id) {
        Instant now = clock.instant();
        lock.lock();
        try {
            Known found = known.get(id);
            if (found != null && now.isBefore(found.until())) {
                return found.schema();
            }
            if (now.isBefore(down.until())) {
                return down.schema();
            }
        } finally {
            lock.unlock();
        }
        RegisteredSchema fetched;
        boolean unreachable = false;
        try {
            fetched = fetch(id);
        } catch (RegistryClient.Failed failed) {
            fetched = new Unavailable(failed.why());
            unreachable = failed.unreachable();
        } catch (Malformed unusable) {
            fetched = new Unavailable(
                    Wording.of("records.registry.unusable", Integer.toString(id), unusable.getMessage()));
        }
        lock.lock();
        try {
            Known learnt = new Known(fetched, fetched instanceof Unavailable ? now.plus(PATIENCE) : Instant.MAX);
            if (unreachable) {
                down = learnt;
            } else {
                known.put(id, learnt);
            }
        } finally {
            lock.unlock();
        }
        return fetched;
    }

    private RegisteredSchema fetch(int id) throws RegistryClient.Failed, Malformed {
        String path = "/schemas/ids/" + Integer.toUnsignedString(id);
        JsonNode answer = get(path);
        String type = answer.path("schemaType").asString("AVRO");
        return switch (type) {
            case "AVRO" -> new RegisteredSchema.Avro(SchemaFiles.avro(withReferences(answer, "")));
            case "PROTOBUF" ->
                new RegisteredSchema.Protobuf(
                        SchemaFiles.protobuf(withReferences(get(path + "?format=serialized"), "?format=serialized")));
            case "JSON" -> new RegisteredSchema.OfJson();
            default -> throw new Malformed(Unreadable.shortened(type));
        };
    }

    private List<SchemaFiles.Text> withReferences(JsonNode schema, String as) throws RegistryClient.Failed, Malformed {
        List<SchemaFiles.Text> texts = new ArrayList<>();
        collect(schema, "", as, texts, new HashSet<>());
        return texts;
    }

    private void collect(JsonNode schema, String name, String as, List<SchemaFiles.Text> texts, Set<String> seen)
            throws RegistryClient.Failed, Malformed {
        for (JsonNode reference : schema.path("references")) {
            String subject = reference.path("subject").asString("");
            int version = reference.path("version").asInt(-1);
            if (!seen.add(subject + "/" + version)) {
                continue;
            }
            if (seen.size() > MOST_REFERENCES) {
                throw new Malformed("more than " + MOST_REFERENCES + " references");
            }
            JsonNode referred = get("/subjects/"
                    + URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20") + "/versions/" + version
                    + as);
            collect(referred, reference.path("name").asString(""), as, texts, seen);
        }
        texts.add(new SchemaFiles.Text(name, schema.path("schema").asString("")));
    }

    private JsonNode get(String path) throws RegistryClient.Failed {
        Instant now = clock.instant();
        lock.lock();
        try {
            if (Duration.between(window, now).compareTo(PATIENCE) > 0) {
                window = now;
                asked = 0;
            }
            if (++asked > MOST_A_WINDOW) {
                throw new RegistryClient.Failed(Wording.of("records.registry.too-many", MOST_A_WINDOW), false);
            }
        } finally {
            lock.unlock();
        }
        return client.get(path);
    }

    @Override
    public void close() {
        client.close();
    }
}
