package io.ottla.console.records;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Records for programs, with the parameters of the page. */
@RestController
@RequestMapping(
        path = "/api/v1/clusters/{clusterId}/topics/{topic}/records",
        produces = MediaType.APPLICATION_JSON_VALUE)
final class RecordsResource {
    /**
     * A page.
     *
     * @param looked records that were looked through for it
     * @param end why the look ended, see {@link Scan.End}
     * @param older the cursor towards the past; null where there is nothing
     * @param newer the cursor towards now; null where there is nothing
     * @param offline partitions without a leader
     */
    record Answer(
            String kind,
            @JsonProperty("cluster_id") String clusterId,
            @JsonProperty("topic_name") String topicName,
            List<RecordData> data,
            int looked,
            String end,
            String older,
            String newer,
            @JsonProperty("offline_partitions") List<Integer> offline) {}

    private static final Logger log = LoggerFactory.getLogger(RecordsResource.class);

    private final RecordBrowser browser;
    private final Tail tail;

    RecordsResource(RecordBrowser browser, Tail tail) {
        this.browser = browser;
        this.tail = tail;
    }

    @GetMapping
    Answer records(
            Visit visit,
            @PathVariable String clusterId,
            @PathVariable String topic,
            @RequestParam Map<String, String> parameters) {
        if (!parameters.getOrDefault("follow", "false").equals("false")) {
            throw Unreadable.of("follow", parameters.get("follow"));
        }
        RecordPage page = browser.page(visit, topic, RecordQuery.of(parameters));
        return new Answer(
                "RecordList",
                clusterId,
                topic,
                page.records().stream().map(RecordData::of).toList(),
                page.outcome().looked(),
                page.outcome().end().name().toLowerCase(Locale.ROOT),
                page.older() == null ? null : page.older().toString(),
                page.newer() == null ? null : page.newer().toString(),
                page.offline());
    }

    /** Holds a thread as long as somebody reads; it is a virtual one. */
    @GetMapping(params = "follow=true", produces = MediaType.ALL_VALUE)
    void follow(
            Visit visit,
            @PathVariable String topic,
            @RequestParam Map<String, String> parameters,
            HttpServletRequest request,
            HttpServletResponse response) {
        RecordQuery query = RecordQuery.of(parameters);
        Tail.Limits limits = RecordStream.limits(parameters);
        RecordStream stream = new RecordStream(request, response);
        try {
            try {
                stream.end(tail.follow(visit, topic, query, limits, stream));
            } catch (ClusterFailure failure) {
                if (!stream.broke(failure)) {
                    throw failure;
                }
            }
        } catch (IOException goneAway) {
            log.debug("Nobody reads the stream any more", goneAway);
        }
    }
}
