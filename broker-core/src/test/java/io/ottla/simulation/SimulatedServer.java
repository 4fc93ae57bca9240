package io.ottla.simulation;

import io.ottla.api.RequestDispatcher;
import io.ottla.api.RequestSource;
import io.ottla.config.NetworkProperties;
import io.ottla.config.NetworkProperties.Listener;
import io.ottla.network.BrokerServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** The listeners of a broker on a {@link SimulatedNetwork}. */
final class SimulatedServer implements BrokerServer {
    private static final InetAddress NOWHERE = address();

    private final SimulatedNetwork network;
    private final SimulatedProcess process;
    private final String machine;
    private final NetworkProperties properties;
    private final RequestDispatcher dispatcher;
    private final Tampering tampering;
    private final Set<ServedConnection> connections = new LinkedHashSet<>();
    private final List<Runnable> backlog = new ArrayList<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private boolean accepting;
    private boolean closed;

    SimulatedServer(
            SimulatedNetwork network,
            SimulatedProcess process,
            String machine,
            NetworkProperties properties,
            RequestDispatcher dispatcher,
            Tampering tampering) {
        this.network = network;
        this.process = process;
        this.machine = machine;
        this.properties = properties;
        this.dispatcher = dispatcher;
        this.tampering = tampering;
    }

    private static InetAddress address() {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void bind() throws IOException {
        for (Listener listener : properties.listeners()) {
            if (!network.listen(process, machine, listener.port(), link -> opened(listener, link))) {
                throw new IOException(listener + " is taken");
            }
        }
    }

    private void opened(Listener listener, SimulatedLink link) {
        if (accepting) {
            accept(listener, link);
        } else {
            backlog.add(() -> accept(listener, link));
        }
    }

    private void accept(Listener listener, SimulatedLink link) {
        Executor loop = process.thread();
        RequestSource source = new RequestSource(
                listener.name(),
                listener.protocol(),
                listener.name().equals(properties.interBrokerListener()),
                NOWHERE,
                loop);
        ServedConnection[] made = {null};
        made[0] = new ServedConnection(
                link.called(),
                loop,
                process.clock(),
                dispatcher,
                source,
                frame -> {
                    network.asked(frame);
                    return tampering.request(frame);
                },
                () -> forget(made[0]));
        connections.add(made[0]);
        made[0].start();
        if (closed) {
            made[0].stop();
        }
    }

    private void forget(ServedConnection connection) {
        connections.remove(connection);
        if (closed && connections.isEmpty()) {
            stopped.complete(null);
        }
    }

    @Override
    public void startAccepting() {
        accepting = true;
        backlog.forEach(Runnable::run);
        backlog.clear();
    }

    @Override
    public List<String> reconfigure(NetworkProperties changed) {
        return List.of();
    }

    @Override
    public List<Listener> boundListeners() {
        return properties.listeners();
    }

    @Override
    public boolean isListening() {
        return !closed;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (Listener listener : properties.listeners()) {
            network.close(process, machine, listener.port());
        }
        if (!connections.isEmpty()) {
            List.copyOf(connections).forEach(ServedConnection::stop);
            Coroutine.current().await(stopped, properties.limits().stopGraceMs());
        }
        List.copyOf(connections).forEach(ServedConnection::close);
    }
}
