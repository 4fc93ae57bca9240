package io.ottla.network;

import io.netty.channel.Channel;
import io.ottla.types.Shown;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the log says of one connection, under the connection's own name. Peers can cause such lines at will: those that are
 * for the operator are bounded for all connections together.
 */
final class ConnectionLog {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final ServerContext server;
    private final ServerListener listener;
    private final Channel channel;

    ConnectionLog(ServerContext server, ServerListener listener, Channel channel) {
        this.server = server;
        this.listener = listener;
        this.channel = channel;
    }

    /** It ends since the peer sent what can't be answered. */
    void refused(String why) {
        server.logLine(more -> LOG.warn(
                "Closing the connection of {} on {}: {}{}",
                channel.remoteAddress(),
                listener.name(),
                Shown.sentence(why),
                more));
    }

    /** It ends since an answer can't be brought to its end. */
    void unreadable(IOException failure) {
        server.logLine(more -> LOG.warn(
                "Closing the connection of {} on {}: the log could not be read: {}{}",
                channel.remoteAddress(),
                listener.name(),
                failure.toString(),
                more));
    }

    /** It ends since something was thrown, by the socket or by a bug. */
    void failed(Throwable failure) {
        if (failure instanceof IOException) {
            LOG.debug("Connection of {} broke: {}", channel.remoteAddress(), failure.toString());
        } else {
            server.logLine(
                    more -> LOG.error("Connection of {} is closed by a bug{}", channel.remoteAddress(), more, failure));
        }
    }

    /** It ends since nothing came for long. */
    void idle() {
        LOG.debug("Closing the connection of {}: it is idle", channel.remoteAddress());
    }
}
