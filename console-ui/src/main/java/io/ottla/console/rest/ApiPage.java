package io.ottla.console.rest;

import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import tools.jackson.databind.json.JsonMapper;

/** The API to look at and to try out, by Swagger UI over the document, with the session of whoever looks. */
@Controller
final class ApiPage {
    /** As on every page, but that Swagger UI's style sheet has its pictures in itself. */
    private static final String CONTENT = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** What Swagger UI says, which knows English alone: keys of our bundles, in which the English text is that of Swagger UI. */
    private static final List<String> SAID = List.of(
            "try",
            "cancel",
            "execute",
            "clear",
            "reset",
            "parameters",
            "no-parameters",
            "name",
            "description",
            "body",
            "responses",
            "response",
            "response-body",
            "response-headers",
            "duration",
            "url",
            "code",
            "details",
            "links",
            "no-links",
            "media",
            "controls",
            "header",
            "example",
            "edit",
            "schema",
            "servers",
            "filter",
            "empty",
            "expand-all",
            "collapse-all",
            "expand",
            "collapse",
            "copy",
            "download");

    @GetMapping("/api")
    String page(HttpServletResponse response, Locale language, Model model) {
        response.setHeader("Content-Security-Policy", CONTENT);
        model.addAttribute("section", "api");
        model.addAttribute("words", JSON.writeValueAsString(words(language)));
        return "api";
    }

    /** By the English text. */
    private static Map<String, String> words(Locale language) {
        Map<String, String> words = new LinkedHashMap<>();
        for (String key : SAID) {
            Wording word = Wording.of("api.ui." + key);
            words.put(word.in(Locale.ENGLISH), word.in(language));
        }
        return words;
    }
}
