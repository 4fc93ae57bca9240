package io.ottla.console.groups;

import io.ottla.console.access.Action;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.lag.CatchUp;
import io.ottla.console.lag.Course;
import io.ottla.console.lag.GroupKey;
import io.ottla.console.lag.GroupLag;
import io.ottla.console.lag.LagHistory;
import io.ottla.console.lag.LagWatch;
import io.ottla.console.lag.LagWatches;
import io.ottla.console.lag.PartitionLag;
import io.ottla.console.pages.Live;
import io.ottla.console.pages.Slice;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page of one group: members, lag, history. */
@Controller
@RequestMapping({"/clusters/{cluster}/groups/{group}", "/clusters/{cluster}" + GroupAddress.IN_ZOOKEEPER})
final class GroupController {
    /** Partitions on a page. */
    private static final int PAGE = 100;

    /** Over which the rates are measured. */
    private static final Duration PACE = Duration.ofMinutes(5);

    private static final int PACE_STEPS = 30;

    private final LagWatches watches;
    private final InstantSource clock;

    GroupController(LagWatches watches, InstantSource clock) {
        this.watches = watches;
        this.clock = clock;
    }

    @GetMapping
    String group(
            Visit visit,
            GroupKey group,
            @RequestParam(required = false) String topic,
            @RequestParam(required = false) String range,
            @RequestParam(required = false) String sort,
            @RequestParam(required = false) String dir,
            @RequestParam(required = false) String page,
            @RequestParam(required = false) String part,
            @RequestParam(required = false) String done,
            HttpServletRequest request,
            Model model) {
        String address = GroupAddress.of(visit.key(), group);
        GroupPage query = GroupPage.of(address, topic, range, sort, dir, page);
        LagWatch watch = watches.of(visit.managed());
        watch.known(); // begins to be read while the cluster is asked
        Instant now = clock.instant();
        model.addAttribute("section", "groups");
        model.addAttribute("address", address);
        model.addAttribute("query", query);
        model.addAttribute("watch", watch);
        if ("charts".equals(part) && Live.wantsPart(request)) {
            visit.require(Action.VIEW_GROUP, group.id());
            charts(visit, watch.look(), group, query, now, model);
            return Live.view(request, "group", "charts");
        }
        GroupReader.Whole whole = GroupReader.whole(visit, group);
        LagHistory history = watch.look();
        Group described = whole.group();
        GroupLag lag = whole.lag();
        List<PartitionLag> wanted = lag.partitions().stream()
                .filter(each -> query.topic().isEmpty() || each.topic().equals(query.topic()))
                .sorted(query.order().comparator(query.descending()))
                .toList();
        model.addAttribute("group", described);
        model.addAttribute("lag", lag);
        model.addAttribute("sums", TopicLag.of(lag));
        model.addAttribute("shown", Slice.of(wanted, query.page(), PAGE));
        model.addAttribute("offsetColumns", OffsetOrder.values());
        model.addAttribute("owners", owners(described));
        model.addAttribute("twin", twin(visit, group) ? GroupAddress.of(visit.key(), group.other()) : null);
        model.addAttribute("catchUp", catchUp(visit, history, group, lag.total(), now));
        model.addAttribute("done", GroupChangesController.DONE.contains(done == null ? "" : done) ? done : null);
        charts(visit, history, group, query, now, model);
        return Live.view(request, "group", "live");
    }

    /** Whether brokers and ZooKeeper both have a group of that name. */
    private static boolean twin(Visit visit, GroupKey group) {
        if (visit.cluster().zooKeeper().isEmpty()) {
            return false;
        }
        try {
            GroupReader.listing(visit, group.other());
            return true;
        } catch (ClusterFailure none) {
            return false;
        }
    }

    private static void charts(
            Visit visit, LagHistory history, GroupKey group, GroupPage query, Instant now, Model model) {
        Instant from = now.minus(query.range().length());
        Map<String, Course> courses = LagView.courses(visit, history, group, from, now, LagView.STEPS);
        model.addAttribute("topics", courses.keySet());
        if (!query.topic().isEmpty()) {
            courses.keySet().removeIf(topic -> !topic.equals(query.topic()));
        }
        Course sum = Course.sum(from, now, LagView.STEPS, courses.values());
        model.addAttribute("charted", !sum.isUnknown());
        model.addAttribute("ranges", HistoryRange.values());
        if (!sum.isUnknown()) {
            ZoneId zone = ZoneId.systemDefault();
            model.addAttribute("lagChart", Chart.of(sum, query.range(), LagView.lagLines(courses), true, zone));
            model.addAttribute("offsetChart", Chart.of(sum, query.range(), LagView.offsetLines(sum), false, zone));
            model.addAttribute("mostLag", sum.maxLag());
        }
    }

    private static CatchUp catchUp(Visit visit, LagHistory history, GroupKey group, long lag, Instant now) {
        Instant to = history.lastSample().filter(last -> last.isBefore(now)).orElse(now);
        Instant from = to.minus(PACE);
        return CatchUp.of(
                lag,
                Course.sum(
                        from,
                        to,
                        PACE_STEPS,
                        LagView.courses(visit, history, group, from, to, PACE_STEPS)
                                .values()));
    }

    /** Who reads a partition, by {@code topic-partition}. */
    private static Map<String, Member> owners(Group group) {
        Map<String, Member> owners = new HashMap<>();
        for (Member member : group.members()) {
            member.assignment()
                    .forEach((topic, partitions) ->
                            partitions.forEach(partition -> owners.put(topic + "-" + partition, member)));
        }
        return owners;
    }
}
