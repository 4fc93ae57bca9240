package io.ottla.network;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;

/** What stands between the socket and the requests of a listener: the slots of its pipeline. Thread-safe. */
public interface ListenerSecurity {
    /** A new handler that encrypts and decrypts; null where bytes are sent as they are. */
    ChannelHandler tls(Channel channel);

    /** A new handler for SASL's raw tokens (SaslHandshake version 0); null where nobody authenticates. */
    ChannelHandler sasl(Channel channel);

    /** Neither: {@code PLAINTEXT}. */
    static ListenerSecurity plaintext() {
        return Plaintext.INSTANCE;
    }

    /** Sends bytes as they are, to anybody. */
    enum Plaintext implements ListenerSecurity {
        INSTANCE;

        @Override
        public ChannelHandler tls(Channel channel) {
            return null;
        }

        @Override
        public ChannelHandler sasl(Channel channel) {
            return null;
        }
    }
}
