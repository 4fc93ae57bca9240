package io.ottla.console.records;

import io.ottla.console.access.Action;
import io.ottla.console.access.Needs;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Written;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The form that writes records. */
@Controller
@RequestMapping("/clusters/{cluster}/topics/{name}/records/produce")
final class ProduceController {
    private final RecordBrowser browser;

    ProduceController(RecordBrowser browser) {
        this.browser = browser;
    }

    @GetMapping
    String form(
            Visit visit,
            @PathVariable String name,
            @RequestParam(required = false) String sent,
            @RequestParam(required = false) String partition,
            @RequestParam(required = false) String offset,
            Model model) {
        visit.require(Action.PRODUCE, name);
        if (isNumber(sent) && isNumber(partition) && isNumber(offset)) {
            model.addAttribute("sent", Long.parseLong(sent));
            model.addAttribute("partition", partition);
            model.addAttribute("offset", offset);
        }
        return form(visit, name, NewRecordForm.EMPTY, null, model);
    }

    private static boolean isNumber(String text) {
        return text != null && text.matches("\\d{1,18}");
    }

    @Needs(Action.PRODUCE)
    @PostMapping
    String produce(
            Visit visit,
            @PathVariable String name,
            @RequestParam Map<String, String> given,
            HttpServletResponse response,
            Model model) {
        NewRecordForm form = NewRecordForm.of(given);
        try {
            visit.require(Action.PRODUCE, name);
            List<NewRecord> records = form.records();
            List<Written> written = RecordWriter.write(visit, name, records);
            for (int i = 0; i < written.size(); i++) {
                if (written.get(i) instanceof Written.Refused refused) {
                    long done = written.stream()
                            .filter(Written.Done.class::isInstance)
                            .count();
                    return again(
                            visit,
                            name,
                            form,
                            Wording.of(
                                    "records.produce.partly",
                                    done,
                                    written.size(),
                                    i + 1,
                                    refused.why().wording()),
                            response,
                            model);
                }
            }
            RecordMetadata last = ((Written.Done) written.getLast()).at();
            return "redirect:" + io.ottla.console.pages.Addresses.topic(visit.key(), name) + "/records/produce?sent="
                    + written.size() + "&partition=" + last.partition() + "&offset=" + Math.max(0, last.offset());
        } catch (Unreadable unreadable) {
            return again(visit, name, form, unreadable.wording(), response, model);
        } catch (ClusterFailure failure) {
            boolean isOfForm = failure.reason() == ClusterFailure.Reason.REFUSED
                    || failure.kind().equals(Optional.of(ClusterFailure.Kind.NO_SUCH_PARTITION));
            if (!isOfForm) {
                throw failure;
            }
            return again(visit, name, form, failure.wording(), response, model);
        }
    }

    private String again(
            Visit visit, String name, NewRecordForm form, Wording problem, HttpServletResponse response, Model model) {
        response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
        return form(visit, name, form, problem, model);
    }

    private String form(Visit visit, String name, NewRecordForm form, Wording problem, Model model) {
        RecordsController.frame(visit, name, browser, model);
        model.addAttribute("form", form);
        model.addAttribute("problem", problem);
        model.addAttribute("partitions", visit.topic(name).partitions().size());
        return "records-produce";
    }
}
