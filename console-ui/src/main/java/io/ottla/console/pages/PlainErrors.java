package io.ottla.console.pages;

import io.ottla.console.security.Paths;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.Container;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;

/**
 * Answers what the web server refuses before it comes to any page, as an address that can't be read: below the API's paths
 * by its error body, else by a short page. Nothing of the request is repeated.
 */
public final class PlainErrors extends ErrorReportValve {
    /** Has this answer in a host, and nobody else. */
    static void answerFor(Container host) {
        host.getPipeline().addValve(new PlainErrors());
        ((StandardHost) host).setErrorReportValveClass(PlainErrors.class.getName());
    }

    @Override
    protected void report(Request request, Response response, Throwable failure) {
        int status = response.getStatus();
        AtomicBoolean open = new AtomicBoolean();
        response.getCoyoteResponse().action(ActionCode.IS_IO_ALLOWED, open);
        if (status < HttpServletResponse.SC_BAD_REQUEST
                || response.getContentWritten() > 0
                || !response.setErrorReported()
                || !open.get()) {
            return;
        }
        String path = request.getRequestURI();
        boolean api = path != null && Paths.isApi(path);
        response.setContentType(api ? "application/json" : "text/html");
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        response.setHeader("X-Content-Type-Options", "nosniff");
        try {
            Writer writer = response.getReporter();
            if (writer != null) {
                writer.write(api ? json(status) : page(status));
                response.finishResponse();
            }
        } catch (IOException goneAway) {
            container.getLogger().debug("Nobody reads the answer any more", goneAway);
        }
    }

    private static String json(int status) {
        return "{\"error_code\":" + status + ",\"message\":\"" + sentence(status) + "\"}";
    }

    private static String page(int status) {
        String title =
                status == HttpServletResponse.SC_BAD_REQUEST ? "That could not be understood" : "That did not work";
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%1$s · Ottla</title></head>
                <body><main><h1>%1$s</h1><p>%2$s</p></main></body>
                </html>
                """.formatted(title, sentence(status));
    }

    private static String sentence(int status) {
        return switch (status) {
            case HttpServletResponse.SC_BAD_REQUEST ->
                "The address or what was sent with it can't be read. A slash in a name is written ~2F.";
            case HttpServletResponse.SC_NOT_FOUND -> "Nothing is there.";
            default -> "Status " + status + ".";
        };
    }
}
