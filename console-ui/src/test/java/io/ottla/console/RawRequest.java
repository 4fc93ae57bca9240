package io.ottla.console;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A request as somebody may write it who heeds no rule, which no client of HTTP would send. */
public final class RawRequest {
    private RawRequest() {}

    /** Sends these lines, and returns the whole answer. */
    public static String send(TestingConsole console, String... lines) throws IOException {
        URI at = URI.create(console.address());
        try (Socket socket = new Socket(at.getHost(), at.getPort())) {
            socket.setSoTimeout(30_000);
            String request = String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
