package io.ottla.console.groups;

import io.ottla.console.access.Action;
import io.ottla.console.access.Visit;
import io.ottla.console.lag.GroupFigures;
import io.ottla.console.lag.GroupKey;
import io.ottla.console.lag.GroupLag;
import io.ottla.console.lag.LagHistory;
import io.ottla.console.lag.LagWatch;
import io.ottla.console.lag.LagWatches;
import io.ottla.console.lag.ListedGroup;
import io.ottla.console.lag.TopicFigures;
import io.ottla.console.pages.Addresses;
import io.ottla.console.pages.Live;
import io.ottla.console.pages.Slice;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The list of groups, and the groups of a topic. */
@Controller
@RequestMapping("/clusters/{cluster}")
final class GroupsController {
    /** Groups of a topic on one page. */
    private static final int MOST = 100;

    private static final List<String> TYPES = List.of("CLASSIC", "CONSUMER", "SHARE", "STREAMS", "ZOOKEEPER");
    private static final List<String> STATES = List.of(
            "STABLE",
            "EMPTY",
            "PREPARING_REBALANCE",
            "COMPLETING_REBALANCE",
            "ASSIGNING",
            "RECONCILING",
            "NOT_READY",
            "DEAD");

    private final LagWatches watches;
    private final InstantSource clock;

    GroupsController(LagWatches watches, InstantSource clock) {
        this.watches = watches;
        this.clock = clock;
    }

    @GetMapping("/groups")
    String groups(
            Visit visit,
            @RequestParam(required = false) String q,
            @RequestParam(required = false) String type,
            @RequestParam(required = false) String state,
            @RequestParam(required = false) String sort,
            @RequestParam(required = false) String dir,
            @RequestParam(required = false) String page,
            @RequestParam(required = false) String deleted,
            HttpServletRequest request,
            Model model) {
        GroupQuery query = GroupQuery.of(Addresses.groups(visit.key()), q, type, state, sort, dir, page);
        LagWatch watch = watches.of(visit.managed());
        watch.known(); // begins to be read while the cluster is asked
        GroupReader.All all = GroupReader.all(visit, query.needsStates());
        LagHistory history = watch.look();
        Map<GroupKey, GroupFigures> figures = query.order().numeric() ? figures(visit, history) : Map.of();
        Slice<ListedGroup> shown = query.select(all.groups(), figures);
        Map<GroupKey, Group> described = GroupReader.describe(visit, shown.items());
        Map<GroupKey, GroupLag> lags = GroupReader.lags(visit, shown.items());
        Instant now = clock.instant();
        List<GroupRow> rows = shown.items().stream()
                .map(listing -> row(
                        visit,
                        listing,
                        described.get(listing.key()),
                        lags.get(listing.key()),
                        LagView.spark(visit, history, listing.key(), now)))
                .toList();
        model.addAttribute("unread", all.problem());
        model.addAttribute("section", "groups");
        model.addAttribute("query", query);
        model.addAttribute("columns", GroupOrder.values());
        model.addAttribute("types", TYPES);
        model.addAttribute("states", STATES);
        model.addAttribute("groups", shown);
        model.addAttribute("rows", rows);
        model.addAttribute("deleted", deleted);
        model.addAttribute("watch", watch);
        model.addAttribute("sampled", history.lastSample().orElse(null));
        model.addAttribute(
                "readAt", lags.values().stream().map(GroupLag::at).findFirst().orElse(now));
        return Live.view(request, "groups", "found");
    }

    private static Map<GroupKey, GroupFigures> figures(Visit visit, LagHistory history) {
        Map<GroupKey, GroupFigures> visible = new HashMap<>();
        history.figures().forEach((key, figures) -> visible.put(key, GroupReader.visible(visit, figures)));
        return visible;
    }

    private static GroupRow row(Visit visit, ListedGroup listing, Group group, GroupLag lag, Spark spark) {
        return new GroupRow(
                listing.key(),
                GroupAddress.of(visit.key(), listing.key()),
                (group == null ? listing.kind() : group.type()).name(),
                listing.protocol(),
                (group == null ? listing.state() : group.state()).name(),
                group == null ? -1 : group.members().size(),
                lag == null ? -1 : lag.total(),
                lag == null ? List.of() : lag.topics(),
                spark);
    }

    /**
     * A group that reads a topic.
     *
     * @param address of its page
     */
    record Reader(GroupKey key, String address, int members, TopicFigures figures) {}

    /** A fragment for the page of the topic; for whoever opens it by itself, a page. */
    @GetMapping("/topics/{name}/groups")
    String ofTopic(Visit visit, @PathVariable String name, HttpServletRequest request, Model model) {
        visit.require(Action.VIEW_TOPIC, name);
        LagWatch watch = watches.of(visit.managed());
        if (watch.known().lastSample().isEmpty() && watch.source() != LagWatch.Source.OFF) {
            visit.topic(name); // a cluster that does not answer has no sample to wait for, and says so here
        }
        LagHistory history = watch.look();
        List<Reader> readers = new ArrayList<>();
        history.readersOf(name).forEach((group, figures) -> {
            if (visit.may(Action.VIEW_GROUP, group.id())) {
                figures.topics().stream()
                        .filter(each -> each.topic().equals(name))
                        .forEach(each -> readers.add(
                                new Reader(group, GroupAddress.of(visit.key(), group), figures.members(), each)));
            }
        });
        readers.sort(Comparator.comparingLong((Reader each) -> each.figures().lag())
                .reversed()
                .thenComparing(Reader::key));
        model.addAttribute("section", "topics");
        model.addAttribute("topicName", name);
        model.addAttribute("readers", readers.subList(0, Math.min(MOST, readers.size())));
        model.addAttribute("readersInAll", readers.size());
        model.addAttribute("watch", watch);
        model.addAttribute("sampled", history.lastSample().orElse(null));
        return Live.view(request, "topic-groups", "readers");
    }
}
