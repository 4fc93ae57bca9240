package io.ottla.console.rest;

import static io.ottla.console.pages.Addresses.segment;

import io.ottla.console.access.Visit;
import io.ottla.console.groups.Group;
import io.ottla.console.groups.GroupReader;
import io.ottla.console.groups.Member;
import io.ottla.console.lag.GroupKey;
import io.ottla.console.lag.GroupLag;
import io.ottla.console.lag.ListedGroup;
import io.ottla.console.lag.PartitionLag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Groups of consumers, their members, and how far they are behind. */
@RestController
@RequestMapping(
        path = {"/v3/clusters/{clusterId}/consumer-groups", "/kafka/v3/clusters/{clusterId}/consumer-groups"},
        produces = MediaType.APPLICATION_JSON_VALUE)
final class ConsumerGroupsResource {
    /** Classic groups and those of KIP-848; other kinds are no consumer groups. */
    @GetMapping
    Links.Listed<ConsumerGroupData> groups(Visit visit, @PathVariable String clusterId, HttpServletRequest request) {
        Links links = Links.of(request, clusterId);
        List<ListedGroup> listed = GroupReader.list(visit).stream()
                .filter(ConsumerGroupsResource::isOfConsumers)
                .toList();
        Map<GroupKey, Group> groups = GroupReader.describe(visit, listed);
        return links.listed(
                "KafkaConsumerGroupList",
                "/consumer-groups",
                listed.stream()
                        .map(each -> groups.get(each.key()))
                        .filter(each -> each != null)
                        .map(each -> ConsumerGroupData.of(each, links))
                        .toList());
    }

    private static boolean isOfConsumers(ListedGroup group) {
        return switch (group.kind()) {
            case SHARE, STREAMS, ZOOKEEPER -> false;
            case CONSUMER -> true;
            case CLASSIC, UNKNOWN ->
                group.protocol().isEmpty() || group.protocol().equals("consumer");
        };
    }

    @GetMapping("/{group}")
    ConsumerGroupData group(
            Visit visit, @PathVariable String clusterId, @PathVariable String group, HttpServletRequest request) {
        return ConsumerGroupData.of(GroupReader.group(visit, GroupKey.of(group)), Links.of(request, clusterId));
    }

    @GetMapping("/{group}/consumers")
    Links.Listed<ConsumerData> consumers(
            Visit visit, @PathVariable String clusterId, @PathVariable String group, HttpServletRequest request) {
        Links links = Links.of(request, clusterId);
        return links.listed(
                "KafkaConsumerList",
                "/consumer-groups/" + segment(group) + "/consumers",
                GroupReader.group(visit, GroupKey.of(group)).members().stream()
                        .map(each -> ConsumerData.of(group, each, links))
                        .toList());
    }

    @GetMapping("/{group}/consumers/{consumer}")
    ConsumerData consumer(
            Visit visit,
            @PathVariable String clusterId,
            @PathVariable String group,
            @PathVariable String consumer,
            HttpServletRequest request) {
        return ConsumerData.of(group, member(visit, group, consumer), Links.of(request, clusterId));
    }

    @GetMapping("/{group}/consumers/{consumer}/assignments")
    Links.Listed<ConsumerAssignmentData> assignments(
            Visit visit,
            @PathVariable String clusterId,
            @PathVariable String group,
            @PathVariable String consumer,
            HttpServletRequest request) {
        Links links = Links.of(request, clusterId);
        List<ConsumerAssignmentData> all = new ArrayList<>();
        member(visit, group, consumer)
                .assignment()
                .forEach((topic, partitions) -> partitions.forEach(
                        partition -> all.add(ConsumerAssignmentData.of(group, consumer, topic, partition, links))));
        return links.listed(
                "KafkaConsumerAssignmentList",
                "/consumer-groups/" + segment(group) + "/consumers/" + segment(consumer) + "/assignments",
                all);
    }

    @GetMapping("/{group}/consumers/{consumer}/assignments/{topic}/partitions/{partition}")
    ConsumerAssignmentData assignment(
            Visit visit,
            @PathVariable String clusterId,
            @PathVariable String group,
            @PathVariable String consumer,
            @PathVariable String topic,
            @PathVariable int partition,
            HttpServletRequest request) {
        if (!member(visit, group, consumer)
                .assignment()
                .getOrDefault(topic, List.of())
                .contains(partition)) {
            throw noPartition(consumer, topic, partition);
        }
        return ConsumerAssignmentData.of(group, consumer, topic, partition, Links.of(request, clusterId));
    }

    @GetMapping("/{group}/lag-summary")
    LagSummaryData lagSummary(
            Visit visit, @PathVariable String clusterId, @PathVariable String group, HttpServletRequest request) {
        GroupReader.Whole whole = GroupReader.whole(visit, GroupKey.of(group));
        GroupLag lag = whole.lag();
        PartitionLag most = lag.partitions().stream()
                .filter(each -> each.lag() >= 0)
                .max(Comparator.comparingLong(PartitionLag::lag))
                .orElse(null);
        return LagSummaryData.of(
                group,
                lag.total(),
                most,
                most == null ? null : owner(whole.group(), most),
                Links.of(request, clusterId));
    }

    @GetMapping("/{group}/lags")
    Links.Listed<ConsumerLagData> lags(
            Visit visit, @PathVariable String clusterId, @PathVariable String group, HttpServletRequest request) {
        Links links = Links.of(request, clusterId);
        GroupReader.Whole whole = GroupReader.whole(visit, GroupKey.of(group));
        return links.listed(
                "KafkaConsumerLagList",
                "/consumer-groups/" + segment(group) + "/lags",
                whole.lag().partitions().stream()
                        .map(each -> ConsumerLagData.of(group, each, owner(whole.group(), each), links))
                        .toList());
    }

    @GetMapping("/{group}/lags/{topic}/partitions/{partition}")
    ConsumerLagData lag(
            Visit visit,
            @PathVariable String clusterId,
            @PathVariable String group,
            @PathVariable String topic,
            @PathVariable int partition,
            HttpServletRequest request) {
        GroupReader.Whole whole = GroupReader.whole(visit, GroupKey.of(group));
        PartitionLag found = whole.lag().partitions().stream()
                .filter(each -> each.topic().equals(topic) && each.partition() == partition)
                .findFirst()
                .orElseThrow(() -> noPartition(group, topic, partition));
        return ConsumerLagData.of(group, found, owner(whole.group(), found), Links.of(request, clusterId));
    }

    private static Member member(Visit visit, String group, String consumer) {
        return GroupReader.group(visit, GroupKey.of(group)).members().stream()
                .filter(each -> each.id().equals(consumer))
                .findFirst()
                .orElseThrow(() -> new ApiFailure(
                        ApiError.NOT_FOUND,
                        "Expected a member of " + group + ", but none has the id " + consumer + "."));
    }

    private static Member owner(Group group, PartitionLag lag) {
        return group.members().stream()
                .filter(each ->
                        each.assignment().getOrDefault(lag.topic(), List.of()).contains(lag.partition()))
                .findFirst()
                .orElse(null);
    }

    private static ApiFailure noPartition(String who, String topic, int partition) {
        return new ApiFailure(
                ApiError.NO_SUCH_PARTITION, who + " has nothing in partition " + partition + " of " + topic + ".");
    }
}
