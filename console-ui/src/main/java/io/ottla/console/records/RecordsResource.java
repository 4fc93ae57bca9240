package io.ottla.console.records;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.access.Visit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

    private final RecordBrowser browser;

    RecordsResource(RecordBrowser browser) {
        this.browser = browser;
    }

    @GetMapping
    Answer records(
            Visit visit,
            @PathVariable String clusterId,
            @PathVariable String topic,
            @RequestParam Map<String, String> parameters) {
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
}
