package io.ottla.console.rest;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What the API offers, as programs read it: OpenAPI 3.1, kept by hand and held true by a test. */
@RestController
final class OpenApiResource {
    private final OpenApiDocument document = new OpenApiDocument();

    /** @param language that it speaks to people in; programs that name none get English */
    @GetMapping(
            path = {"/v3/openapi.yaml", "/kafka/v3/openapi.yaml"},
            produces = "application/yaml")
    byte[] document(@RequestParam(defaultValue = "en") Locale language) {
        return document.in(language).getBytes(StandardCharsets.UTF_8);
    }
}
