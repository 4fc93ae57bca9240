package io.ottla.console.security;

import jakarta.servlet.http.HttpServletRequest;

/** Which paths are whose. */
public final class Paths {
    /** Attribute of a request that comes back from elsewhere: where he who sends it had wanted to go. */
    static final String WANTED = Paths.class.getName() + ".wanted";

    private Paths() {}

    /** Whether a program asks for JSON here, so that errors come as JSON too. */
    public static boolean isApi(HttpServletRequest request) {
        String path = request.getRequestURI();
        return isApi(
                path.substring(Math.min(path.length(), request.getContextPath().length())));
    }

    /** The same of a path below the context's. */
    public static boolean isApi(String path) {
        return isAtOrBelow(path, "/v3") || isAtOrBelow(path, "/kafka/v3") || isAtOrBelow(path, "/api/v1");
    }

    private static boolean isAtOrBelow(String path, String root) {
        return path.startsWith(root) && (path.length() == root.length() || path.charAt(root.length()) == '/');
    }

    /** Where he who sends this wants to be after the login; empty where that is nowhere in particular. */
    static String wanted(HttpServletRequest request) {
        String to = request.getAttribute(WANTED) instanceof String kept ? kept : request.getParameter("to");
        return isOurs(to) ? to : "";
    }

    /** Whether somebody may be sent to this path of ours after the login: a plain path, never another site. */
    public static boolean isOurs(String path) {
        return path != null
                && path.length() <= 2000
                && path.startsWith("/")
                && !path.startsWith("//")
                && path.chars().allMatch(Paths::isPlain);
    }

    private static boolean isPlain(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "/._~?=&%+-".indexOf(c) >= 0;
    }
}
