package io.ottla.console.security;

import jakarta.servlet.http.HttpServletRequest;

/** Tells browsers, which send what they keep by themselves, from programs, which send what they are told to. */
final class Browser {
    private static final String BASIC = "Basic ";
    private static final String BEARER = "Bearer ";

    private Browser() {}

    static boolean sent(HttpServletRequest request) {
        return request.getHeader("Sec-Fetch-Site") != null || request.getHeader("Origin") != null;
    }

    /**
     * Whether a page of another site sent this. A proxy in front may speak TLS and so change the scheme, but has to leave
     * the name by which it was asked.
     */
    static boolean isForeign(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            return !site.equals("same-origin") && !site.equals("none");
        }
        String origin = request.getHeader("Origin");
        if (origin == null) {
            return false;
        }
        String host = request.getHeader("Host");
        return host == null || !origin.equals("http://" + host) && !origin.equals("https://" + host);
    }

    /** Whether a password or token came along, right or wrong. */
    static boolean bringsPassword(HttpServletRequest request) {
        return request.getHeader("Authorization") != null;
    }

    /** The token that came along; empty where there is none. */
    static String token(HttpServletRequest request) {
        String authorization = request.getHeader("Authorization");
        return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? authorization.substring(BEARER.length()).strip()
                : "";
    }

    /** Whether a program sent this with a user name and password or a token, which no page in somebody's browser can forge. */
    static boolean isProgramWithPassword(HttpServletRequest request) {
        String authorization = request.getHeader("Authorization");
        return authorization != null
                && (authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())
                        || !token(request).isEmpty())
                && !sent(request);
    }
}
