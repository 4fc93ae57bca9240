package io.ottla.console.reassignment;

import io.ottla.console.access.Action;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Partition;
import io.ottla.console.clusters.Topic;
import io.ottla.console.pages.Addresses;
import io.ottla.console.pages.Live;
import io.ottla.console.pages.Slice;
import io.ottla.console.reassignment.Typed.Unreadable;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The replicas of one broker: sizes, roles, folders; and their moves between folders. */
@Controller
@RequestMapping("/clusters/{cluster}/brokers/{id}/replicas")
final class ReplicasController {
    private static final int PAGE = 50;
    private static final int MAX_TEXT = 249;

    /** @param role {@code leader}, {@code in-sync}, {@code behind} or {@code none} where the cluster counts it no more */
    public record Row(BrokerReplica replica, String role) {}

    @GetMapping
    String replicas(
            Visit visit,
            @PathVariable int id,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(defaultValue = "") String folder,
            @RequestParam(defaultValue = "") String sort,
            @RequestParam(required = false) String page,
            @RequestParam(required = false) String moved,
            HttpServletRequest request,
            Model model) {
        show(visit, id, q, folder, sort, page, model);
        model.addAttribute("moved", moved != null);
        model.addAttribute("problem", null);
        return Live.view(request, "broker-replicas", "live");
    }

    @Needs(Action.MOVE_LOG_FOLDERS)
    @PostMapping
    String move(
            Visit visit,
            @PathVariable int id,
            @RequestParam(required = false) List<String> replica,
            @RequestParam(defaultValue = "") String to,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(defaultValue = "") String folder,
            @RequestParam(defaultValue = "") String sort,
            @RequestParam(required = false) String page,
            HttpServletResponse response,
            Model model) {
        Wording problem;
        try {
            if (replica == null || replica.isEmpty()) {
                throw new Unreadable(Wording.of("replicas.none-chosen"));
            }
            FolderMoves.move(visit, id, Typed.partitions(replica), to);
            return "redirect:" + address(visit, id) + "?moved&q=" + Addresses.parameter(q);
        } catch (Unreadable unreadable) {
            problem = unreadable.wording();
        } catch (ClusterFailure failure) {
            problem = PlanController.requireRefusal(failure);
        }
        response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
        show(visit, id, q, folder, sort, page, model);
        model.addAttribute("moved", false);
        model.addAttribute("problem", problem);
        return "broker-replicas";
    }

    private static void show(Visit visit, int id, String q, String folder, String sort, String page, Model model) {
        FolderMoves.Disks disks = FolderMoves.of(visit, id);
        String text = q.strip().substring(0, Math.min(MAX_TEXT, q.strip().length()));
        boolean bySize = sort.equals("size");
        Slice<BrokerReplica> shown = Slice.of(
                disks.replicas().stream()
                        .filter(each -> each.partition()
                                        .toString()
                                        .toLowerCase(Locale.ROOT)
                                        .contains(text.toLowerCase(Locale.ROOT))
                                && (folder.isEmpty() || each.folder().equals(folder)))
                        .sorted(bySize ? BrokerReplica.LARGEST_FIRST : BrokerReplica.BY_NAME)
                        .toList(),
                Slice.page(page),
                PAGE);
        Map<TopicPartition, Partition> partitions = partitions(visit, shown.items());
        model.addAttribute("section", "brokers");
        model.addAttribute("broker", id);
        model.addAttribute("ofBroker", Addresses.broker(visit.key(), id));
        model.addAttribute("address", address(visit, id));
        model.addAttribute("folders", disks.folders());
        model.addAttribute(
                "moving",
                disks.replicas().stream().filter(BrokerReplica::isMoving).count());
        model.addAttribute("shown", shown);
        model.addAttribute(
                "rows",
                shown.items().stream()
                        .map(each -> new Row(each, role(partitions.get(each.partition()), id)))
                        .toList());
        model.addAttribute("text", text);
        model.addAttribute("folder", folder);
        model.addAttribute("sort", bySize ? "size" : "name");
    }

    /** Only the topics of this page are asked for. */
    private static Map<TopicPartition, Partition> partitions(Visit visit, List<BrokerReplica> replicas) {
        Set<String> names =
                replicas.stream().map(each -> each.partition().topic()).collect(Collectors.toSet());
        Map<TopicPartition, Partition> partitions = new HashMap<>();
        for (Topic topic : Layouts.topics(visit, names)) {
            topic.partitions()
                    .forEach(partition -> partitions.put(new TopicPartition(topic.name(), partition.id()), partition));
        }
        return partitions;
    }

    static String role(Partition partition, int broker) {
        if (partition == null || !partition.replicas().contains(broker)) {
            return "none";
        }
        if (partition.leader() == broker) {
            return "leader";
        }
        return partition.inSync().contains(broker) ? "in-sync" : "behind";
    }

    private static String address(Visit visit, int id) {
        return Addresses.broker(visit.key(), id) + "/replicas";
    }
}
