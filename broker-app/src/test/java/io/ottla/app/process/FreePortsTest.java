package io.ottla.app.process;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.config.BrokerConfig;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySourcesPropertyResolver;

class FreePortsTest {
    @TempDir
    Path folder;

    private ServerSocket taken;
    private int port;

    /** A port that nobody has on this machine's other addresses either. */
    @BeforeEach
    void take() throws IOException {
        do {
            release();
            taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
            port = taken.getLocalPort();
        } while (!isFree("127.0.0.2") || !isFree("127.0.0.3"));
    }

    private boolean isFree(String address) throws IOException {
        try (ServerSocket tried = new ServerSocket(port, 1, InetAddress.getByName(address))) {
            return tried.isBound();
        } catch (BindException inUse) {
            return false;
        }
    }

    @AfterEach
    void release() throws IOException {
        if (taken != null) {
            taken.close();
        }
    }

    @Test
    void shouldSayOfEachPortThatItIsInUse() {
        assertThatThrownBy(() -> FreePorts.require(
                        broker("PLAINTEXT://127.0.0.1:" + port, 0),
                        spring(Map.of("server.port", "0", "management.server.port", "" + port))))
                .isInstanceOf(StartFailure.class)
                .hasMessageContainingAll("listeners: ", "management.server.port = " + port + ": ", "it is in use");
        assertThatThrownBy(() ->
                        FreePorts.require(broker("PLAINTEXT://127.0.0.1:0", port), spring(Map.of("server.port", "-1"))))
                .isInstanceOf(StartFailure.class)
                .hasMessageStartingWith("zookeeper.embedded.port: ");
    }

    @Test
    void shouldSayOfAnAddressThatItIsNotThisMachines() {
        assertThatThrownBy(() -> FreePorts.require(
                        broker("PLAINTEXT://127.0.0.1:0", 0),
                        spring(Map.of("server.port", "8080", "server.address", "192.0.2.1"))))
                .hasMessage("server.port = 8080: Expected a free port for the console, but this machine does not have"
                        + " that address; correct it, or server.address");
    }

    @Test
    void shouldTakePortsThatAreFreeOrOfAnotherAddress() {
        assertThatCode(() ->
                        FreePorts.require(broker("PLAINTEXT://127.0.0.1:0", 0), spring(Map.of("server.port", "0"))))
                .doesNotThrowAnyException();
        assertThatCode(() -> FreePorts.require(
                        broker("PLAINTEXT://127.0.0.2:" + port, 0),
                        spring(Map.of("server.port", "" + port, "server.address", "127.0.0.3"))))
                .doesNotThrowAnyException();
    }

    @Test
    void shouldLeaveTheListenersOfABrokerThatWasHereBeforeToZooKeeper() throws IOException {
        Files.writeString(folder.resolve("meta.properties"), "version=0\nbroker.id=1\ncluster.id=c\n");

        assertThatCode(() -> FreePorts.require(
                        broker("PLAINTEXT://127.0.0.1:" + port, 0), spring(Map.of("server.port", "0"))))
                .doesNotThrowAnyException();
    }

    private BrokerConfig broker(String listeners, int zooKeeperPort) {
        return BrokerConfig.of(Map.of(
                "listeners", listeners,
                "zookeeper.embedded.port", Integer.toString(zooKeeperPort),
                "log.dirs", folder.toString()));
    }

    private static PropertySourcesPropertyResolver spring(Map<String, String> settings) {
        MutablePropertySources sources = new MutablePropertySources();
        sources.addFirst(new MapPropertySource("test", new HashMap<>(settings)));
        return new PropertySourcesPropertyResolver(sources);
    }
}
