package io.ottla.config;

import java.util.regex.Pattern;

/**
 * Judges {@code zookeeper.connect} before anybody connects: {@code host[:port],…[/chroot]}, as ZooKeeper's client reads
 * it; an address of IPv6 stands in brackets.
 */
final class ConnectText {
    private static final Pattern SERVER = Pattern.compile("(\\[[0-9a-fA-F:.%\\w]+]|[\\w.-]+)(:(\\d{1,5}))?");
    private static final int MAX_PORT = 65_535;

    private ConnectText() {}

    /** Why a text can't be used, to follow "but"; null where it can. */
    static String refusal(String text) {
        int slash = text.indexOf('/');
        String servers = slash < 0 ? text : text.substring(0, slash);
        for (String server : servers.split(",", -1)) {
            var matcher = SERVER.matcher(server.strip());
            if (!matcher.matches()) {
                return "'" + server.strip() + "' is no host:port";
            }
            String port = matcher.group(3);
            if (port != null && (Integer.parseInt(port) < 1 || Integer.parseInt(port) > MAX_PORT)) {
                return port + " is no port from 1 to " + MAX_PORT;
            }
        }
        return slash < 0 ? null : pathRefusal(text.substring(slash));
    }

    private static String pathRefusal(String path) {
        if (path.equals("/")) {
            return null;
        }
        for (String part : path.substring(1).split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return "'" + path + "' is no path in ZooKeeper";
            }
            if (part.chars().anyMatch(Character::isISOControl)) {
                return "its path holds a control character";
            }
        }
        return null;
    }
}
