package io.ottla.console.security;

import jakarta.servlet.http.HttpServletRequest;

/** Tells browsers, which send what they keep by themselves, from programs, which send what they are told to. */
final class Browser {
    private Browser() {}

    static boolean sent(HttpServletRequest request) {
        return request.getHeader("Sec-Fetch-Site") != null || request.getHeader("Origin") != null;
    }

    /** Whether a program sent this with a user name and password, which no page in somebody's browser can forge. */
    static boolean isProgramWithPassword(HttpServletRequest request) {
        String authorization = request.getHeader("Authorization");
        return authorization != null && authorization.regionMatches(true, 0, "Basic ", 0, 6) && !sent(request);
    }
}
