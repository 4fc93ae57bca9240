package io.ottla.console.zookeeper;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ZooKeeperPort;
import io.ottla.console.pages.Mistyped;
import io.ottla.console.pages.Slice;
import io.ottla.console.words.Wording;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A cluster's ZooKeeper for programs: to look at alone. */
@RestController
@RequestMapping(path = "/api/v1/clusters/{clusterId}/zookeeper", produces = MediaType.APPLICATION_JSON_VALUE)
final class ZooKeeperResource {
    private static final Pattern PAGE = Pattern.compile("[1-9]\\d{0,8}");

    private final ZooKeepers zooKeepers;

    ZooKeeperResource(ZooKeepers zooKeepers) {
        this.zooKeepers = zooKeepers;
    }

    /**
     * The servers.
     *
     * @param session of the broker beside the console; null of other clusters and where there is none
     */
    record EnsembleData(
            String kind, @JsonProperty("cluster_id") String clusterId, List<MemberData> members, SessionData session) {}

    /**
     * A server. What it does not say is null.
     *
     * @param note what could not be asked, and why; null where all could
     */
    record MemberData(
            String address,
            boolean answers,
            String mode,
            String version,
            @JsonProperty("average_latency_ms") Double averageMs,
            @JsonProperty("max_latency_ms") Double longestMs,
            Long connections,
            @JsonProperty("outstanding_requests") Long outstanding,
            Long watches,
            Long nodes,
            @JsonProperty("data_bytes") Long bytes,
            String note) {
        static MemberData of(ZooKeeperPort.Member member) {
            return new MemberData(
                    member.address(),
                    member.answers(),
                    said(member.mode()),
                    said(member.version()),
                    said(member.averageMs()),
                    said(member.longestMs()),
                    said(member.connections()),
                    said(member.outstanding()),
                    said(member.watches()),
                    said(member.nodes()),
                    said(member.bytes()),
                    member.note() == null ? null : member.note().toString());
        }
    }

    /** How the broker beside the console is connected. */
    record SessionData(
            String connect,
            String id,
            String state,
            Instant since,
            @JsonProperty("timeout_ms") int timeoutMs) {
        static SessionData of(ZooKeeperPort.Session session) {
            return new SessionData(
                    session.connect(), session.id(), session.state(), session.since(), session.timeoutMs());
        }
    }

    /**
     * A node.
     *
     * @param shown how its content is: {@code text}, {@code none}, {@code secret}, {@code binary} or {@code cut}
     * @param content null where it is not shown
     * @param owner the session that it goes with; null where it stays
     * @param children names on this page, in their order
     */
    record NodeData(
            String kind,
            @JsonProperty("cluster_id") String clusterId,
            String path,
            int version,
            String owner,
            @JsonProperty("created_at") Instant created,
            @JsonProperty("changed_at") Instant changed,
            int bytes,
            String shown,
            String content,
            List<String> children,
            @JsonProperty("children_count") int childrenCount,
            int page,
            int pages) {}

    @GetMapping
    EnsembleData ensemble(Visit visit, @PathVariable String clusterId) {
        return new EnsembleData(
                "ZooKeeperEnsemble",
                clusterId,
                zooKeepers.ensemble(visit).stream().map(MemberData::of).toList(),
                zooKeepers.session(visit).map(SessionData::of).orElse(null));
    }

    @GetMapping("/nodes")
    NodeData node(
            Visit visit,
            @PathVariable String clusterId,
            @RequestParam(defaultValue = "/") String path,
            @RequestParam(defaultValue = "1") String page) {
        ZooKeeperPort.Node node = zooKeepers.node(visit, path);
        if (!PAGE.matcher(page).matches()) {
            throw new Mistyped(Wording.of("zookeeper.bad-page", page.length() <= 100 ? page : page.substring(0, 100)));
        }
        NodeView view = NodeView.of(node);
        Slice<String> children = Slice.of(node.children(), Integer.parseInt(page), ZooKeepers.CHILDREN);
        boolean isShown = view.why() == NodeView.Kind.TEXT || view.why() == NodeView.Kind.CUT;
        return new NodeData(
                "ZooKeeperNode",
                clusterId,
                node.path(),
                node.version(),
                said(node.owner()),
                node.created(),
                node.changed(),
                view.bytes(),
                view.why().name().toLowerCase(Locale.ROOT),
                isShown ? view.text() : null,
                children.items(),
                children.total(),
                children.page(),
                children.pages());
    }

    private static String said(String text) {
        return text.isEmpty() ? null : text;
    }

    private static Long said(long number) {
        return number < 0 ? null : number;
    }

    private static Double said(double number) {
        return number < 0 ? null : number;
    }
}
