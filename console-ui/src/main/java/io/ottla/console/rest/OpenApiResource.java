package io.ottla.console.rest;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the API offers, as programs read it: OpenAPI 3.1, kept by hand and held true by a test. */
@RestController
final class OpenApiResource {
    private final Resource document = new ClassPathResource("/io/ottla/console/openapi.yaml");

    @GetMapping(
            path = {"/v3/openapi.yaml", "/kafka/v3/openapi.yaml"},
            produces = "application/yaml")
    Resource document() {
        return document;
    }
}
