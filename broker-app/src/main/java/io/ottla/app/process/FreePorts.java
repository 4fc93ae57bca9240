package io.ottla.app.process;

import io.ottla.app.zookeeper.EmbeddedZooKeeper;
import io.ottla.broker.Broker;
import io.ottla.config.BrokerConfig;
import io.ottla.config.NetworkProperties.Listener;
import io.ottla.network.ListenProbe;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.springframework.core.env.PropertyResolver;

/**
 * Looks whether all ports that the process is to listen on are free and differ, before anything is made. What is free now
 * may be taken by the time somebody listens, who then says the same.
 */
public final class FreePorts {
    static final String CONSOLE = "server.port";

    private static final String MANAGEMENT = "management.server.port";
    private static final String LOOPBACK = "127.0.0.1";

    private final List<Place> places = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    /** Where something of this process listens, and the setting that says so. */
    private record Place(String setting, InetSocketAddress address) {
        boolean overlaps(Place other) {
            return address.getPort() == other.address.getPort()
                    && !address.isUnresolved()
                    && !other.address.isUnresolved()
                    && (address.getAddress().equals(other.address.getAddress())
                            || address.getAddress().isAnyLocalAddress()
                            || other.address.getAddress().isAnyLocalAddress());
        }
    }

    private FreePorts() {}

    /**
     * Looks at all of them. Blocks where hosts have to be looked up.
     *
     * @param environment Spring's, with the ports of the console
     * @throws StartFailure with a sentence for each that is not free
     */
    public static void require(BrokerConfig config, PropertyResolver environment) {
        FreePorts ports = new FreePorts();
        ports.problems.addAll(Broker.inspectListeners(config));
        for (Listener listener : config.network().listeners()) {
            ports.take("listeners", ListenProbe.address(listener));
        }
        if (config.zooKeeper().embedded()) {
            int port = config.zooKeeper().embeddedPort();
            InetSocketAddress address = new InetSocketAddress(LOOPBACK, port);
            if (ports.take("zookeeper.embedded.port", address)) {
                String why = ListenProbe.refusal(address);
                ports.add(why == null ? null : EmbeddedZooKeeper.refusal(port, why));
            }
        }
        ports.web(CONSOLE, "server.address", environment);
        if (!environment.getProperty(MANAGEMENT, "").equals(environment.getProperty(CONSOLE, ""))) {
            ports.web(MANAGEMENT, "management.server.address", environment);
        }
        if (!ports.problems.isEmpty()) {
            throw new StartFailure(String.join("\n", ports.problems));
        }
    }

    private void web(String setting, String addressSetting, PropertyResolver environment) {
        int port = port(setting, environment);
        if (port <= 0) {
            return;
        }
        String host = environment.getProperty(addressSetting, "");
        InetSocketAddress address = host.isBlank() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
        if (take(setting, address)) {
            String why = ListenProbe.refusal(address);
            add(why == null ? null : console(setting, port, why));
        }
    }

    /** Whether there is anything to be looked at: a port that is not just any free one, and that nobody else here takes. */
    private boolean take(String setting, InetSocketAddress address) {
        if (address.getPort() == 0) {
            return false;
        }
        Place place = new Place(setting, address);
        for (Place other : places) {
            if (!setting.equals(other.setting()) && place.overlaps(other)) {
                add(setting + " = " + address.getPort() + ": Expected a port of its own, but " + other.setting()
                        + " takes that port too; change one of the two");
                return false;
            }
        }
        places.add(place);
        return true;
    }

    private void add(String problem) {
        if (problem != null) {
            problems.add(problem);
        }
    }

    /** A sentence on why the console can't listen. */
    static String console(String setting, int port, String why) {
        return setting + " = " + port + ": Expected a free port for the console, but " + why
                + (why.equals(ListenProbe.IN_USE)
                        ? "; set " + setting + " to another, or stop what listens there"
                        : "; correct it, or " + setting.replace("port", "address"));
    }

    /** Which of the settings has this port. */
    static String settingOf(int port, PropertyResolver environment) {
        return port == port(MANAGEMENT, environment) && port != port(CONSOLE, environment) ? MANAGEMENT : CONSOLE;
    }

    /** -1 where there is none; Spring says what is wrong with one that is no number. */
    private static int port(String setting, PropertyResolver environment) {
        try {
            return Integer.parseInt(environment.getProperty(setting, "-1").strip());
        } catch (NumberFormatException noNumber) {
            return -1;
        }
    }
}
