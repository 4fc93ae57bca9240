package io.ottla.console.zookeeper;

import io.ottla.console.access.Action;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ZooKeeperPort;
import io.ottla.console.pages.Live;
import io.ottla.console.pages.Slice;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** A cluster's ZooKeeper: how its servers are, and what nodes it has. */
@Controller
@RequestMapping("/clusters/{cluster}/zookeeper")
final class ZooKeeperController {
    private final ZooKeepers zooKeepers;

    ZooKeeperController(ZooKeepers zooKeepers) {
        this.zooKeepers = zooKeepers;
    }

    @GetMapping
    String ensemble(Visit visit, HttpServletRequest request, Model model) {
        model.addAttribute("section", "zookeeper");
        model.addAttribute("members", zooKeepers.ensemble(visit));
        model.addAttribute("connection", zooKeepers.session(visit).orElse(null));
        model.addAttribute("mayLook", visit.may(Action.VIEW_ZOOKEEPER));
        return Live.view(request, "zookeeper", "live");
    }

    @GetMapping("/nodes")
    String node(
            Visit visit,
            @RequestParam(defaultValue = "/") String path,
            @RequestParam(defaultValue = "1") String page,
            Model model) {
        ZooKeeperPort.Node found = zooKeepers.node(visit, path);
        model.addAttribute("section", "zookeeper");
        model.addAttribute("view", NodeView.of(found));
        model.addAttribute("children", Slice.of(found.children(), Slice.page(page), ZooKeepers.CHILDREN));
        return "zookeeper-node";
    }
}
