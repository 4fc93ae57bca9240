package io.ottla.console.topics;

import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Partition;
import io.ottla.console.clusters.Topic;
import io.ottla.console.pages.Addresses;
import io.ottla.console.pages.Live;
import io.ottla.console.pages.Slice;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.clients.admin.DescribeProducersResult;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.common.TopicPartition;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** Idempotent and transactional producers that a topic's leaders know (KIP-664). */
@Controller
final class ProducersController {
    /** Partitions on a page: only their leaders are asked. */
    private static final int PAGE = 50;

    /**
     * What a partition's leader knows of a producer.
     *
     * @param last when it wrote last
     * @param transaction first offset of its open transaction, or -1
     */
    public record Writer(int partition, long id, int epoch, int sequence, Instant last, long transaction) {
        static Writer of(int partition, ProducerState state) {
            return new Writer(
                    partition,
                    state.producerId(),
                    state.producerEpoch(),
                    state.lastSequence(),
                    state.lastTimestamp() < 0 ? null : Instant.ofEpochMilli(state.lastTimestamp()),
                    state.currentTransactionStartOffset().orElse(-1));
        }
    }

    @GetMapping("/clusters/{cluster}/topics/{name}/producers")
    String producers(
            Visit visit,
            @PathVariable String name,
            @RequestParam(required = false) String page,
            HttpServletRequest request,
            Model model) {
        Topic topic = visit.topic(name);
        Slice<Partition> shown = Slice.of(topic.partitions(), Slice.page(page), PAGE);
        List<TopicPartition> led = shown.items().stream()
                .filter(partition -> !partition.offline())
                .map(partition -> new TopicPartition(name, partition.id()))
                .toList();
        List<Writer> writers = new ArrayList<>();
        List<Wording> gaps = new ArrayList<>();
        DescribeProducersResult answers = visit.asking().describeProducers(led);
        for (TopicPartition at : led) {
            try {
                visit.cluster()
                        .await(answers.partitionResult(at), Wording.of("doing.producers"))
                        .activeProducers()
                        .forEach(state -> writers.add(Writer.of(at.partition(), state)));
            } catch (ClusterFailure untold) {
                gaps.add(Wording.of("topics.producers.gap", Integer.toString(at.partition()), untold.wording()));
            }
        }
        writers.sort(Comparator.comparingInt(Writer::partition).thenComparingLong(Writer::id));
        model.addAttribute("section", "topics");
        model.addAttribute("tab", "producers");
        model.addAttribute("topic", topic);
        model.addAttribute("address", Addresses.topic(visit.key(), name));
        model.addAttribute("shown", shown);
        model.addAttribute("writers", writers);
        model.addAttribute("gaps", gaps);
        return Live.view(request, "producers", "live");
    }
}
