package io.ottla.app.console;

import io.ottla.console.clusters.ZooKeeperPort.Member;
import io.ottla.console.words.Wording;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks a ZooKeeper server how it is by its four-letter words: {@code mntr}, and where that is switched off {@code srvr}, the only
 * one that it answers by default.
 */
final class FourLetterWords {
    private static final int TIMEOUT_MS = 2_000;
    private static final int MAX_BYTES = 64 * 1024;
    private static final String OFF = "not in the whitelist";
    private static final Pattern LATENCY = Pattern.compile("Latency min/avg/max: [\\d.]+/([\\d.]+)/([\\d.]+)");

    private FourLetterWords() {}

    /** @param server {@code host:port} */
    static Member ask(String server) {
        try {
            String mntr = say(server, "mntr");
            if (mntr.contains("zk_version")) {
                return ofMntr(server, mntr);
            }
            String srvr = say(server, "srvr");
            return srvr.contains(OFF) || srvr.isBlank()
                    ? silent(server, true, Wording.of("zookeeper.no-words"))
                    : ofSrvr(server, srvr);
        } catch (IOException | IllegalArgumentException failed) {
            String why = failed.getMessage() == null ? failed.toString() : failed.getMessage();
            return silent(server, false, Wording.of("zookeeper.no-answer", why));
        }
    }

    private static Member silent(String server, boolean answers, Wording note) {
        return new Member(server, answers, "", "", -1, -1, -1, -1, -1, -1, -1, note);
    }

    static Member ofMntr(String server, String text) {
        Map<String, String> said = new HashMap<>();
        text.lines().forEach(line -> {
            int tab = line.indexOf('\t');
            if (tab > 0) {
                said.put(line.substring(0, tab), line.substring(tab + 1).strip());
            }
        });
        return new Member(
                server,
                true,
                said.getOrDefault("zk_server_state", ""),
                version(said.getOrDefault("zk_version", "")),
                decimal(said.get("zk_avg_latency")),
                decimal(said.get("zk_max_latency")),
                whole(said.get("zk_num_alive_connections")),
                whole(said.get("zk_outstanding_requests")),
                whole(said.get("zk_watch_count")),
                whole(said.get("zk_znode_count")),
                whole(said.get("zk_approximate_data_size")),
                null);
    }

    static Member ofSrvr(String server, String text) {
        Map<String, String> said = new HashMap<>();
        text.lines().forEach(line -> {
            int colon = line.indexOf(": ");
            if (colon > 0) {
                said.put(line.substring(0, colon), line.substring(colon + 2).strip());
            }
        });
        Matcher latency = LATENCY.matcher(text);
        boolean timed = latency.find();
        return new Member(
                server,
                true,
                said.getOrDefault("Mode", ""),
                version(said.getOrDefault("Zookeeper version", "")),
                timed ? decimal(latency.group(1)) : -1,
                timed ? decimal(latency.group(2)) : -1,
                whole(said.get("Connections")),
                whole(said.get("Outstanding")),
                -1,
                whole(said.get("Node count")),
                -1,
                Wording.of("zookeeper.no-mntr"));
    }

    private static String version(String text) {
        int end = text.indexOf('-');
        return end < 0 ? text : text.substring(0, end);
    }

    private static double decimal(String text) {
        try {
            return text == null ? -1 : Double.parseDouble(text);
        } catch (NumberFormatException other) {
            return -1;
        }
    }

    private static long whole(String text) {
        return (long) decimal(text);
    }

    private static String say(String server, String word) throws IOException {
        int colon = server.lastIndexOf(':');
        String host = server.substring(0, colon).replaceAll("^\\[|]$", "");
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, Integer.parseInt(server.substring(colon + 1))), TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
        }
    }
}
