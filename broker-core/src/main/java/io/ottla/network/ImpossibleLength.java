package io.ottla.network;

/**
 * What to say of a request whose length can't be one. Mostly it is none: the first bytes of another protocol stand in its
 * place, because a client's and a listener's settings don't go together.
 */
final class ImpossibleLength {
    /** A record of type handshake (22) of SSL 3.0 to TLS 1.3: 22, 3, minor version, and the first byte of a length. */
    private static final int TLS_HANDSHAKE = 0x1603;

    private static final int NEWEST_TLS = 4;

    /** The first four bytes of a request of HTTP/1, and of the preface of HTTP/2. */
    private static final String HTTP = "GET HEADPOSTPUT DELEOPTIPATCCONNTRACPRI ";

    private ImpossibleLength() {}

    /**
     * @param length as received
     * @param most what a request may have
     * @param authenticated whether that is what anybody's may have, or a stranger's
     */
    static String text(int length, int most, boolean authenticated) {
        String limit = authenticated ? "(socket.request.max.bytes)" : "before authentication";
        return "expected a request of 0 to " + most + " bytes " + limit + ", but " + found(length);
    }

    private static String found(int length) {
        if (length >>> 16 == TLS_HANDSHAKE && (length >>> 8 & 0xff) <= NEWEST_TLS) {
            return "it begins like a TLS handshake, and this listener takes plain text: set security.protocol of the client"
                    + " to what the listener has, or have it connect to a listener with TLS";
        }
        if (isHttp(length)) {
            return "it begins like a request of HTTP (" + ascii(length).trim()
                    + "), and this listener speaks Kafka's protocol: the console and metrics have a port of their own"
                    + " (server.port)";
        }
        return "its length says " + length;
    }

    private static boolean isHttp(int bytes) {
        String text = ascii(bytes);
        for (int at = 0; at < HTTP.length(); at += Integer.BYTES) {
            if (HTTP.startsWith(text, at)) {
                return true;
            }
        }
        return false;
    }

    private static String ascii(int bytes) {
        StringBuilder text = new StringBuilder(Integer.BYTES);
        for (int shift = 24; shift >= 0; shift -= 8) {
            text.append((char) (bytes >>> shift & 0xff));
        }
        return text.toString();
    }
}
