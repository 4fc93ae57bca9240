package io.ottla.console.rest;

import jakarta.servlet.http.HttpServletResponse;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The API to look at and to try out, by Swagger UI over the document, with the session of whoever looks. */
@Controller
final class ApiPage {
    /** As on every page, but that Swagger UI's style sheet has its pictures in itself. */
    private static final String CONTENT = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    @GetMapping("/api")
    String page(HttpServletResponse response, Model model) {
        response.setHeader("Content-Security-Policy", CONTENT);
        model.addAttribute("section", "api");
        return "api";
    }
}
