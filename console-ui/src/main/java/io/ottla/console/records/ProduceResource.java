package io.ottla.console.records;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.access.Action;
import io.ottla.console.access.Change;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Topic;
import io.ottla.console.clusters.Written;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;

/** Writes records for programs, by the shapes of the REST Admin API v3. */
@RestController
@RequestMapping(
        path = {"/v3/clusters/{clusterId}/topics/{topic}", "/kafka/v3/clusters/{clusterId}/topics/{topic}"},
        produces = MediaType.APPLICATION_JSON_VALUE)
final class ProduceResource {
    private static final int MOST_OF_A_BATCH = 10;
    private static final String ENTRY_ID = "[0-9a-zA-Z_-]{1,80}";
    private static final int OK = 200;

    /** How a key or value was taken. */
    record Part(String type, int size) {}

    /** A record that is written. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Answer(
            String id,
            @JsonProperty("error_code") Integer errorCode,
            @JsonProperty("cluster_id") String clusterId,
            @JsonProperty("topic_name") String topicName,
            @JsonProperty("partition_id") int partitionId,
            long offset,
            String timestamp,
            Part key,
            Part value) {
        static Answer of(String id, String cluster, ProduceRequest request, RecordMetadata at) {
            NewRecord record = request.record();
            return new Answer(
                    id,
                    id == null ? OK : null,
                    cluster,
                    at.topic(),
                    at.partition(),
                    at.offset(),
                    at.timestamp() < 0
                            ? null
                            : Instant.ofEpochMilli(at.timestamp()).toString(),
                    record.keySize() < 0 ? null : new Part(request.keyType(), record.keySize()),
                    record.valueSize() < 0 ? null : new Part(request.valueType(), record.valueSize()));
        }
    }

    /** HTTP's status for what the cluster did not do. */
    static int status(ClusterFailure failure) {
        return switch (failure.reason()) {
            case NOT_FOUND -> 404;
            case REFUSED -> 400;
            case DENIED -> 403;
            case BUSY -> 503;
            case NO_ANSWER -> 504;
            case FAILED -> 500;
        };
    }

    /** A record that is not. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Failure(String id, @JsonProperty("error_code") int errorCode, String message) {
        static Failure of(String id, RuntimeException why) {
            return switch (why) {
                case Unreadable unreadable -> new Failure(id, unreadable.inBody() ? 422 : 400, unreadable.getMessage());
                case ClusterFailure failure -> new Failure(id, status(failure), failure.getMessage());
                default -> throw why;
            };
        }
    }

    /** What became of a batch. */
    record BatchAnswer(List<Answer> successes, List<Failure> failures) {}

    /**
     * As many JSON objects as the body has, one after the other: each is written and answered before the next is read. Where
     * the first can't be, that is the answer, with its status; of later ones it is said in their place.
     */
    @Needs(Action.PRODUCE)
    @PostMapping(path = "/records", consumes = MediaType.APPLICATION_JSON_VALUE)
    void produce(
            Visit visit,
            @PathVariable String clusterId,
            @PathVariable String topic,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Change change = Change.of(Action.PRODUCE, topic).with("records", "one by one");
        try {
            visit.change(change, admin -> {
                Topic to = visit.topic(topic);
                try (ProduceStream records = new ProduceStream(request.getInputStream())) {
                    ProduceRequest first = records.next();
                    if (first == null) {
                        throw new Unreadable("body", Wording.of("records.bad.no-record"));
                    }
                    Answer written = write(visit, to, clusterId, first);
                    response.setContentType(MediaType.APPLICATION_JSON_VALUE);
                    answer(response, written);
                    goOn(visit, to, clusterId, records, response);
                    return null;
                } catch (IOException goneAway) {
                    throw new UncheckedIOException(goneAway);
                }
            });
        } catch (UncheckedIOException goneAway) {
            throw goneAway.getCause();
        }
    }

