package io.ottla.console.zookeeper;

import io.ottla.console.access.Action;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterDefinition.Origin;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterFailure.Reason;
import io.ottla.console.clusters.ZooKeeperPort;
import io.ottla.console.pages.Live;
import io.ottla.console.pages.Slice;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** A cluster's ZooKeeper: how its servers are, and what nodes it has. */
@Controller
@RequestMapping("/clusters/{cluster}/zookeeper")
final class ZooKeeperController {
    private static final int CHILDREN = 100;
    private static final int MAX_PATH = 2_000;
    /** No empty part, and none that leads elsewhere. */
    private static final Pattern PATH = Pattern.compile("/|(?:/(?!\\.{1,2}(?:/|$))[^/\\p{Cntrl}]+)+");

    private final Optional<ZooKeeperPort> port;

    /** @param port empty where the process has no client for it */
    ZooKeeperController(Optional<ZooKeeperPort> port) {
        this.port = port;
    }

    boolean hasOne(Visit visit) {
        return port.isPresent()
                && (visit.managed().definition().origin() == Origin.BESIDE
                        || !visit.managed().definition().zooKeeper().isEmpty());
    }

    @GetMapping
    String ensemble(Visit visit, HttpServletRequest request, Model model) {
        visit.require(Action.VIEW_CLUSTER);
        ZooKeeperPort asked = asked(visit);
        boolean own = visit.managed().definition().origin() == Origin.BESIDE;
        model.addAttribute("section", "zookeeper");
        model.addAttribute("members", asked.ensemble(connect(visit)));
        model.addAttribute("connection", own ? asked.session().orElse(null) : null);
        model.addAttribute("mayLook", visit.may(Action.VIEW_ZOOKEEPER));
        return Live.view(request, "zookeeper", "live");
    }

    @GetMapping("/nodes")
    String node(
            Visit visit,
            @RequestParam(defaultValue = "/") String path,
            @RequestParam(defaultValue = "1") String page,
            Model model) {
        visit.require(Action.VIEW_ZOOKEEPER);
        if (path.length() > MAX_PATH || !PATH.matcher(path).matches()) {
            throw new ClusterFailure(Reason.REFUSED, Wording.of("zookeeper.bad-path"));
        }
        ZooKeeperPort.Node found = asked(visit)
                .node(connect(visit), path)
                .orElseThrow(() -> new ClusterFailure(Reason.NOT_FOUND, Wording.of("zookeeper.no-node", path)));
        model.addAttribute("section", "zookeeper");
        model.addAttribute("view", NodeView.of(found));
        model.addAttribute("children", Slice.of(found.children(), number(page), CHILDREN));
        return "zookeeper-node";
    }

    private ZooKeeperPort asked(Visit visit) {
        if (!hasOne(visit)) {
            throw new ClusterFailure(Reason.NOT_FOUND, Wording.of("zookeeper.none"));
        }
        return port.orElseThrow();
    }

    private static String connect(Visit visit) {
        return visit.managed().definition().origin() == Origin.BESIDE
                ? ""
                : visit.managed().definition().zooKeeper();
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException none) {
            return 1;
        }
    }
}
