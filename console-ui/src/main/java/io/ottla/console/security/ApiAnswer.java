package io.ottla.console.security;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Writes a refusal in the form that programs expect of this address. Implemented by whoever owns that form. */
@FunctionalInterface
public interface ApiAnswer {
    /** @param status of HTTP */
    void write(HttpServletResponse response, int status, String message) throws IOException;
}