    private static void goOn(
            Visit visit, Topic topic, String cluster, ProduceStream records, HttpServletResponse response)
            throws IOException {
        boolean readable = true;
        while (readable) {
            try {
                ProduceRequest next = records.next();
                if (next == null) {
                    return;
                }
                answer(response, write(visit, topic, cluster, next));
            } catch (Unreadable | ClusterFailure refused) {
                answer(response, Failure.of(null, refused));
                // Behind JSON that is none, no other begins.
                readable = records.isReadable();
            }
        }
    }

    private static Answer write(Visit visit, Topic topic, String cluster, ProduceRequest request) {
        return switch (RecordWriter.write(visit, topic, List.of(request.record()))
                .getFirst()) {
            case Written.Done done -> Answer.of(null, cluster, request, done.at());
            case Written.Refused refused -> throw refused.why();
        };
    }

    private static void answer(HttpServletResponse response, Object answer) throws IOException {
        OutputStream to = response.getOutputStream();
        to.write(Json.MAPPER.writeValueAsBytes(answer));
        to.write('\n');
        to.flush();
    }

    /** Up to ten at once, each with an id of its own; what became of each stands among the successes or the failures. */
    @Needs(Action.PRODUCE)
    @PostMapping(path = "/records:batch", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<BatchAnswer> batch(
            Visit visit, @PathVariable String clusterId, @PathVariable String topic, HttpServletRequest request)
            throws IOException {
        visit.require(Action.PRODUCE, topic);
        List<JsonNode> entries = entries(request);
        List<String> ids = new ArrayList<>();
        List<ProduceRequest> requests = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        List<Answer> successes = new ArrayList<>();
        Topic to = visit.topic(topic);
        for (JsonNode entry : entries) {
            String id = entry.path("id").asString("");
            try {
                ProduceRequest each = ProduceRequest.of(entry);
                Integer partition = each.record().partition();
                if (partition != null && partition >= to.partitions().size()) {
                    throw new ClusterFailure(
                            ClusterFailure.Kind.NO_SUCH_PARTITION,
                            Wording.of(
                                    "failure.no-partition",
                                    Integer.toString(to.partitions().size()),
                                    Integer.toString(partition)));
                }
                requests.add(each);
                ids.add(id);
            } catch (Unreadable | ClusterFailure refused) {
                failures.add(Failure.of(id, refused));
            }
        }
        if (!requests.isEmpty()) {
            List<Written> written = visit.change(
                    Change.of(Action.PRODUCE, topic).with("records", requests.size()),
                    admin -> RecordWriter.write(
                            visit,
                            to,
                            requests.stream().map(ProduceRequest::record).toList()));
            for (int i = 0; i < written.size(); i++) {
                switch (written.get(i)) {
                    case Written.Done done ->
                        successes.add(Answer.of(ids.get(i), clusterId, requests.get(i), done.at()));
                    case Written.Refused refused -> failures.add(Failure.of(ids.get(i), refused.why()));
                }
            }
        }
        return ResponseEntity.status(207).body(new BatchAnswer(successes, failures));
    }

    private static List<JsonNode> entries(HttpServletRequest request) throws IOException {
        JsonNode body;
        try (BoundedBody in = new BoundedBody(request.getInputStream(), ProduceStream.LARGEST * 2)) {
            body = Json.MAPPER
                    .reader()
                    .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .readTree(in);
        } catch (JacksonException malformed) {
            throw ProduceStream.malformed(malformed);
        }
        JsonNode entries = body.path("entries");
        if (!entries.isArray() || entries.isEmpty() || entries.size() > MOST_OF_A_BATCH) {
            throw Unreadable.inBody("entries", Wording.of("records.bad.entries", MOST_OF_A_BATCH));
        }
        Set<String> seen = new HashSet<>();
        List<JsonNode> all = new ArrayList<>();
        for (JsonNode entry : entries) {
            String id = entry.path("id").asString("");
            if (!id.matches(ENTRY_ID) || !seen.add(id)) {
                throw Unreadable.inBody("entries.id", Wording.of("records.bad.entry-id", Unreadable.shortened(id)));
            }
            all.add(entry);
        }
        return all;
    }
}
