package io.ottla.console.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.access.Action;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.transactions.Described;
import io.ottla.console.transactions.Hanging;
import io.ottla.console.transactions.HangingSearch;
import io.ottla.console.transactions.TransactionQuery;
import io.ottla.console.transactions.Transactions;
import jakarta.servlet.http.HttpServletRequest;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Transactions, and those that hang. */
@RestController
@RequestMapping(path = "/api/v1/clusters/{clusterId}", produces = MediaType.APPLICATION_JSON_VALUE)
final class TransactionsResource {
    private static final int MAX_STARTS = 1_000;

    private final InstantSource clock = InstantSource.system();

    /** None, or one that is not too long; what it may be at most is looked at later. */
    private static final Pattern NUMBER = Pattern.compile("[0-9]{0,19}");

    /** The parameters of a list, and the fields of the page that they stand for. */
    private static final Map<String, String> FIELDS =
            Map.of("transactional_id", "q", "state", "state", "producer_id", "producer", "open_seconds", "seconds");

    /** A list that tells also what is not in it. */
    record Answer<T>(String kind, Links.ListMetadata metadata, List<T> data, List<String> gaps) {}

    /** @param filter {@code transactional_id}, {@code state}, {@code producer_id}, {@code open_seconds} */
    @GetMapping("/transactions")
    Answer<TransactionData> transactions(
            Visit visit,
            @PathVariable String clusterId,
            @RequestParam Map<String, String> filter,
            HttpServletRequest request) {
        Map<String, String> fields = new HashMap<>();
        FIELDS.forEach((name, field) -> fields.put(field, filter.getOrDefault(name, "")));
        number("producer_id", fields.get("producer"));
        number("open_seconds", fields.get("seconds"));
        Links links = Links.of(request, clusterId);
        Transactions.Listing listing = Transactions.list(visit, TransactionQuery.of(fields));
        return new Answer<>(
                "TransactionList",
                links.listed("", "/transactions", List.of()).metadata(),
                listing.transactions().stream()
                        .map(each -> TransactionData.of(each, links))
                        .toList(),
                listing.gaps().stream().map(Object::toString).toList());
    }

    @GetMapping("/transactions/{id}")
    TransactionData.Whole transaction(
            Visit visit, @PathVariable String clusterId, @PathVariable String id, HttpServletRequest request) {
        Described found = Transactions.find(visit, id);
        List<TopicPartition> visible = found.partitions().stream()
                .filter(at -> visit.may(Action.VIEW_TOPIC, at.topic()))
                .limit(MAX_STARTS)
                .toList();
        Map<TopicPartition, Long> starts =
                visible.isEmpty() ? Map.of() : Transactions.startOffsets(visit, found.producerId(), visible);
        return TransactionData.Whole.of(found, visit, starts, Links.of(request, clusterId));
    }

    /** Aborts what it has open, by its coordinator. */
    @Needs(Action.ABORT_TRANSACTION)
    @PostMapping("/transactions/{id}/abort")
    ResponseEntity<Void> abort(Visit visit, @PathVariable String id) {
        visit.require(Action.ABORT_TRANSACTION);
        Transactions.find(visit, id);
        Transactions.abort(visit, id);
        return ResponseEntity.noContent().build();
    }

    /**
     * Looks for those that hang.
     *
     * @param broker {@code broker_id}
     * @param minutes {@code open_minutes}: the longest that one may be open
     */
    @GetMapping("/hanging-transactions")
    Answer<TransactionData.HangingData> hanging(
            Visit visit,
            @PathVariable String clusterId,
            @RequestParam(name = "topic_name", defaultValue = "") String topic,
            @RequestParam(name = "broker_id", defaultValue = "") String broker,
            @RequestParam(name = "open_minutes", defaultValue = "15") String minutes,
            HttpServletRequest request) {
        number("broker_id", broker);
        number("open_minutes", minutes);
        HangingSearch.Found found = new HangingSearch(topic, broker, minutes).run(visit, clock.instant());
        if (found.more()) {
            throw new ApiFailure(
                    ApiError.TOO_MANY,
                    "Expected at most " + HangingSearch.MAX_PARTITIONS
                            + " partitions to look into, but there are more. Ask for a topic.");
        }
        Links links = Links.of(request, clusterId);
        return new Answer<>(
                "HangingTransactionList",
                links.listed("", "/hanging-transactions", List.of()).metadata(),
                found.hanging().stream()
                        .map(each -> TransactionData.HangingData.of(each, links))
                        .toList(),
                found.gaps().stream().map(Object::toString).toList());
    }

    /** Named as here, which is not as on the page. */
    private static void number(String parameter, String value) {
        if (!NUMBER.matcher(value.strip()).matches()) {
            throw Bodies.bad("Expected a whole number from 0 in " + parameter + ", but got '" + value + "'.");
        }
    }

    /** The body of a request that ends one that hangs. */
    record HangingOne(
            @JsonProperty("topic_name") String topicName,
            @JsonProperty("partition_id") Integer partitionId,
            @JsonProperty("producer_id") Long producerId) {}

    @Needs(Action.ABORT_HANGING)
    @PostMapping(path = "/hanging-transactions/abort", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Void> abortHanging(Visit visit, @RequestBody HangingOne body) {
        if (body.topicName() == null || body.partitionId() == null || body.producerId() == null) {
            throw new ApiFailure(
                    ApiError.BAD_REQUEST,
                    "Expected topic_name, partition_id and producer_id, but the request has no "
                            + (body.topicName() == null
                                    ? "topic_name"
                                    : body.partitionId() == null ? "partition_id" : "producer_id")
                            + ".");
        }
        visit.require(Action.ABORT_HANGING, body.topicName());
        Hanging hanging = HangingSearch.find(visit, body.topicName(), body.partitionId(), body.producerId());
        HangingSearch.abort(visit, hanging);
        return ResponseEntity.noContent().build();
    }
}
