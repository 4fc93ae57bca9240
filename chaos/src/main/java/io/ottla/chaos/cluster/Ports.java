package io.ottla.chaos.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Ports for processes that come and go: below those that Linux gives to outgoing connections, so that none takes them meanwhile. */
final class Ports {
    private static final int FIRST = 12_000;
    private static final int LAST = 32_000;
    private static final int TRIES = 1_000;

    private Ports() {}

    static List<Integer> free(int count) throws IOException {
        Random random = new Random();
        Set<Integer> found = new LinkedHashSet<>();
        for (int i = 0; i < TRIES && found.size() < count; i++) {
            int port = FIRST + random.nextInt(LAST - FIRST);
            if (isFree(port)) {
                found.add(port);
            }
        }
        if (found.size() < count) {
            throw new IOException("Expected " + count + " free ports between " + FIRST + " and " + LAST + ", but found "
                    + found.size());
        }
        return List.copyOf(found);
    }

    private static boolean isFree(int port) {
        // Bound to all addresses, for the proxies have others of the loopback network.
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress((InetAddress) null, port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
