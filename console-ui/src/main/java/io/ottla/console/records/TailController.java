package io.ottla.console.records;

import io.ottla.console.access.Action;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.pages.Addresses;
import io.ottla.console.pages.Figures;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.thymeleaf.ITemplateEngine;
import org.thymeleaf.context.Context;

/** Records as they come: a page, and the events that fill it (server-sent events of HTML). */
@Controller
@RequestMapping("/clusters/{cluster}/topics/{name}/records/tail")
final class TailController {
    private static final Logger log = LoggerFactory.getLogger(TailController.class);

    private final RecordBrowser browser;
    private final Tail tail;
    private final ITemplateEngine templates;

    TailController(RecordBrowser browser, Tail tail, ITemplateEngine templates) {
        this.browser = browser;
        this.tail = tail;
        this.templates = templates;
    }

    @GetMapping
    String page(
            Visit visit,
            @PathVariable String name,
            @RequestParam Map<String, String> parameters,
            HttpServletResponse response,
            Model model) {
        visit.require(Action.READ_RECORDS, name);
        RecordsController.frame(visit, name, browser, model);
        model.addAttribute("query", RecordQuery.of(Map.of()));
        try {
            visit.topic(name);
            RecordQuery query = RecordQuery.of(following(parameters));
            model.addAttribute("query", query);
            model.addAttribute("events", query.parameters(null));
        } catch (Unreadable unreadable) {
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            model.addAttribute("problem", unreadable.wording());
        }
        return "records-tail";
    }

    /** A tail has no beginning that could be chosen. */
    private static Map<String, String> following(Map<String, String> parameters) {
        Map<String, String> left = new java.util.HashMap<>(parameters);
        left.keySet().removeAll(Set.of("from", "offset", "time", "cursor"));
        return left;
    }

    /** Holds a thread as long as somebody reads; it is a virtual one. */
    @GetMapping("/events")
    void events(
            Visit visit,
            @PathVariable String name,
            @RequestParam Map<String, String> parameters,
            Locale language,
            HttpServletResponse response)
            throws IOException {
        RecordQuery query;
        try {
            query = RecordQuery.of(following(parameters));
        } catch (Unreadable unreadable) {
            throw new ClusterFailure(ClusterFailure.Reason.REFUSED, unreadable.wording(), unreadable);
        }
        visit.require(Action.READ_RECORDS, name);
        response.setContentType("text/event-stream");
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.setHeader("X-Accel-Buffering", "no");
        PrintWriter to = response.getWriter();
        String address = Addresses.topic(visit.key(), name) + "/records";
        Wording end;
        try {
            Tail.Limits limits = Tail.Limits.OF_PAGE;
            end = why(tail.follow(visit, name, query, limits, (rows, left) -> {
                if (!rows.isEmpty()) {
                    event(to, "rows", rows(rows.reversed(), address, query, language));
                }
                if (left > 0) {
                    event(to, "note", note(Wording.of("records.tail.left", left), language));
                }
                to.write(":\n\n");
                if (to.checkError()) {
                    throw new IOException("Nobody reads the tail any more");
                }
            }));
        } catch (ClusterFailure failure) {
            end = failure.wording();
        } catch (IOException goneAway) {
            log.debug("Nobody reads the tail any more", goneAway);
            return;
        }
        event(to, "note", note(end, language));
        event(to, "end", "");
        to.flush();
    }

    private static Wording why(Tail.Outcome outcome) {
        return switch (outcome.end()) {
            case RECORDS -> Wording.of("records.tail.rows", outcome.shown());
            case TIME ->
                Wording.of("records.tail.time", Tail.Limits.OF_PAGE.longest().toMinutes());
            case CLOSING -> Wording.of("failure.closing");
        };
    }

    private String rows(List<RecordView> rows, String address, RecordQuery query, Locale language) {
        return templates.process(
                "records-rows",
                Set.of("rows"),
                new Context(
                        language,
                        Map.of(
                                "rows", rows,
                                "address", address,
                                "query", query,
                                "figures", new Figures(language))));
    }

    private String note(Wording wording, Locale language) {
        return templates.process("records-rows", Set.of("note"), new Context(language, Map.of("note", wording)));
    }

    private static void event(PrintWriter to, String name, String data) {
        to.write("event: " + name + "\n");
        data.lines().forEach(line -> to.write("data: " + line + "\n"));
        if (data.isEmpty()) {
            to.write("data:\n");
        }
        to.write("\n");
    }
}
