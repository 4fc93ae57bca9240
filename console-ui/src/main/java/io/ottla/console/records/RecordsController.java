package io.ottla.console.records;

import io.ottla.console.abilities.Abilities;
import io.ottla.console.abilities.Ability;
import io.ottla.console.access.Action;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.pages.Addresses;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The records of a topic, page by page; one of them; and as a file. */
@Controller
@RequestMapping("/clusters/{cluster}/topics/{name}/records")
final class RecordsController {
    private static final String EXPORT_LOOKS_THROUGH = "100000";
    private static final String LIMITS = "Ottla-Export-Limits";
    private static final String END = "Ottla-Export-End";

    private final RecordBrowser browser;
    private final Abilities abilities;

    RecordsController(RecordBrowser browser, Abilities abilities) {
        this.browser = browser;
        this.abilities = abilities;
    }

    @GetMapping
    String records(
            Visit visit,
            @PathVariable String name,
            @RequestParam Map<String, String> parameters,
            HttpServletResponse response,
            Model model) {
        visit.require(Action.READ_RECORDS, name);
        model.addAttribute("query", RecordQuery.of(Map.of()));
        frame(visit, name, browser, model);
        model.addAttribute("topic", visit.topic(name));
        model.addAttribute("tab", "records");
        try {
            RecordQuery query = RecordQuery.of(parameters);
            model.addAttribute("query", query);
            RecordPage page = browser.page(visit, name, query);
            model.addAttribute("page", page);
            model.addAttribute(
                    "settlement", hasTransactions(visit) ? new Settling(visit, name).of(page, query) : Settlement.NONE);
            model.addAttribute("older", page.older() == null ? null : query.parameters(page.older()));
            model.addAttribute("newer", page.newer() == null ? null : query.parameters(page.newer()));
            model.addAttribute("goesOn", goesOn(query, page));
            model.addAttribute("here", query.parameters(query.cursor()));
        } catch (Unreadable unreadable) {
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            model.addAttribute("typed", parameters);
            model.addAttribute("problem", unreadable.wording());
        }
        return "records";
    }

    /** Where none can be, nothing is asked. */
    private boolean hasTransactions(Visit visit) {
        return abilities.has(visit, Ability.TRANSACTIONS);
    }

    private static String goesOn(RecordQuery query, RecordPage page) {
        Cursor next = query.forward() ? page.newer() : page.older();
        return page.unfinished() && next != null ? query.parameters(next) : null;
    }

    @GetMapping("/{partition:\\d{1,9}}/{offset:\\d{1,18}}")
    String one(
            Visit visit,
            @PathVariable String name,
            @PathVariable int partition,
            @PathVariable long offset,
            @RequestParam Map<String, String> parameters,
            Model model) {
        RecordQuery how;
        try {
            how = RecordQuery.of(Map.of(
                    "keys", parameters.getOrDefault("keys", ""), "values", parameters.getOrDefault("values", "")));
        } catch (Unreadable unreadable) {
            how = RecordQuery.of(Map.of());
        }
        RecordView record = browser.one(visit, name, partition, offset, how)
                .orElseThrow(() -> new ClusterFailure(
                        ClusterFailure.Reason.NOT_FOUND,
                        Wording.of("records.gone", Integer.toString(partition), Long.toString(offset))));
        frame(visit, name, browser, model);
        model.addAttribute("query", how);
        model.addAttribute("record", record);
        model.addAttribute(
                "settlement", hasTransactions(visit) ? new Settling(visit, name).of(record) : Settlement.NONE);
        model.addAttribute("asked", offset);
        return "record";
    }

    /** What is shown, or all that one look finds, as a file; nothing of it is kept here. */
    @GetMapping("/export")
    void export(
            Visit visit,
            @PathVariable String name,
            @RequestParam Map<String, String> parameters,
            Locale language,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        visit.require(Action.READ_RECORDS, name);
        Map<String, String> wanted = new LinkedHashMap<>(parameters);
        wanted.putIfAbsent("scan", EXPORT_LOOKS_THROUGH);
        wanted.putIfAbsent("seconds", Integer.toString(RecordQuery.MOST_SECONDS));
        RecordQuery query;
        RecordExport export;
        try {
            query = RecordQuery.of(wanted);
            export = RecordExport.of(parameters.getOrDefault("as", "json"));
        } catch (Unreadable unreadable) {
            throw new ClusterFailure(ClusterFailure.Reason.REFUSED, unreadable.wording(), unreadable);
        }
        boolean pageOnly = "page".equals(parameters.get("only"));
        Writer to = new BufferedWriter(new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8));
        int[] written = {0};
        AtomicReference<Scan.End> end = new AtomicReference<>();
        boolean trailers = !"HTTP/1.0".equals(request.getProtocol());
        try {
            Runnable begin = () -> begin(name, export, query, end, trailers, response, to);
            Scan.Outcome outcome = browser.stream(visit, name, query, begin, record -> {
                try {
                    export.record(record, to);
                } catch (IOException goneAway) {
                    throw new UncheckedIOException(goneAway);
                }
                written[0]++;
                return !pageOnly || written[0] < query.size();
            });
            end.set(outcome.end());
            if (outcome.isCut()) {
                export.cut(cut(outcome, query, language), to);
            }
            to.flush();
        } catch (ClusterFailure failure) {
            // What has not left yet is taken back: the answer is the page that says why there is no file.
            if (!response.isCommitted()) {
                response.reset();
            }
            throw failure;
        } catch (UncheckedIOException goneAway) {
            throw goneAway.getCause();
        }
    }

    private static RecordExport.Cut cut(Scan.Outcome outcome, RecordQuery query, Locale language) {
        Wording why = outcome.end() == Scan.End.RECORDS
                ? Wording.of("records.export.cut.records", outcome.looked())
                : Wording.of("records.export.cut.time", outcome.looked(), query.seconds());
        return new RecordExport.Cut(outcome.end().name().toLowerCase(Locale.ROOT), outcome.looked(), why.in(language));
    }

    /** How far it will come nobody knows yet: the limits are told before, in what it ended behind the file. */
    private static void begin(
            String topic,
            RecordExport export,
            RecordQuery query,
            AtomicReference<Scan.End> end,
            boolean trailers,
            HttpServletResponse response,
            Writer to) {
        response.setHeader(LIMITS, "records=" + query.scan() + ", seconds=" + query.seconds());
        if (trailers) {
            response.setHeader("Trailer", END);
            response.setTrailerFields(() ->
                    end.get() == null ? Map.of() : Map.of(END, end.get().name().toLowerCase(Locale.ROOT)));
        }
        response.setContentType(export.type());
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                ContentDisposition.attachment()
                        .filename(topic + "-records." + export.ending())
                        .build()
                        .toString());
        try {
            export.begin(to);
        } catch (IOException goneAway) {
            throw new UncheckedIOException(goneAway);
        }
    }

    /** What all pages about records show around. */
    static void frame(Visit visit, String topic, RecordBrowser browser, Model model) {
        model.addAttribute("section", "topics");
        model.addAttribute("topicName", topic);
        model.addAttribute("topicAddress", Addresses.topic(visit.key(), topic));
        model.addAttribute("address", Addresses.topic(visit.key(), topic) + "/records");
        model.addAttribute("froms", RecordQuery.From.values());
        model.addAttribute("wheres", RecordFilter.Where.values());
        model.addAttribute("comparisons", RecordFilter.Comparison.values());
        model.addAttribute(
                "formats",
                List.of(Format.values()).stream()
                        .filter(format -> format != Format.REGISTRY || browser.hasRegistry(visit))
                        .toList());
    }
}
